import { useRouterState } from '@tanstack/react-router';
import { useState } from 'react';
import { Dialog } from '../parts/Dialog.tsx';
import { Icon } from '../parts/Icon.tsx';
import { showCount } from '../parts/format.ts';
import { To } from '../parts/To.tsx';
import { allPlaces, isHere } from './nav.ts';

const front = ['/', '/orders', '/inbox'];

/** On a phone: the three that are used standing, search, and the rest. */
export function BottomBar({ waiting, onSearch }: { waiting: number; onSearch: () => void }) {
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const [more, setMore] = useState(false);
  const first = front.flatMap((href) => allPlaces.filter((place) => place.href === href));
  const rest = allPlaces.filter(({ href }) => !front.includes(href));
  return (
    <nav className="bottom" aria-label="Main">
      {first.map(({ href, label, icon }) => (
        <To key={href} href={href} className={isHere(href, path) ? 'bottom-link here' : 'bottom-link'}>
          <Icon name={icon} />
          {label}
          {href === '/inbox' && waiting > 0 ? (
            <span className="bottom-count num">
              {showCount(waiting)}
              <span className="hidden"> waiting</span>
            </span>
          ) : null}
        </To>
      ))}
      <button type="button" className="bottom-link" onClick={onSearch}>
        <Icon name="search" />
        Search
      </button>
      <button
        type="button"
        className={rest.some(({ href }) => isHere(href, path)) ? 'bottom-link here' : 'bottom-link'}
        onClick={() => setMore(true)}
      >
        <Icon name="more" />
        More
      </button>
      <Dialog open={more} title="More" onClose={() => setMore(false)}>
        <ul className="more-list">
          {rest.map(({ href, label, icon }) => (
            <li key={href}>
              <To href={href} className="more-link" onGo={() => setMore(false)}>
                <Icon name={icon} />
                {label}
              </To>
            </li>
          ))}
        </ul>
      </Dialog>
    </nav>
  );
}
