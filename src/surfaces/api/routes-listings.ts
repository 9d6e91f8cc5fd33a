import { Type } from 'typebox';
import { availabilityPolicy } from '#modules/catalog';
import { listListings, listShelves } from '#modules/insight';
import { acts } from './act.ts';
import { idOf } from './check.ts';
import { pagingOf, reads, type Rooms } from './route.ts';
import { List, ListQuery, Text } from './schemas.ts';
import { AvailabilityShown, ListingRow, ShelfRow } from './schemas-listings.ts';
import { maybeAt, pageOf } from './show.ts';
import { listingOf, shelfOf } from './show-listings.ts';

const of = 'Listings';
const needs = 'catalog:read';

const Query = ListQuery({
  channel: Type.Optional(Text(60)),
  variant: Type.Optional(Text(60)),
  state: Type.Optional(
    Type.Enum(['stale', 'refused', 'empty'], {
      description: 'stale: not told yet; refused: the store did not take it; empty: none to sell',
    }),
  ),
  q: Type.Optional(Text(200, { description: 'Beginning of its SKU in the store' })),
});

export function listingRoutes(rooms: Rooms): void {
  const about = { needs: 'catalog:write', of, kind: 'listing' } as const;
  reads(
    rooms,
    '/listings',
    { needs, summary: 'What each store should show, what it was told, and why', of, query: Query, answer: List(ListingRow) },
    async (tx, { query }) => {
      const { channel, variant, state, q } = query;
      const filter = {
        ...(channel === undefined ? {} : { channel: idOf('channel', channel, 'channel') }),
        ...(variant === undefined ? {} : { variant: idOf('variant', variant, 'variant') }),
        ...(state === undefined ? {} : { state }),
        ...(q === undefined ? {} : { q }),
      };
      return pageOf(await listListings(tx, filter, pagingOf(query)), listingOf);
    },
  );
  reads(rooms, '/listings/shelves', { needs, summary: 'How each store stands', of, answer: List(ShelfRow) }, async (tx) => ({
    data: (await listShelves(tx)).map(shelfOf),
    next: null,
  }));
  acts(rooms, '/listings', { ...about, summary: 'Say which variant stands behind a SKU of a store', action: 'link' });
  acts(rooms, '/listings/tell-again', { ...about, summary: 'Say once more what a store refused', action: 'tell-again' });
  acts(rooms, '/listings/read', { ...about, summary: "Read a store's own figures now", action: 'read' });
  acts(rooms, '/listings/recount', { ...about, summary: 'Count every listing anew', action: 'recount' });
  reads(
    rooms,
    '/availability',
    { needs, summary: 'How stock becomes the figure that a store shows', of, answer: AvailabilityShown },
    async (tx) => {
      const { version, policy, changed_at, changed_by } = await availabilityPolicy(tx);
      return { version, policy, changedAt: maybeAt(changed_at), changedBy: changed_by };
    },
  );
  acts(rooms, '/availability', {
    ...about,
    kind: 'availability',
    method: 'PUT',
    summary: 'Change it; a dry run says how many listings would show another figure',
    action: 'save',
  });
}
