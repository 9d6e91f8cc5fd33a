import type { QueryClient } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';

/** Live: facts make what is shown stale, ticks turn the clock. One stream for the whole console. */

export interface LiveFact {
  id: string;
  type: string;
  order: string | null;
}

/** Which answers a fact makes stale, by the first word of their query keys. */
export function staleBy(type: string): readonly string[] {
  const [about = ''] = type.split('.');
  switch (about) {
    case 'order':
      return ['orders', 'home', 'exceptions'];
    case 'purchase':
    case 'change':
      return ['purchases', 'orders', 'home', 'exceptions', 'suppliers'];
    case 'parcel':
      return ['orders', 'purchases', 'home', 'exceptions'];
    case 'message':
      return ['orders', 'exceptions'];
    case 'exception':
      return ['exceptions', 'home'];
    case 'feed':
      return ['feeds', 'catalog', 'matches', 'suppliers', 'home', 'exceptions'];
    case 'matches':
      return ['matches', 'listings', 'home'];
    case 'variants':
      return ['catalog', 'matches', 'listings'];
    case 'prices':
      return ['pricing', 'listings'];
    case 'supplier':
      return ['suppliers', 'home', 'exceptions'];
    case 'channel':
    case 'arrival':
      return ['channels', 'arrivals', 'home', 'exceptions'];
    case 'policy':
      return ['orders', 'home'];
    default:
      return ['home'];
  }
}

let now = '';
let connected = true;
const listeners = new Set<() => void>();
const tell = (): void => {
  for (const listener of listeners) listener();
};
const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export function setNow(iso: string): void {
  if (iso === now) return;
  now = iso;
  tell();
}

/** The program's present, which in the demo is not the viewer's. Components that show ages follow it. */
export const useNow = (): string => useSyncExternalStore(subscribe, () => now);
export const useConnected = (): boolean => useSyncExternalStore(subscribe, () => connected);

/** Facts come in bursts, so their effects are gathered: screens follow within this time and ask once. */
const gatherMs = 1_200;

export function listen(client: QueryClient): () => void {
  const source = new EventSource('/v1/events');
  let gathered = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const refresh = (): void => {
    const stale = gathered;
    gathered = new Set();
    timer = undefined;
    void client.invalidateQueries({ predicate: ({ queryKey }) => stale.has(String(queryKey[0])) });
  };
  source.addEventListener('fact', (event) => {
    const { type } = JSON.parse((event as MessageEvent<string>).data) as LiveFact;
    for (const word of staleBy(type)) gathered.add(word);
    timer ??= setTimeout(refresh, gatherMs);
  });
  source.addEventListener('tick', (event) => setNow((JSON.parse((event as MessageEvent<string>).data) as { now: string }).now));
  source.addEventListener('open', () => {
    if (!connected) void client.invalidateQueries();
    connected = true;
    tell();
  });
  source.addEventListener('error', () => {
    connected = false;
    tell();
  });
  return () => {
    source.close();
    clearTimeout(timer);
  };
}
