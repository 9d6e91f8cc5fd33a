import { Type } from 'typebox';
import { makePriceDesk } from '#flows/pricing';
import { showId } from '#kernel/id';
import {
  draftPricePolicy,
  livePricePolicy,
  type PricePolicy,
  pricePolicyVersions,
  previewPrices,
  previewToPublish,
  publications,
  ratesOf,
  whyPrice,
} from '#modules/catalog';
import { listPriceProblems, listPrices, suppliersOf } from '#modules/insight';
import type { Tx } from '#platform/db';
import { acts } from './act.ts';
import { idOf } from './check.ts';
import { callerIn, pagingOf, reads, route, type Rooms } from './route.ts';
import { List, ListQuery, Text } from './schemas.ts';
import {
  PricePreviewAsk,
  PriceFacets,
  PricePolicies,
  PricePreview,
  PriceProblemRow,
  PriceRow,
  type PriceRules,
  PriceWhy,
  PublicationRow,
  RateRow,
} from './schemas-pricing.ts';
import { maybeAt, pageOf } from './show.ts';
import { previewOf, priceOf, priceProblemOf, publicationOf, whyOf } from './show-pricing.ts';

const of = 'Pricing';
const needs = 'catalog:read';

export function pricingRoutes(rooms: Rooms): void {
  previewRoutes(rooms);
  ruleRoutes(rooms);
  listingRoutes(rooms);
  const about = { needs: 'catalog:write', of, kind: 'price' } as const;
  acts(rooms, '/pricing/draft', { ...about, method: 'PUT', summary: 'Write the draft of the price rules', action: 'draft' });
  acts(rooms, '/pricing/publish', { ...about, summary: 'Publish what was previewed, now or at a moment', action: 'publish' });
  acts(rooms, '/pricing/publications/:id/undo', { ...about, summary: 'Take a publication back, or off the schedule', action: 'undo' });
  acts(rooms, '/pricing/rates', { ...about, method: 'PUT', summary: 'Type an exchange rate', action: 'rate' });
  acts(rooms, '/pricing/problems/accept', {
    ...about,
    summary: 'Believe costs and prices that moved far, and price these listings by them',
    action: 'accept',
  });
}

type Kept = Awaited<ReturnType<typeof livePricePolicy>>;
const rulesOf = (kept: Kept): PriceRules => ({
  version: kept.version,
  state: kept.state,
  note: kept.note,
  createdAt: maybeAt(kept.created_at),
  publishedAt: maybeAt(kept.published_at),
  policy: kept.policy,
});

function ruleRoutes(rooms: Rooms): void {
  reads(
    rooms,
    '/pricing/rules',
    { needs, summary: 'The live price rules, the draft, and the versions before', of, answer: PricePolicies },
    async (tx) => {
      const draft = await draftPricePolicy(tx);
      return {
        live: rulesOf(await livePricePolicy(tx)),
        draft: draft && rulesOf(draft),
        versions: (await pricePolicyVersions(tx)).map(({ version, state, note, published_at }) => ({
          version,
          state,
          note,
          publishedAt: maybeAt(published_at),
        })),
      };
    },
  );
  reads(rooms, '/pricing/rates', { needs, summary: 'Exchange rates, the newest of each pair', of, answer: List(RateRow) }, async (tx) => ({
    data: (await ratesOf(tx)).map(({ rate, ...one }) => ({ ...one, rate: decimalOf(rate) })),
    next: null,
  }));
  reads(
    rooms,
    '/pricing/publications',
    { needs, summary: 'The newest fifty publications', of, answer: List(PublicationRow) },
    async (tx) => ({ data: (await publications(tx, 50)).map(publicationOf), next: null }),
  );
}

const decimalOf = (scaled: bigint): string =>
  `${scaled / 100_000_000n}.${(scaled % 100_000_000n).toString().padStart(8, '0')}`.replace(/\.?0+$/, '');

