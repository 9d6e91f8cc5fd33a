/** One set, 16 px, a stroke of 1.5. An icon stands beside words; alone it needs its button's label. */
const paths = {
  home: 'M2.5 7.5 8 3l5.5 4.5M4 6.5V13h8V6.5M6.75 13V9.5h2.5V13',
  inbox: 'M2.5 9.5 4 3.5h8l1.5 6v3h-11zM2.5 9.5h3.25c.25 1 1 1.75 2.25 1.75s2-.75 2.25-1.75h3.25',
  orders: 'M3 5.5h10l-.75 8h-8.5zM5.5 5.5V5a2.5 2.5 0 0 1 5 0v.5',
  purchases: 'M4 2.5h5.5l2.5 2.5v8.5H4zM9.5 2.5V5H12M6 8h4M6 10.5h4',
  suppliers: 'M2.5 13V6.5l3.5 2V6.5l3.5 2V3h4v10zM5 11h1M8 11h1M11 11h.5',
  feeds: 'M3 4h10M3 8h10M3 12h5M12 9.75v4.5M9.75 12l2.25 2.25L14.25 12',
  matches: 'M6.5 9.5 9.5 6.5M7 4.5l1-1a2.8 2.8 0 0 1 4 4l-1 1M9 11.5l-1 1a2.8 2.8 0 0 1-4-4l1-1',
  pricing: 'M2.5 3h5l6 6-5 5-6-6zM5.25 5.75h.01',
  catalog: 'M2.5 3.5h4.5v4.5H2.5zM9 3.5h4.5v4.5H9zM2.5 10h4.5v3.5H2.5zM9 10h4.5v3.5H9z',
  offers: 'M2.5 5 8 2.5 13.5 5v6L8 13.5 2.5 11zM2.5 5 8 7.5 13.5 5M8 7.5v6',
  listings: 'M3 6.5 4 3h8l1 3.5M3 6.5a1.75 1.75 0 0 0 3.33 0 1.75 1.75 0 0 0 3.34 0 1.75 1.75 0 0 0 3.33 0M4 8.5V13h8V8.5',
  connections: 'M6 2.5v3M10 2.5v3M4.5 5.5h7v2a3.5 3.5 0 0 1-7 0zM8 11v2.5',
  settings: 'M2.5 4.5h6M11.5 4.5h2M2.5 11.5h2M7.5 11.5h6M10 3v3M6 10v3',
  search: 'M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9M10.25 10.25l3.25 3.25',
  more: 'M3.5 8h.01M8 8h.01M12.5 8h.01',
  close: 'm4 4 8 8M12 4l-8 8',
  down: 'm4.5 6.5 3.5 3.5 3.5-3.5',
  right: 'm6.5 4.5 3.5 3.5-3.5 3.5',
  left: 'M9.5 4.5 6 8l3.5 3.5',
  check: 'm3.5 8.5 3 3 6-7',
  out: 'M6.5 3.5h-3v9h9v-3M9 3h4v4M13 3 7.5 8.5',
  play: 'M5 3.5v9l7.5-4.5z',
  pause: 'M5.5 3.5v9M10.5 3.5v9',
  bolt: 'M9 2 4 9h3.5L7 14l5-7H8.5z',
  filter: 'M2.5 4h11M4.5 8h7M6.5 12h3',
  sun: 'M8 10.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5M8 1.5v1.25M8 13.25v1.25M1.5 8h1.25M13.25 8h1.25M3.4 3.4l.9.9M11.7 11.7l.9.9M3.4 12.6l.9-.9M11.7 4.3l.9-.9',
  moon: 'M13 9.5A5.5 5.5 0 0 1 6.5 3 5.5 5.5 0 1 0 13 9.5',
  screen: 'M2.5 3.5h11v7h-11zM6 13.5h4M8 10.5v3',
  side: 'M2.5 3.5h11v9h-11zM6 3.5v9',
  clock: 'M8 13.5a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11M8 5v3l2 1.5',
  copy: 'M5.5 5.5h7v7h-7zM10.5 5.5v-2h-7v7h2',
  keys: 'M2 4.5h12v7H2zM4.5 7h.01M7 7h.01M9.5 7h.01M11.75 7h.01M5 9.5h6',
} as const;
export type IconName = keyof typeof paths;

export const Icon = ({ name }: { name: IconName }) => (
  <svg className="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
    <path d={paths[name]} />
  </svg>
);

export const Mark = () => (
  <svg className="mark" viewBox="0 0 16 16" width="20" height="20" aria-hidden="true" focusable="false">
    <rect width="16" height="16" rx="4" />
    <path d="M4 5.5 8 3.5l4 2-4 2zM4 8l4 2 4-2M4 10.5l4 2 4-2" />
  </svg>
);
