import { useQuery } from '@tanstack/react-query';
import { useRouterState } from '@tanstack/react-router';
import { useState } from 'react';
import { meQuery } from '../api/queries.ts';
import { Icon, Mark } from '../parts/Icon.tsx';
import { showCount } from '../parts/format.ts';
import { To } from '../parts/To.tsx';
import { isHere, type Place, places } from './nav.ts';

const key = 'stockless.sidebar';
const remembered = (): boolean => {
  try {
    return localStorage.getItem(key) === 'small';
  } catch {
    return false;
  }
};

export function Sidebar({ waiting }: { waiting: number }) {
  const [small, setSmall] = useState(remembered);
  const me = useQuery(meQuery);
  const toggle = (): void => {
    setSmall(!small);
    try {
      localStorage.setItem(key, small ? 'wide' : 'small');
    } catch {
      // It is wide again next time.
    }
  };
  return (
    <nav className={small ? 'sidebar sidebar-small' : 'sidebar'} aria-label="Main">
      <p className="brand">
        <Mark />
        <span className="sidebar-word">{me.data?.tenant.name ?? 'Stockless'}</span>
      </p>
      {places.map((group) => (
        <ul key={group[0]?.href} className="sidebar-group">
          {group.map((place) => (
            <li key={place.href}>
              <Entry place={place} count={place.href === '/inbox' ? waiting : 0} small={small} />
            </li>
          ))}
        </ul>
      ))}
      <button type="button" className="sidebar-fold" aria-pressed={small} onClick={toggle}>
        <Icon name="side" />
        <span className="sidebar-word">{small ? 'Widen' : 'Fold'}</span>
      </button>
    </nav>
  );
}

function Entry({ place, count, small }: { place: Place; count: number; small: boolean }) {
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const here = isHere(place.href, path);
  return (
    <To href={place.href} className={here ? 'sidebar-link here' : 'sidebar-link'}>
      <Icon name={place.icon} />
      <span className={small ? 'hidden' : 'sidebar-word'}>{place.label}</span>
      {count > 0 ? (
        <span className="sidebar-count num">
          {showCount(count)}
          <span className="hidden"> waiting</span>
        </span>
      ) : null}
    </To>
  );
}
