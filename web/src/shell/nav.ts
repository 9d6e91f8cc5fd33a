import type { IconName } from '../parts/Icon.tsx';

export interface Place {
  href: string;
  label: string;
  icon: IconName;
  /** After G. */
  key: string;
}

/** In the order of the work: what needs a person, what is sold, what is bought; then whom we deal with; then the workings. */
export const places: readonly (readonly Place[])[] = [
  [
    { href: '/', label: 'Home', icon: 'home', key: 'h' },
    { href: '/inbox', label: 'Inbox', icon: 'inbox', key: 'x' },
    { href: '/orders', label: 'Orders', icon: 'orders', key: 'o' },
    { href: '/purchases', label: 'Purchase orders', icon: 'purchases', key: 'b' },
  ],
  [
    { href: '/catalog', label: 'Catalog', icon: 'catalog', key: 'c' },
    { href: '/listings', label: 'Listings', icon: 'listings', key: 'i' },
    { href: '/pricing', label: 'Pricing', icon: 'pricing', key: 'p' },
  ],
  [
    { href: '/feeds', label: 'Feeds', icon: 'feeds', key: 'd' },
    { href: '/offers', label: 'Offers', icon: 'offers', key: 'f' },
    { href: '/matches', label: 'Matches', icon: 'matches', key: 'm' },
  ],
  [{ href: '/suppliers', label: 'Suppliers', icon: 'suppliers', key: 's' }],
  [
    { href: '/connections', label: 'Connections', icon: 'connections', key: 'n' },
    { href: '/settings', label: 'Settings', icon: 'settings', key: ',' },
  ],
];

export const allPlaces: readonly Place[] = places.flat();

/** Whether a place's link is the one that is lit at this path. */
export const isHere = (href: string, path: string): boolean => (href === '/' ? path === '/' : path === href || path.startsWith(`${href}/`));