function previewRoutes(rooms: Rooms): void {
  const { deps } = rooms;
  const desk = makePriceDesk();
  // Between some thousands of listings others get their turn.
  const pause = (): Promise<void> => deps.sleep(0);
  reads(
    rooms,
    '/pricing/facets',
    { needs, summary: 'What rules can name, with how many listings have it', of, answer: PriceFacets },
    async (tx) => {
      const { facts } = await desk.facts(tx);
      return {
        listings: facts.size,
        suppliers: (await suppliersOf(tx)).map(({ code, name }) => ({ code, name })),
        channels: facts.channels.map(({ id, code, currency }) => ({ id: showId('channel', id), code, currency })),
        brands: facetsOf(facts.brands),
        categories: facetsOf(facts.categories),
        tags: facetsOf(facts.tags),
      };
    },
  );
  route(
    rooms,
    'POST',
    '/pricing/preview',
    { needs, summary: 'What rules would do to every price, before anything is done', of, body: PricePreviewAsk, answer: PricePreview },
    ({ body, request }) => {
      const caller = callerIn(request);
      return deps.db.tx(caller.tenant.id, async (tx) => {
        const policy = body.policy ?? (await policyToTry(tx));
        const focus = body.focus ?? null;
        if (body.keep) {
          const { id, inputs, summary } = await previewToPublish(tx, policy, { focus, by: caller.actor, pause });
          return previewOf(summary, { id, inputs, factsAt: tx.now });
        }
        const { facts, readAt } = await desk.facts(tx);
        return previewOf(await previewPrices(tx, policy, { facts, focus, pause }), { id: null, inputs: '', factsAt: readAt });
      });
    },
  );
}

async function policyToTry(tx: Tx): Promise<PricePolicy> {
  return ((await draftPricePolicy(tx)) ?? (await livePricePolicy(tx))).policy;
}

const mostFacets = 200;
const facetsOf = (counts: ReadonlyMap<string, number>): { word: string; count: number }[] =>
  [...counts]
    .map(([word, count]) => ({ word, count }))
    .toSorted((one, other) => other.count - one.count || (one.word < other.word ? -1 : 1))
    .slice(0, mostFacets);

function listingRoutes(rooms: Rooms): void {
  const PriceQuery = ListQuery({
    channel: Type.Optional(Text(60)),
    q: Type.Optional(Text(100, { description: 'What the SKU begins with' })),
  });
  reads(
    rooms,
    '/pricing/prices',
    { needs, summary: 'Published prices, by channel and SKU', of, query: PriceQuery, answer: List(PriceRow) },
    async (tx, { query }) => {
      const q = query.q?.trim() ?? '';
      const filter = {
        ...(query.channel === undefined ? {} : { channel: idOf('channel', query.channel, 'channel') }),
        ...(q === '' ? {} : { q }),
      };
      return pageOf(await listPrices(tx, filter, pagingOf(query)), priceOf);
    },
  );
  const ProblemQuery = ListQuery({ channel: Type.Optional(Text(60)), kind: Type.Optional(Text(40)) });
  reads(
    rooms,
    '/pricing/problems',
    {
      needs,
      summary: 'Listings that keep their price since a new one cannot be trusted',
      of,
      query: ProblemQuery,
      answer: List(PriceProblemRow),
    },
    async (tx, { query }) => {
      const filter = {
        ...(query.channel === undefined ? {} : { channel: idOf('channel', query.channel, 'channel') }),
        ...(query.kind === undefined ? {} : { kind: query.kind }),
      };
      return pageOf(await listPriceProblems(tx, filter, pagingOf(query)), priceProblemOf);
    },
  );
  const WhyQuery = Type.Object({ channel: Type.Optional(Text(60)), sku: Type.Optional(Text(300)) }, { additionalProperties: false });
  reads(
    rooms,
    '/pricing/why',
    {
      needs,
      summary: 'Why a listing has its price, and every price it had; null when there is no such listing',
      of,
      query: WhyQuery,
      answer: Type.Object({ data: Type.Union([PriceWhy, Type.Null()]) }),
    },
    async (tx, { query }) => {
      if (query.channel === undefined || query.sku === undefined) return { data: null };
      const why = await whyPrice(tx, { channel_id: idOf('channel', query.channel, 'channel'), sku: query.sku });
      return { data: why && whyOf(why) };
    },
  );
}
