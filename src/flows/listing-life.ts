/**
 * A listing's life, top to bottom: a supplier is watched, what changed is noticed, the listings behind it are counted and priced, and
 * what a store does not show yet is said to it. Once a day the store's own figures are read and held against what it was told.
 */
import {
  addFromShelves,
  availabilityPolicy,
  clearSignals,
  concernedBy,
  countListings,
  decideStanding,
  everythingTouched,
  type ShelfGood,
  signal,
  standing,
  standingFacts,
  suppliersTouched,
  watchSuppliers,
} from '#modules/catalog';
import {
  decideLetGo,
  decidePublished,
  decidePublishRefused,
  decideReconciled,
  decideReconcileFailed,
  keepEars,
  keepShelves,
  keepWanted,
  letGo,
  lockTold,
  planPushes,
  publishDoubtful,
  publishMisconfigured,
  push,
  type Push,
  pushKey,
  recordPublished,
  recordShelves,
  type Shelf,
  shelf,
  withoutTrouble,
} from '#modules/channels';
import { resolve } from '#modules/exceptions';
import { invariant } from '#kernel/fault';
import type { Tx } from '#platform/db';
import type { Published, PublishedRow } from '#ports/channel';
import { type AnyStep, inside, outside, reading } from '#platform/work';
import type { Far } from './far.ts';

/** A supplier that no order goes to any more, or whose figures grow old, or that falls short more often: its listings are counted anew. */
export const watchStanding = inside(standing, {
  name: 'watchStanding',
  from: ['watched'],
  to: ['watched'],
  batch: 200,
  look: async (tx, suppliers) => ({
    facts: await standingFacts(
      tx,
      suppliers.map(({ id }) => id),
    ),
    policy: (await availabilityPolicy(tx)).policy,
  }),
  decide: (one, { facts, policy }, now) => {
    const its = facts.get(one.id);
    invariant(its, 'a supplier that is watched is there');
    return decideStanding(one, its, policy, now);
  },
  record: (tx, plans) =>
    suppliersTouched(
      tx,
      plans.flatMap(({ thing, plan }) => (plan.made?.recount ? [{ id: thing.id, costs: plan.made.costs }] : [])),
    ),
});

/** Whatever changed, the listings behind it are counted once, and stores that show something else are told. */
export const countListing = inside(signal, {
  name: 'countListing',
  from: ['due'],
  to: ['due', 'done'],
  batch: 40,
  look: async (tx, signals) => {
    const concerned = await concernedBy(tx, signals);
    // First, so that what is counted is what is so after everybody else who counted them has ended.
    await lockTold(tx, concerned.listings);
    const wanted = await countListings(tx, concerned);
    return { positions: concerned.positions, wanted };
  },
  decide: (one, { positions }) => {
    const position = positions.get(one.id) ?? null;
    return position === null ? { to: 'done', due: null, facts: [], set: { position } } : { to: 'due', facts: [], set: { position } };
  },
  record: async (tx, _plans, { wanted }) => {
    await clearSignals(tx);
    if ((await keepWanted(tx, wanted)) > 0) await planPushes(tx, [...new Set(wanted.map(({ channel_id }) => channel_id))].sort());
  },
});

/** The one place where a store is told of stock and prices. Figures are absolute, so that saying them again does no harm. */
export const publishListings = outside(push, {
  name: 'publishListings',
  from: ['queued'],
  during: 'sending',
  doubt: 'unknown',
  to: ['sent', 'failed'],
  batch: 8,
  key: pushKey,
  account: ({ channel: { code } }) => code,
  ask: (far: Far, one, key) => far.channel(one.channel).publish(one.rows.map(publishedRow), one.channel.currency, key),
  settle: 'repeat',
  record: async (tx, replies) => {
    await recordPublished(tx, replies);
    const channels = [...new Set(replies.map(({ thing }) => thing.channel_id))].sort();
    const over = (subject: string) => ({ kind: 'publish_failed', subject, how: 'It took everything.', actor: 'step:publishListings' });
    await resolve(tx, (await withoutTrouble(tx, channels)).map(over));
  },
  decide: decidePublished,
  refused: decidePublishRefused,
  doubtful: publishDoubtful,
  misconfigured: publishMisconfigured,
});

const publishedRow = ({ sku, ref, quantity, price, compare }: Push['rows'][number]): PublishedRow => ({
  sku,
  ...(ref ? { ref } : {}),
  quantity,
  priceMinor: price === null ? null : BigInt(price),
  compareMinor: compare === null ? null : BigInt(compare),
});

/** Rows of which the store says what they are; those without a SKU of their own cannot be told apart by one. */
const goodsOn = ({ thing: { channel }, reply }: { thing: Shelf; reply: Published }): ShelfGood[] =>
  reply.rows.flatMap((row) =>
    'title' in row && row.title !== '' && row.sku !== '' && !row.sku.startsWith('#')
      ? [
          {
            channel_id: channel.id,
            currency: channel.currency,
            sku: row.sku,
            title: row.title,
            brand: row.brand,
            gtin: row.gtin,
            price_minor: row.priceMinor,
          },
        ]
      : [],
  );

/** What a store refused as a whole is let go of, so that its listings can be said anew when they change. */
export const closePush = inside(push, {
  name: 'closePush',
  from: ['failed'],
  to: ['failed'],
  batch: 20,
  decide: decideLetGo,
  record: (tx, plans) =>
    letGo(
      tx,
      plans.map(({ thing }) => thing),
    ),
});

/** A store's own figures, page by page, once a day: what a person or another program changed there is put right. */
export const reconcileShelf = reading(shelf, {
  name: 'reconcileShelf',
  from: ['kept'],
  to: ['kept'],
  account: ({ channel: { code } }) => code,
  batch: 10,
  ask: (far: Far, one) => far.channel(one.channel).published(one.cursor, one.channel.currency),
  record: async (tx, replies) => {
    // First, so that what is new of it is held against what the store says at once.
    const goods = replies
      .flatMap(goodsOn)
      .sort((one, other) => (`${one.channel_id} ${one.sku}` < `${other.channel_id} ${other.sku}` ? -1 : 1));
    await addFromShelves(tx, goods);
    await lockTold(tx, goods);
    await recordShelves(tx, replies);
  },
  decide: decideReconciled,
  refused: decideReconcileFailed,
});

/** In reading order. */
export const listingLife: readonly AnyStep[] = [watchStanding, countListing, publishListings, closePush, reconcileShelf];

/** New stores and suppliers take their part in it; a store that is new has all of its listings counted. */
export async function beginListings(tx: Tx): Promise<void> {
  await watchSuppliers(tx);
  await keepEars(tx);
  if ((await keepShelves(tx)).length > 0) await everythingTouched(tx, true);
}
