/**
 * The *API* is the one public face of the program: what the console, a script and another system use alike. A *route* says what
 * right it needs and what it answers; a *caller* is a person with a session or a key with scopes, always of one tenant.
 */
export { actionsOf } from './deps.ts';
export type { Act, ActionKind, ApiDeps, Asked, Demo, FeedImport, Outcome } from './deps.ts';
export type { FeedDesk, LookedAtFeed } from './deps-feeds.ts';
export type * from './schemas.ts';
export type * from './schemas-feeds.ts';
export type * from './schemas-orders.ts';
export type * from './schemas-parts.ts';
export type * from './schemas-parties.ts';
export type * from './schemas-listings.ts';
export { stockSaid } from './show-listings.ts';
export type * from './schemas-matches.ts';
export type * from './schemas-pricing.ts';
export type * from './schemas-session.ts';
export type * from './schemas-variants.ts';
export type * from './schemas-work.ts';
export { apiPlugin } from './plugin.ts';
