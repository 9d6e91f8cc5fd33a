import { type Static, Type } from 'typebox';
import { countDue, listUndo, matchSettings } from '#modules/catalog';
import {
  countMatches,
  countUnmatched,
  listMatches,
  listUnmatched,
  type MatchFilter,
  mostUnmatched,
  sampleMatches,
  searchVariants,
} from '#modules/insight';
import { acts } from './act.ts';
import { idOf, listed } from './check.ts';
import { pagingOf, reads, type Rooms } from './route.ts';
import { List, ListQuery, Text } from './schemas.ts';
import { MatchRow, MatchSummary, UndoShown, UnmatchedRow, VariantFound } from './schemas-matches.ts';
import { pageOf } from './show.ts';
import { matchOf, undoOf, unmatchedOf, variantFound } from './show-matches.ts';

const of = 'Matches';
const needs = 'catalog:read';

const filters = {
  state: Type.Optional(
    Text(100, { description: 'One or several of suggested, confirmed, rejected and broken, with commas; suggested when left out' }),
  ),
  certainty: Type.Optional(Text(100, { description: 'One or several of exact, likely, possible and conflict, with commas' })),
  rule: Type.Optional(Type.Enum(['gtin', 'sku', 'mpn', 'likeness', 'person'])),
  supplier: Type.Optional(Text(60)),
  offer: Type.Optional(Text(60)),
  variant: Type.Optional(Text(60)),
  warning: Type.Optional(Text(40, { description: 'Only those that this speaks against: pack, price, gtin-twice …' })),
};
const Query = ListQuery(filters);
const SampleQuery = Type.Object(filters, { additionalProperties: false });
const OfSupplier = Type.Object({ supplier: Type.Optional(Text(60)) }, { additionalProperties: false });

function filterOf({ state, certainty, rule, supplier, offer, variant, warning }: Static<typeof SampleQuery>): MatchFilter {
  const certainties = listed(certainty);
  return {
    state: listed(state) ?? ['suggested'],
    ...(certainties ? { certainty: certainties } : {}),
    ...(rule === undefined ? {} : { rule }),
    ...(supplier === undefined ? {} : { supplier: idOf('supplier', supplier, 'supplier') }),
    ...(offer === undefined ? {} : { offer: idOf('offer', offer, 'offer') }),
    ...(variant === undefined ? {} : { variant: idOf('variant', variant, 'variant') }),
    ...(warning === undefined ? {} : { warning }),
  };
}

export function matchRoutes(rooms: Rooms): void {
  lookRoutes(rooms);
  const about = { needs: 'catalog:write', of, kind: 'match' } as const;
  acts(rooms, '/matches/approve', { ...about, summary: 'Say that offers are these variants', action: 'approve' });
  acts(rooms, '/matches/approve-group', { ...about, summary: 'Approve all of one certainty and rule', action: 'approve-group' });
  acts(rooms, '/matches/reject', { ...about, summary: 'Say that offers are not these variants; they never come again', action: 'reject' });
  acts(rooms, '/matches/create', { ...about, summary: 'Make a variant of an offer', action: 'create' });
  acts(rooms, '/matches/run', { ...about, summary: 'Look at all offers again', action: 'run' });
  acts(rooms, '/matches/settings', { ...about, method: 'PUT', summary: 'How offers are matched', action: 'settings' });
  acts(rooms, '/undo/:id', { ...about, kind: 'undo', summary: 'Take a bulk change back within its quarter of an hour', action: 'undo' });
  reads(rooms, '/undo', { needs, summary: 'Bulk changes that can still be taken back', of, answer: List(UndoShown) }, async (tx) => ({
    data: (await listUndo(tx)).map(undoOf),
    next: null,
  }));
}

function lookRoutes(rooms: Rooms): void {
  reads(
    rooms,
    '/matches/summary',
    { needs, summary: 'How many matches there are, by certainty and rule', of, query: OfSupplier, answer: MatchSummary },
    async (tx, { query }) => {
      const supplier = query.supplier === undefined ? undefined : idOf('supplier', query.supplier, 'supplier');
      const { auto_exact, cost_least, cost_most } = await matchSettings(tx);
      const unmatched = await countUnmatched(tx, supplier);
      return {
        groups: (await countMatches(tx, supplier)).map((group) => ({ ...group, certainty: group.certainty as '' })),
        unmatched: { count: Math.min(unmatched, mostUnmatched), isMore: unmatched > mostUnmatched },
        due: await countDue(tx),
        settings: { autoExact: auto_exact, costLeast: cost_least, costMost: cost_most },
        undo: (await listUndo(tx)).filter(({ kind }) => kind.startsWith('matches.')).map(undoOf),
      };
    },
  );
  reads(
    rooms,
    '/matches',
    { needs, summary: 'Offers beside what they may be, the surest first', of, query: Query, answer: List(MatchRow) },
    async (tx, { query }) => pageOf(await listMatches(tx, filterOf(query), pagingOf(query)), matchOf),
  );
  reads(
    rooms,
    '/matches/sample',
    { needs, summary: 'Five of a group, spread over it', of, query: SampleQuery, answer: List(MatchRow) },
    async (tx, { query }) => ({ data: (await sampleMatches(tx, filterOf(query))).map(matchOf), next: null }),
  );
  reads(
    rooms,
    '/matches/unmatched',
    {
      needs,
      summary: 'Offers of which nobody knows what they are',
      of,
      query: ListQuery({ supplier: Type.Optional(Text(60)) }),
      answer: List(UnmatchedRow),
    },
    async (tx, { query }) => {
      const supplier = query.supplier === undefined ? {} : { supplier: idOf('supplier', query.supplier, 'supplier') };
      return pageOf(await listUnmatched(tx, supplier, pagingOf(query)), unmatchedOf);
    },
  );
  reads(
    rooms,
    '/matches/variants',
    {
      needs,
      summary: 'Find a variant by SKU, GTIN or words of its title',
      of,
      query: Type.Object({ q: Type.Optional(Text(200)) }, { additionalProperties: false }),
      answer: List(VariantFound),
    },
    async (tx, { query }) => ({
      // Nothing was asked for, so nothing is found.
      data: query.q ? (await searchVariants(tx, query.q)).map(variantFound) : [],
      next: null,
    }),
  );
}
