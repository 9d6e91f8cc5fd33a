import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seededChance } from '#kernel/chance';
import { after, instant } from '#kernel/time';
import { addVariants } from '#modules/catalog';
import { addChannels } from '#modules/channels';
import { type Database, openDatabase, type Tx } from '#platform/db';
import type { ChannelOrder } from '#ports/channel';
import { freshDatabase } from '../../../test/setup/database.ts';
import { cancelLines, matchLines, order as orderThing, screenFacts, defaultScreenRules, takeIn } from './index.ts';

const tenant = '01900000-0000-7000-8000-00000000000a';
const placed = instant('2026-11-20T08:00:00Z');
let fresh: Awaited<ReturnType<typeof freshDatabase>>;
let database: Database;
let other: Database;
let channel = '';

beforeAll(async () => {
  fresh = await freshDatabase();
  const clock = { now: () => instant('2026-11-20T09:00:00Z') };
  database = openDatabase({ url: fresh.url, clock, chance: seededChance(1), connections: 3 });
  other = openDatabase({ url: fresh.url, clock, chance: seededChance(2), connections: 3 });
  channel = await inTx(async (tx) => {
    await addVariants(tx, [
      { sku: 'LAMP', title: 'Lamp' },
      { sku: 'VASE', title: 'Vase' },
    ] as never);
    return (
      (await addChannels(tx, [{ code: 'shop', name: 'Shop', kind: 'rest', settings: {}, secrets: null, currency: 'EUR' }]))[0]?.id ?? ''
    );
  });
});
afterAll(async () => {
  await database.close();
  await other.close();
  await fresh.drop();
});

const inTx = <T>(work: (tx: Tx) => Promise<T>, db = database): Promise<T> => db.tx(tenant, work);
const line = (sku: string, quantity = 1, cancelled = 0): ChannelOrder['lines'][number] => ({
  externalId: `l-${sku}`,
  sku,
  title: sku,
  kind: 'goods',
  quantity,
  cancelled,
  priceMinor: 1000n,
  discountMinor: 0n,
  taxMinor: 0n,
});
const snapshot = (externalId: string, minutes: number, more: Partial<ChannelOrder> = {}): ChannelOrder => ({
  externalId,
  number: `#${externalId}`,
  placedAt: placed,
  changedAt: after(placed, { minutes }),
  currency: 'EUR',
  payment: 'paid',
  cancelledAt: null,
  isTest: false,
  customer: { name: 'Ada', email: `${externalId}@example.org`, phone: '' },
  shipTo: { name: 'Ada', line1: `Via ${externalId}`, city: 'Roma', postcode: '00184', country: 'IT' } as never,
  service: 'standard',
  lines: [line('LAMP', 2)],
  subtotalMinor: 2000n,
  discountMinor: 0n,
  shippingMinor: 0n,
  taxMinor: 0n,
  totalMinor: 2000n,
  note: '',
  tags: [],
  ...more,
});
const take = (...orders: ChannelOrder[]) =>
  inTx((tx) =>
    takeIn(
      tx,
      orders.map((order) => ({ channelId: channel, order })),
    ),
  );
const known = async (externalId: string) =>
  inTx(async (tx) => {
    const { rows } = await sql<{ id: string }>`select id from orders."order" where external_id = ${externalId}`.execute(tx.db);
    expect(rows).toHaveLength(1);
    const [found] = await orderThing.load(
      tx,
      rows.map(({ id }) => id),
    );
    if (!found) throw new Error('it is not there');
    return found;
  });
/** What an order comes to, without what is made anew each time. */
const essence = async (externalId: string) => {
  const { state, payment, source_at, total_minor, ship_to, cancel_asked_at, lines } = await known(externalId);
  return {
    state,
    payment,
    source: source_at.toString(),
    total_minor,
    ship_to: { ...ship_to, line1: '' },
    over: cancel_asked_at?.toString() ?? null,
    lines: lines.map(({ sku, quantity, cancelled, position }) => ({ sku, left: quantity - cancelled, position })),
  };
};

