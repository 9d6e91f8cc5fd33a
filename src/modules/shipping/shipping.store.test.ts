import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { seededChance } from '#kernel/chance';
import { Fault } from '#kernel/fault';
import { after, instant } from '#kernel/time';
import { type Database, openDatabase, type Tx } from '#platform/db';
import { makeWork, reading } from '#platform/work';
import type { CarrierDoor, CarrierEvent } from '#ports/carrier';
import { freshDatabase } from '../../../test/setup/database.ts';
import { decideTracked, decideUntracked } from './decide-tracked.ts';
import { findFollowed, followedOrder } from './store-page.ts';
import { parcel, parcelsFor, recordTracked, takeShipments } from './store.ts';
import { followedMilestones, type ShipmentNotice, type ShipmentSaid } from './words.ts';

const tenant = '01900000-0000-7000-8000-00000000000a';
const neighbour = '01900000-0000-7000-8000-00000000000b';
const id = (number: number): string => `01900000-0000-7000-8000-${String(number).padStart(12, '0')}`;
const [order, kestrel, otherSupplier, purchase, lineA, lineB, orderLineA, orderLineB] = [1, 2, 3, 4, 5, 6, 7, 8].map(id) as [
  string,
  string,
  string,
  string,
  string,
  string,
  string,
  string,
];
const started = instant('2026-11-20T09:00:00Z');

let fresh: Awaited<ReturnType<typeof freshDatabase>>;
let database: Database;
let now = started;
const statements: string[] = [];

beforeAll(async () => {
  fresh = await freshDatabase();
  database = openDatabase({ url: fresh.url, clock: { now: () => now }, chance: seededChance(4), onQuery: (text) => statements.push(text) });
});

afterAll(async () => {
  await database.close();
  await fresh.drop();
});

beforeEach(async () => {
  now = started;
  for (const owner of [tenant, neighbour]) await database.tx(owner, clean);
  await database.tx(tenant, fill);
});

async function clean(tx: Tx): Promise<void> {
  const tables = [
    'shipping.event',
    'shipping.parcel_line',
    'shipping.parcel',
    'shipping.shipment',
    'purchasing.line',
    'purchasing.purchase',
    'orders.line',
    'orders."order"',
    'suppliers.supplier',
  ];
  for (const table of tables) await sql`delete from ${sql.raw(table)} where tenant_id = ${tx.tenant}`.execute(tx.db);
}

/** One order of two lines, bought with one purchase order: three of A-1, two of B-2. */
async function fill(tx: Tx): Promise<void> {
  await sql`insert into suppliers.supplier (tenant_id, id, code, name, state, country, currency, time_zone, handling_days, ack_hours, ship_hours, transport, transit_days, created_at)
    values (${tx.tenant}, ${kestrel}, 'KESTREL', 'Kestrel', 'live', 'DE', 'EUR', 'Europe/Berlin', 1, 24, 48, 'rest', '{"DE": 3}', ${now})`.execute(
    tx.db,
  );
  await sql`insert into orders."order" (tenant_id, id, channel_id, external_id, number, state, status, placed_at, received_at, changed_at, source_at, currency, subtotal_minor, total_minor, payment, email, ship_to, country, postcode, likeness)
    values (${tx.tenant}, ${order}, ${id(20)}, 'x1', '#1042', 'in_fulfilment', 'with_supplier', ${now}, ${now}, ${now}, ${now}, 'EUR', 100, 100, 'paid', 'Ada@Example.com', '{"city": "Kiel", "country": "DE"}', 'DE', '24103', '')`.execute(
    tx.db,
  );
  await sql`insert into orders.line (tenant_id, id, order_id, position, external_id, sku, title, quantity, price_minor)
    values (${tx.tenant}, ${orderLineA}, ${order}, 1, 'l1', 'LAMP', 'Deck lamp', 3, 10), (${tx.tenant}, ${orderLineB}, ${order}, 2, 'l2', 'ROPE', 'Rope', 2, 10)`.execute(
    tx.db,
  );
  await sql`insert into purchasing.purchase (tenant_id, id, number, supplier_id, order_id, transmission, currency, cost_minor, ship_to, service, transport, created_at, changed_at)
    values (${tx.tenant}, ${purchase}, 'PO-100001', ${kestrel}, ${order}, 'sent', 'EUR', 50, '{"country": "DE"}', 'standard', 'rest', ${now}, ${now})`.execute(
    tx.db,
  );
  await sql`insert into purchasing.line (tenant_id, id, purchase_id, position, order_line_id, allocation_id, offer_id, supplier_sku, quantity, unit_cost_minor)
    values (${tx.tenant}, ${lineA}, ${purchase}, 1, ${orderLineA}, ${id(30)}, ${id(31)}, 'A-1', 3, 5), (${tx.tenant}, ${lineB}, ${purchase}, 2, ${orderLineB}, ${id(32)}, ${id(33)}, 'B-2', 2, 5)`.execute(
    tx.db,
  );
}

