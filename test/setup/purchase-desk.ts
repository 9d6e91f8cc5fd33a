import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { seededChance } from '#kernel/chance';
import { after, instant } from '#kernel/time';
import { addSuppliers } from '#modules/suppliers';
import { type Database, openDatabase, type Tx } from '#platform/db';
import { inside, makeWork, type NewException, outside, type Settled } from '#platform/work';
import type { Placed, PurchaseOrder } from '#ports/supplier';
import { freshDatabase } from './database.ts';
import {
  cancelKey,
  change,
  changeDoubtful,
  changeMisconfigured,
  type Change,
  decideChangeRefused,
  decideChangeSent,
  decideChangeUnanswered,
  decideFollowPurchase,
  decidePlaced,
  decidePlaceRefused,
  documentOf,
  placeDoubtful,
  placeKey,
  placeMisconfigured,
  type Purchase,
  purchase,
  recordPlaced,
} from '#modules/purchasing';

const tenant = '01900000-0000-7000-8000-00000000000a';
export const id = (number: number): string => `01900000-0000-7000-8000-${String(number).padStart(12, '0')}`;
export const started = instant('2026-11-20T09:00:00Z');
export const order = id(1);

const buyer = { name: 'Fernway', email: 'orders@fernway.test' };
const working = {
  place: async (): Promise<Placed> => ({
    reference: 'K-77',
    documents: [{ name: 'PO.csv', type: 'text/csv', base64: Buffer.from('po,1').toString('base64') }],
  }),
  lookUp: async (): Promise<Settled<Placed>> => ({ outcome: 'absent' }),
};

/** What one test sees and steers: the clock, what the far side does when it is asked, and what came of it. */
export const desk = {
  now: started,
  kestrel: '',
  pinecrest: '',
  wire: { ...working },
  statements: [] as string[],
  raised: [] as NewException[],
  resolved: [] as string[],
  facts: [] as string[],
  asked: [] as { what: string; key: string; order: PurchaseOrder }[],
};

let database: Database;

/** One order and two suppliers on a real database of the test file's own, fresh for each test. */
export function openDesk(): void {
  let fresh: Awaited<ReturnType<typeof freshDatabase>>;
  beforeAll(async () => {
    fresh = await freshDatabase();
    database = openDatabase({
      url: fresh.url,
      clock: { now: () => desk.now },
      chance: seededChance(4),
      onQuery: (text) => desk.statements.push(text),
    });
  });
  afterAll(async () => {
    await database.close();
    await fresh.drop();
  });
  beforeEach(async () => {
    desk.now = started;
    desk.wire = { ...working };
    for (const list of [desk.raised, desk.resolved, desk.facts, desk.asked]) list.length = 0;
    await inTx(fill);
  });
}

export const inTx = <T>(what: (tx: Tx) => Promise<T>): Promise<T> => database.tx(tenant, what);

async function fill(tx: Tx): Promise<void> {
  for (const table of ['purchasing.document', 'purchasing.change', 'purchasing.line', 'purchasing.purchase', 'orders."order"'])
    await sql`delete from ${sql.raw(table)} where tenant_id = ${tx.tenant}`.execute(tx.db);
  const terms = {
    state: 'live',
    country: 'DE',
    currency: 'EUR',
    time_zone: 'Europe/Berlin',
    ships_to: [],
    rank: 1,
    handling_days: 1,
    transit_days: {},
    ack_hours: 24,
    ship_hours: 48,
    order_fee_minor: 0n,
    shipping_minor: {},
    transport_settings: {},
    secrets: null,
  } as const;
  const ids = await addSuppliers(tx, [
    { ...terms, code: 'KESTREL', name: 'Kestrel', transport: 'rest', contact_email: 'orders@kestrel.test' },
    { ...terms, code: 'PINECREST', name: 'Pinecrest', transport: 'email', contact_email: 'desk@pinecrest.test' },
  ]);
  desk.kestrel = ids.get('KESTREL') ?? '';
  desk.pinecrest = ids.get('PINECREST') ?? '';
  await sql`insert into orders."order" (tenant_id, id, channel_id, external_id, number, state, status, placed_at, received_at, changed_at,
                    source_at, currency, subtotal_minor, total_minor, payment, ship_to, likeness)
    values (${tx.tenant}, ${order}, ${id(20)}, 'x1', '#1042', 'in_fulfilment', 'with_supplier', ${tx.now}, ${tx.now}, ${tx.now},
            ${tx.now}, 'EUR', 100, 100, 'paid', '{}', '')`.execute(tx.db);
}

const placePurchase = outside(purchase, {
  name: 'placePurchase',
  from: ['queued'],
  during: 'sending',
  doubt: 'unknown',
  to: ['sent', 'acknowledged', 'failed'],
  key: placeKey,
  account: ({ supplier: { code } }) => code,
  ask: async (_far: null, one: Purchase, key): Promise<Placed> => {
    desk.asked.push({ what: 'place', key, order: documentOf(one, buyer, '') });
    return desk.wire.place();
  },
  settle: async () => desk.wire.lookUp(),
  record: recordPlaced,
  decide: decidePlaced,
  refused: decidePlaceRefused,
  doubtful: placeDoubtful,
  misconfigured: placeMisconfigured,
});

const followPurchase = inside(purchase, {
  name: 'followPurchase',
  from: ['sent', 'acknowledged'],
  to: ['sent', 'acknowledged', 'closed', 'cancelled'],
  decide: (one, _nothing, at) => decideFollowPurchase(one, at),
});

const sendChange = outside(change, {
  name: 'sendChange',
  from: ['queued'],
  during: 'sending',
  doubt: 'unknown',
  to: ['sent', 'failed'],
  key: cancelKey,
  account: ({ purchase: { supplier } }) => supplier.code,
  ask: async (_far: null, one: Change, key): Promise<Placed> => {
    desk.asked.push({ what: 'cancel', key, order: documentOf(one.purchase, buyer, '') });
    return { reference: '', documents: [] };
  },
  settle: 'repeat',
  decide: decideChangeSent,
  refused: decideChangeRefused,
  doubtful: changeDoubtful,
  misconfigured: changeMisconfigured,
});

const followChange = inside(change, {
  name: 'followChange',
  from: ['sent'],
  to: ['sent'],
  decide: (one, _nothing, at) => decideChangeUnanswered(one, at),
});

/** Runs a step, declared as the flows declare it, until nothing is due. */
export const run = (step: string): Promise<boolean> =>
  makeWork(database, [placePurchase, followPurchase, sendChange, followChange], {
    farOf: async () => null,
    concurrency: 1,
    hooks: {
      facts: async (_tx, made) => void desk.facts.push(...made.map(({ type }) => type)),
      raise: async (_tx, made) => void desk.raised.push(...made),
      resolve: async (_tx, over) => void desk.resolved.push(...over.map(({ kind }) => kind)),
    },
  }).drain(step, tenant);

export const pass = (hours: number): void => {
  desk.now = after(desk.now, { hours });
};

/** Lets days pass, and runs the step after each. */
export async function letDays(step: string, days: number): Promise<void> {
  for (let count = 0; count < days; count += 1) {
    pass(24);
    await run(step);
  }
}