describe('taking orders in', () => {
  it('writes one with its lines under what we sell, and the same again changes nothing', async () => {
    const first = await take(snapshot('1', 0, { lines: [line('LAMP', 2), line('NOBODY-KNOWS')] }));
    expect(first).toMatchObject({
      orders: [{ what: 'new', number: '#1' }],
      facts: [{ type: 'order.received', data: { total: { minor: '2000', currency: 'EUR' } } }],
    });
    expect((await known('1')).lines.map(({ variant_id }) => variant_id !== null)).toEqual([true, false]);
    const again = await take(snapshot('1', 0), snapshot('1', 0));
    expect(again).toMatchObject({ orders: [{ what: 'same', id: first.orders[0]?.id }, { what: 'same' }], facts: [], raise: [] });
  });

  it('know a SKU that was added to what we sell since, when they are looked up again', async () => {
    await take(snapshot('late', 0, { lines: [line('LAMP'), line('NEW-ONE')] }));
    const variants = async () => (await known('late')).lines.map(({ variant_id }) => variant_id !== null);
    const lookUp = async () => inTx(async (tx) => matchLines(tx, [(await known('late')).id]));
    await lookUp();
    expect(await variants()).toEqual([true, false]);
    await inTx((tx) => addVariants(tx, [{ sku: 'NEW-ONE', title: 'New' }]));
    await lookUp();
    expect(await variants()).toEqual([true, true]);
  });

  it('makes one order of the same that two processes take in at the same instant', async () => {
    const all = Array.from({ length: 12 }, (_, at) => snapshot(`twice-${at}`, 0));
    const given = (orders: ChannelOrder[]) => orders.map((order) => ({ channelId: channel, order }));
    const taken = await Promise.all([inTx((tx) => takeIn(tx, given(all))), inTx((tx) => takeIn(tx, given([...all].reverse())), other)]);
    const made = taken.flatMap(({ orders }) => orders.filter(({ what }) => what === 'new'));
    expect(made).toHaveLength(12);
    expect(new Set(taken.flatMap(({ orders }) => orders.map(({ id }) => id))).size).toBe(12);
    expect((await known('twice-3')).lines).toHaveLength(1);
  });

  it('comes to the same in whatever order the snapshots of an order arrive', async () => {
    const rounds: ChannelOrder[][] = [
      [
        snapshot('x', 0, { payment: 'pending' }),
        snapshot('x', 5),
        snapshot('x', 9, { lines: [line('LAMP', 2, 1)] }),
        snapshot('x', 12, { shipTo: { ...snapshot('x', 0).shipTo, city: 'Milano' } }),
      ].map((one, at) => (at === 3 ? { ...one, lines: [line('LAMP', 2, 1)] } : one)),
      [
        snapshot('x', 0),
        snapshot('x', 5, { lines: [line('LAMP', 2), line('VASE')] }),
        snapshot('x', 7, { lines: [line('LAMP', 3), line('VASE')], totalMinor: 4000n }),
      ],
      [
        snapshot('x', 0),
        snapshot('x', 3, { payment: 'voided', cancelledAt: after(placed, { minutes: 3 }), lines: [line('LAMP', 2, 2)] }),
        snapshot('x', 1),
      ],
      // Stores stamp by the second: placed and paid within one.
      [snapshot('x', 0, { payment: 'pending' }), snapshot('x', 0), snapshot('x', 0, { lines: [line('LAMP', 2, 1)] })],
    ];
    for (const [round, snapshots] of rounds.entries()) {
      const ends: unknown[] = [];
      for (const [nth, orderOf] of permutations(snapshots).entries()) {
        const name = `perm-${round}-${nth}`;
        for (const one of orderOf) await take({ ...one, externalId: name });
        ends.push(await essence(name));
      }
      const name = `together-${round}`;
      await take(...snapshots.map((one) => ({ ...one, externalId: name })));
      ends.push(await essence(name));
      for (const end of ends) expect(end, `round ${round}`).toEqual(ends[0]);
    }
  });

  it('screens an accepted order anew whose address or payment changed before anything was ordered', async () => {
    await take(snapshot('2', 0));
    await inTx((tx) => sql`update orders."order" set state = 'accepted', due_at = null where external_id = '2'`.execute(tx.db));
    await take(snapshot('2', 5, { payment: 'voided' }));
    expect((await known('2')).state).toBe('received');
  });

  it('keeps what a person cancelled when the shopper adds a line', async () => {
    await take(snapshot('3', 0));
    const before = await known('3');
    await inTx((tx) => cancelLines(tx, [{ order_id: before.id, line_id: before.lines[0]?.id ?? '', cancelled: 1 }]));
    await take(snapshot('3', 5, { lines: [line('VASE'), line('LAMP', 2)] }));
    const now = await known('3');
    expect(now.lines.map(({ sku, quantity, cancelled }) => [sku, quantity, cancelled])).toEqual([
      ['VASE', 1, 0],
      ['LAMP', 2, 1],
    ]);
    expect(now.lines[1]?.id).toBe(before.lines[0]?.id);
  });

  it('changes only payment and cancellations of one that is with suppliers, and tells a person of the rest', async () => {
    await take(snapshot('4', 0, { lines: [line('LAMP', 2), line('VASE')] }));
    await inTx((tx) =>
      sql`update orders."order" set state = 'in_fulfilment', routed_times = 1, due_at = null where external_id = '4'`.execute(tx.db),
    );
    const changed = await take(snapshot('4', 5, { lines: [line('LAMP', 2, 1)], shipTo: { ...snapshot('4', 0).shipTo, city: 'Milano' } }));
    expect(changed.raise).toMatchObject([{ kind: 'order_changed_late', evidence: { what: ['address'] } }]);
    const now = await known('4');
    expect([now.ship_to.city, now.lines.map(({ cancelled }) => cancelled)]).toEqual(['Roma', [1, 1]]);
    const refunded = await take(snapshot('4', 9, { payment: 'refunded', lines: [line('LAMP', 2, 1)] }));
    expect(refunded.raise).toMatchObject([{ kind: 'order_changed_late' }]);
  });

  it('writes what begins cancelled as cancelled', async () => {
    await take(snapshot('5', 0, { cancelledAt: placed }));
    expect((await known('5')).lines).toMatchObject([{ quantity: 2, cancelled: 2 }]);
  });

  it('sets a whole batch back when one order is impossible, so that nothing of it is half there', async () => {
    await expect(take(snapshot('fine', 0), snapshot('impossible', 0, { lines: [line('LAMP', 0)] }))).rejects.toMatchObject({
      code: '23514',
    });
    expect((await inTx((tx) => sql`select from orders."order" where external_id in ('fine', 'impossible')`.execute(tx.db))).rows).toEqual(
      [],
    );
  });
});

