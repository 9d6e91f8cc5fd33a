import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Outlet, useRouterState } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { listen, useConnected } from '../api/live.ts';
import { groupsQuery } from '../api/queries.ts';
import { Deeds } from '../parts/act.tsx';
import { useKeys } from '../parts/keys.ts';
import { useNarrow } from '../parts/media.ts';
import { useGo } from '../parts/To.tsx';
import { Toasts } from '../parts/toasts.tsx';
import { BottomBar } from './BottomBar.tsx';
import { Header } from './Header.tsx';
import { KeysSheet } from './KeysSheet.tsx';
import { allPlaces } from './nav.ts';
import { Palette } from './Palette.tsx';
import { Sidebar } from './Sidebar.tsx';

/** The frame of every screen: where one may go, what time it is, and what can be asked for from anywhere. */
export function Shell() {
  const client = useQueryClient();
  const [palette, setPalette] = useState(false);
  const [keys, setKeys] = useState(false);
  const narrow = useNarrow();
  const waiting = useWaiting();
  const go = useGo();
  useEffect(() => listen(client), [client]);
  useKeys({
    'mod+k': () => setPalette(true),
    '?': () => setKeys(true),
    ...Object.fromEntries(allPlaces.map(({ href, key }) => [`g ${key}`, () => go(href)])),
  });
  return (
    <Deeds>
      <a className="skip" href="#main">
        Skip to content
      </a>
      <div className="shell">
        {narrow ? null : <Sidebar waiting={waiting} />}
        <div className="shell-main">
          <Header onSearch={() => setPalette(true)} onKeys={() => setKeys(true)} />
          <Offline />
          <Main />
        </div>
        {narrow ? <BottomBar waiting={waiting} onSearch={() => setPalette(true)} /> : null}
      </div>
      <Palette open={palette} onClose={() => setPalette(false)} onKeys={() => setKeys(true)} />
      <KeysSheet open={keys} onClose={() => setKeys(false)} />
      <Toasts />
      {/* Menus float here, so that they too are inside a landmark. */}
      <section id="float" aria-label="Open menu" />
    </Deeds>
  );
}

function Main() {
  const path = useRouterState({ select: ({ location }) => location.pathname });
  useEffect(() => {
    const place = allPlaces.find(({ href }) => href !== '/' && path.startsWith(href));
    document.title = place ? `${place.label} · Stockless` : 'Stockless';
  }, [path]);
  return (
    <main id="main" className="main" tabIndex={-1}>
      <Outlet />
    </main>
  );
}

/** How many things wait for a person. */
function useWaiting(): number {
  const groups = useQuery(groupsQuery({ state: 'open' }));
  return groups.data?.data.reduce((sum, { count }) => sum + count, 0) ?? 0;
}

function Offline() {
  const connected = useConnected();
  if (connected) return null;
  return (
    <p className="strip strip-wait" role="status">
      The live connection is gone; what you see may be old. It is tried again by itself.
    </p>
  );
}