const notice = (parcels: ShipmentSaid['parcels'], supplierId = kestrel): ShipmentNotice => ({
  supplierId,
  arrivalId: id(40),
  at: now,
  said: { what: 'shipment', purchase: 'po-100001 ', reference: 'S1', shippedAt: now, parcels },
});
const box = (number: string, quantity = 3) => ({ carrier: 'swiftpost', number, lines: [{ position: 1, quantity }] });
const take = (...notices: ShipmentNotice[]) => database.tx(tenant, (tx) => takeShipments(tx, notices));
const held = (owner = tenant) =>
  database.tx(owner, async (tx) => {
    const { rows } = await sql`
      select number, quantity, milestone, destination, replaced_by is not null as replaced
        from shipping.parcel left join shipping.parcel_line on parcel_id = id order by created_at, number`.execute(tx.db);
    return rows;
  });

describe('ship notices', () => {
  it('become parcels, once, whatever is said again', async () => {
    expect((await take(notice([box('N1', 2)]))).shipped).toEqual([
      { purchase_id: purchase, line_id: lineA, order_line_id: orderLineA, quantity: 2 },
    ]);
    expect(await take(notice([box('N1', 2)]), notice([box('n 1', 2)]))).toEqual({ parcels: [], shipped: [], facts: [], raise: [] });
    expect(await held()).toEqual([{ number: 'N1', quantity: 2, milestone: 'label_created', destination: 'DE', replaced: false }]);
  });

  it('of two deliveries at the same time count each unit once', async () => {
    const second = { ...notice([box('N2')]), said: { ...notice([box('N2')]).said, reference: 'S2' } };
    const gate = Promise.withResolvers<void>();
    const taken = Promise.withResolvers<void>();
    const one = database.tx(tenant, async (tx) => {
      const made = await takeShipments(tx, [notice([box('N1')])]);
      taken.resolve();
      await gate.promise;
      return made;
    });
    await taken.promise;
    const other = take(second);
    // Long enough for it to have read what is on its way, if it did not wait for the first to end.
    await new Promise((resolve) => setTimeout(resolve, 150));
    gate.resolve();
    const both = await Promise.all([one, other]);
    expect(both.flatMap(({ shipped }) => shipped)).toMatchObject([{ quantity: 3 }]);
    expect(both.flatMap(({ raise }) => raise).map(({ cause }) => cause)).toEqual([`over_shipped:${kestrel}`]);
  });

  it('with a corrected number move the units to the new parcel, and the old one is not followed any more', async () => {
    await take(notice([box('N1')]));
    const { parcels } = await take(notice([box('N2')]));
    expect(parcels).toMatchObject([{ number: 'N2' }]);
    expect(await held()).toMatchObject([
      { number: 'N1', quantity: null, replaced: true },
      { number: 'N2', quantity: 3, replaced: false },
    ]);
    const shown = await database.tx(tenant, (tx) => followedOrder(tx, order));
    expect(shown?.parcels.map(({ number }) => number)).toEqual(['N2']);
  });

  it('of another supplier or tenant reach nothing', async () => {
    expect((await take(notice([box('N1')], otherSupplier))).raise).toMatchObject([{ kind: 'answer_unmatched' }]);
    const elsewhere = await database.tx(neighbour, (tx) => takeShipments(tx, [notice([box('N1')])]));
    expect(elsewhere.raise).toMatchObject([{ kind: 'answer_unmatched' }]);
    expect(await held()).toEqual([]);
  });

  it('take no more statements for two hundred notices than for one and a correction', async () => {
    statements.length = 0;
    await take(notice([box('N0', 1)]));
    await take(notice([box('N1', 3)]));
    const few = statements.length;
    statements.length = 0;
    await take(...Array.from({ length: 200 }, (_, place) => notice([box(`M${place}`, 1)])));
    expect(statements.length).toBeLessThan(few);
  });
});