describe('screening', () => {
  it('knows the look-alike that came first, and how many came of one address within the hour', async () => {
    const twin = {
      customer: { name: 'Bo', email: 'Bo@Example.org', phone: '' },
      shipTo: { name: 'Bo', line1: 'Weg 1', city: 'Bonn', postcode: '53111', country: 'DE' } as never,
    };
    await take(
      snapshot('t1', 0, twin),
      snapshot('t2', 0, { ...twin, placedAt: after(placed, { minutes: 1 }) }),
      snapshot('t3', 0, { ...twin, placedAt: after(placed, { days: 2 }) }),
    );
    const facts = async (name: string) => {
      const one = await known(name);
      const { lookAlikes, inTheHour } = await inTx((tx) => screenFacts(tx, [one], defaultScreenRules));
      return [lookAlikes.get(one.id) ?? [], inTheHour.get(one.id)];
    };
    expect(await facts('t1')).toEqual([[], 1]);
    expect(await facts('t2')).toEqual([['#t1'], 2]);
    expect(await facts('t3')).toEqual([[], 1]);
  });
});

function permutations<T>(of: readonly T[]): T[][] {
  if (of.length < 2) return [[...of]];
  return of.flatMap((one, at) => permutations(of.filter((_, place) => place !== at)).map((rest) => [one, ...rest]));
}
