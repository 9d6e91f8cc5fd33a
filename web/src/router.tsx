import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { Skeleton } from './parts/States.tsx';
import { Broken, NotFound } from './shell/Broken.tsx';
import { Shell } from './shell/Shell.tsx';

/** Every screen has an address, and the address holds what is filtered and what is open beside the list. */
export type Search = Readonly<Record<string, string>>;

const texts = (given: Record<string, unknown>): Search =>
  Object.fromEntries(Object.entries(given).filter((entry): entry is [string, string] => typeof entry[1] === 'string' && entry[1] !== ''));

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound, validateSearch: texts });
const at = <P extends string>(path: P) => ({ getParentRoute: () => root, path }) as const;

const routes = [
  createRoute({ ...at('/'), component: lazyRouteComponent(() => import('./screens/home/Home.tsx'), 'HomePage') }),
  createRoute({ ...at('/inbox'), component: lazyRouteComponent(() => import('./screens/inbox/Inbox.tsx'), 'InboxPage') }),
  createRoute({ ...at('/orders'), component: lazyRouteComponent(() => import('./screens/orders/Orders.tsx'), 'OrdersPage') }),
  createRoute({ ...at('/orders/$id'), component: lazyRouteComponent(() => import('./screens/orders/OrderPage.tsx'), 'OrderPage') }),
  createRoute({ ...at('/purchases'), component: lazyRouteComponent(() => import('./screens/purchases/Purchases.tsx'), 'PurchasesPage') }),
  createRoute({
    ...at('/purchases/$id'),
    component: lazyRouteComponent(() => import('./screens/purchases/PurchasePage.tsx'), 'PurchasePage'),
  }),
  createRoute({ ...at('/suppliers'), component: lazyRouteComponent(() => import('./screens/suppliers/Suppliers.tsx'), 'SuppliersPage') }),
  createRoute({
    ...at('/suppliers/$id'),
    component: lazyRouteComponent(() => import('./screens/suppliers/SupplierPage.tsx'), 'SupplierPage'),
  }),
  createRoute({ ...at('/feeds'), component: lazyRouteComponent(() => import('./screens/feeds/Feeds.tsx'), 'FeedsPage') }),
  createRoute({ ...at('/feeds/$id'), component: lazyRouteComponent(() => import('./screens/feeds/FeedPage.tsx'), 'FeedPage') }),
  createRoute({ ...at('/feeds/$id/setup'), component: lazyRouteComponent(() => import('./screens/feeds/Wizard.tsx'), 'FeedWizardPage') }),
  createRoute({ ...at('/feeds/runs/$id'), component: lazyRouteComponent(() => import('./screens/feeds/RunPage.tsx'), 'FeedRunPage') }),
  createRoute({
    ...at('/connections'),
    component: lazyRouteComponent(() => import('./screens/connections/Connections.tsx'), 'ConnectionsPage'),
  }),
  createRoute({
    ...at('/connections/$id'),
    component: lazyRouteComponent(() => import('./screens/connections/ChannelPage.tsx'), 'ChannelPage'),
  }),
  createRoute({ ...at('/catalog'), component: lazyRouteComponent(() => import('./screens/catalog/Catalog.tsx'), 'CatalogPage') }),
  createRoute({ ...at('/catalog/sheet'), component: lazyRouteComponent(() => import('./screens/catalog/Sheet.tsx'), 'SheetPage') }),
  createRoute({ ...at('/offers'), component: lazyRouteComponent(() => import('./screens/offers/Offers.tsx'), 'OffersPage') }),
  createRoute({ ...at('/listings'), component: lazyRouteComponent(() => import('./screens/listings/Listings.tsx'), 'ListingsPage') }),
  createRoute({ ...at('/matches'), component: lazyRouteComponent(() => import('./screens/matches/Matches.tsx'), 'MatchesPage') }),
  createRoute({ ...at('/pricing'), component: lazyRouteComponent(() => import('./screens/pricing/Pricing.tsx'), 'PricingPage') }),
  createRoute({ ...at('/settings'), component: lazyRouteComponent(() => import('./screens/settings/Settings.tsx'), 'SettingsPage') }),
] as const;

export const router = createRouter({
  routeTree: root.addChildren([...routes]),
  parseSearch: (search) => Object.fromEntries(new URLSearchParams(search)),
  stringifySearch: (search) => {
    const text = new URLSearchParams(texts(search)).toString();
    return text === '' ? '' : `?${text}`;
  },
  defaultPreload: 'intent',
  scrollRestoration: true,
  defaultPendingMs: 150,
  defaultPendingComponent: () => <Skeleton rows={10} />,
  defaultErrorComponent: Broken,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