describe('following a parcel', () => {
  let answers: CarrierEvent[] | Fault = [];
  const facts: string[] = [];
  const raised: string[] = [];
  const carrier: CarrierDoor = {
    track: async () => {
      if (answers instanceof Fault) throw answers;
      return { events: answers };
    },
  };
  const scan = (milestone: CarrierEvent['milestone'], hour: number, more: Partial<CarrierEvent> = {}): CarrierEvent => ({
    at: after(started, { hours: hour }),
    code: milestone ?? 'odd',
    milestone,
    text: '',
    place: 'Kiel',
    country: 'DE',
    offsetMinutes: 60,
    ...more,
  });
  /** The step as the flows declare it. */
  const trackParcel = reading(parcel, {
    name: 'trackParcel',
    from: followedMilestones,
    to: parcel.states,
    account: ({ carrier: name }) => name,
    ask: (far: CarrierDoor, thing) => far.track(thing.carrier, thing.number),
    record: recordTracked,
    decide: decideTracked,
    refused: decideUntracked,
  });
  const work = () =>
    makeWork(database, [trackParcel], {
      farOf: async () => carrier,
      concurrency: 1,
      hooks: {
        facts: async (_tx, made) => void facts.push(...made.map(({ type }) => type)),
        raise: async (_tx, made) => void raised.push(...made.map(({ kind }) => kind)),
        resolve: async () => {},
      },
    });
  const look = async (hour: number): Promise<void> => {
    now = after(started, { hours: hour });
    await work().turn('trackParcel', tenant);
  };

  beforeEach(async () => {
    facts.length = 0;
    raised.length = 0;
    await take(notice([box('N1')]));
  });

  it('keeps every scan once, moves it forward, and ends with its delivery', async () => {
    answers = [scan('picked_up', 2), scan(null, 3, { text: 'Odd' }), scan('delivered', 1, { country: 'BR' })];
    await look(4);
    answers = [...answers, scan('out_for_delivery', 30), scan('delivered', 33)];
    await look(34);
    await look(60);
    expect(facts).toEqual(['parcel.picked_up', 'parcel.out_for_delivery', 'parcel.delivered']);
    const { rows } = await database.tx(tenant, (tx) => sql`select milestone, set_aside from shipping.event order by at`.execute(tx.db));
    expect(rows).toEqual([
      { milestone: 'delivered', set_aside: 'another-country' },
      { milestone: 'picked_up', set_aside: '' },
      { milestone: '', set_aside: '' },
      { milestone: 'out_for_delivery', set_aside: '' },
      { milestone: 'delivered', set_aside: '' },
    ]);
    const after34 = await database.tx(tenant, (tx) =>
      sql`select milestone, due_at, delivered_at, first_scan_at from shipping.parcel`.execute(tx.db),
    );
    expect(after34.rows).toEqual([
      { milestone: 'delivered', due_at: null, delivered_at: scan('delivered', 33).at, first_scan_at: scan('picked_up', 2).at },
    ]);
  });

  it('that nobody scans comes to a person after 72 hours, even while the carrier does not answer', async () => {
    answers = new Fault('transient', 'timeout', 'No answer');
    for (let hour = 0; hour <= 80; hour += 4) await look(hour);
    expect(raised).toEqual(['connection_broken', 'parcel_stuck']);
    answers = [scan('in_transit', 81)];
    await look(84);
    expect(facts).toEqual(['parcel.in_transit']);
  });

  it('is shown to its shopper with what is inside and what is still to come, and found by its order’s number', async () => {
    answers = [scan('in_transit', 5, { text: 'Sorted' }), scan('delivered', -900)];
    await look(6);
    await database.tx(tenant, async (tx) => {
      const shown = await followedOrder(tx, order);
      expect(shown).toMatchObject({
        number: '#1042',
        city: 'Kiel',
        lines: [
          { title: 'Deck lamp', shipped: 3 },
          { title: 'Rope', shipped: 0 },
        ],
      });
      expect(shown?.parcels).toMatchObject([
        { items: [{ title: 'Deck lamp', quantity: 3 }], events: [{ text: 'Sorted', offset_minutes: 60 }] },
      ]);
      expect(JSON.stringify(shown)).not.toMatch(/kestrel/i);
      expect(await findFollowed(tx, '1042')).toEqual([{ id: order, email: 'Ada@Example.com', postcode: '24103' }]);
      const [told] = await parcelsFor(tx, [shown?.parcels[0]?.id ?? '']);
      expect(told).toMatchObject({
        nth: 1,
        of: 1,
        items: [{ title: 'Deck lamp', quantity: 3 }],
        expected_at: instant('2026-11-23T09:00:00Z'),
      });
    });
  });
});
