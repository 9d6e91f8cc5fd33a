import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { seededChance } from '#kernel/chance';
import { Fault } from '#kernel/fault';
import { after, instant } from '#kernel/time';
import { addSuppliers } from '#modules/suppliers';
import { type Database, openDatabase, type Tx } from '#platform/db';
import { inside, makeWork, type NewException, outside, type Settled } from '#platform/work';
import type { Acknowledged, CancelAnswered, LineAnswer, Placed, PurchaseOrder, SupplierSaid } from '#ports/supplier';
import { freshDatabase } from '../../../test/setup/database.ts';
import {
  acceptFor,
  type Answered,
  askCancel,
  cancelKey,
  cancelUnarrived,
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
  type Draft,
  draft,
  placeDoubtful,
  placeKey,
  placeMisconfigured,
  type Purchase,
  purchase,
  recordPlaced,
  recordShipped,
  refuseOpen,
  takeAnswers,
} from './index.ts';

const tenant = '01900000-0000-7000-8000-00000000000a';
const id = (number: number): string => `01900000-0000-7000-8000-${String(number).padStart(12, '0')}`;
const started = instant('2026-11-20T09:00:00Z');
const order = id(1);

let fresh: Awaited<ReturnType<typeof freshDatabase>>;
let database: Database;
let now = started;
let kestrel = '';
let pinecrest = '';
const statements: string[] = [];
const raised: NewException[] = [];
const resolved: string[] = [];
const facts: string[] = [];
const asked: { what: string; key: string; order: PurchaseOrder }[] = [];
let answerOfWire: () => Promise<Placed> = async () => ({ reference: '', documents: [] });
let answerOfLookUp: () => Promise<Settled<Placed>> = async () => ({ outcome: 'absent' });

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
  for (const list of [raised, resolved, facts, asked]) list.length = 0;
  answerOfWire = async () => ({
    reference: 'K-77',
    documents: [{ name: 'PO.csv', type: 'text/csv', base64: Buffer.from('po,1').toString('base64') }],
  });
  answerOfLookUp = async () => ({ outcome: 'absent' });
  await database.tx(tenant, async (tx) => {
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
    } as const;
    const more = { order_fee_minor: 0n, shipping_minor: {}, transport_settings: {}, secrets: null } as const;
    const ids = await addSuppliers(tx, [
      { ...terms, ...more, code: 'KESTREL', name: 'Kestrel', transport: 'rest', contact_email: 'orders@kestrel.test' },
      { ...terms, ...more, code: 'PINECREST', name: 'Pinecrest', transport: 'email', contact_email: 'desk@pinecrest.test' },
    ]);
    kestrel = ids.get('KESTREL') ?? '';
    pinecrest = ids.get('PINECREST') ?? '';
    await sql`insert into orders."order" (tenant_id, id, channel_id, external_id, number, state, status, placed_at, received_at, changed_at, source_at, currency, subtotal_minor, total_minor, payment, ship_to, likeness)
      values (${tx.tenant}, ${order}, ${id(20)}, 'x1', '#1042', 'in_fulfilment', 'with_supplier', ${now}, ${now}, ${now}, ${now}, 'EUR', 100, 100, 'paid', '{}', '')`.execute(
      tx.db,
    );
  });
});

const placePurchase = outside(purchase, {
  name: 'placePurchase',
  from: ['queued'],
  during: 'sending',
  doubt: 'unknown',
  to: ['sent', 'acknowledged', 'failed'],
  key: placeKey,
  account: ({ supplier: { code } }) => code,
  ask: async (_far: null, one: Purchase, key): Promise<Placed> => {
    asked.push({ what: 'place', key, order: documentOf(one, { name: 'Fernway', email: 'orders@fernway.test' }, '') });
    return answerOfWire();
  },
  settle: async () => answerOfLookUp(),
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
    asked.push({ what: 'cancel', key, order: documentOf(one.purchase, { name: 'Fernway', email: 'orders@fernway.test' }, '') });
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

const work = () =>
  makeWork(database, [placePurchase, followPurchase, sendChange, followChange], {
    farOf: async () => null,
    concurrency: 1,
    hooks: {
      facts: async (_tx, made) => void facts.push(...made.map(({ type }) => type)),
      raise: async (_tx, made) => void raised.push(...made),
      resolve: async (_tx, over) => void resolved.push(...over.map(({ kind }) => kind)),
    },
  });
const run = (step: string) => work().drain(step, tenant);
/** Runs a step again and again until something else than time has to happen, or the hours are over. */
async function let24Hours(step: string, times: number): Promise<void> {
  for (let count = 0; count < times; count += 1) {
    now = after(now, { hours: 24 });
    await run(step);
  }
}
const inTx = <T>(what: (tx: Tx) => Promise<T>): Promise<T> => database.tx(tenant, what);

const drafted = (
  supplierId = kestrel,
  lines: [sku: string, quantity: number][] = [
    ['A-1', 3],
    ['B-2', 2],
  ],
): Draft => ({
  orderId: order,
  supplierId,
  currency: 'EUR',
  shipTo: { name: 'Ada', line1: 'Kai 5', city: 'Kiel', postcode: '24103', country: 'DE' },
  service: 'standard',
  transport: supplierId === kestrel ? 'rest' : 'email',
  lines: lines.map(([supplierSku, quantity], place) => ({
    orderLineId: id(100 + place),
    allocationId: id(200 + place),
    offerId: id(300 + place),
    supplierSku,
    title: `Thing ${supplierSku}`,
    quantity,
    unitCostMinor: 250n,
  })),
});
async function one(supplierId = kestrel, lines?: [sku: string, quantity: number][]): Promise<{ id: string; number: string }> {
  const [made] = await inTx((tx) => draft(tx, [drafted(supplierId, lines)]));
  if (!made) throw new Error('nothing was drafted');
  return made;
}
async function sent(supplierId = kestrel): Promise<{ id: string; number: string }> {
  const made = await one(supplierId);
  await run('placePurchase');
  return made;
}
const load = async (purchaseId: string): Promise<Purchase> => {
  const [found] = await inTx((tx) => purchase.load(tx, [purchaseId]));
  if (!found) throw new Error('there is none');
  return found;
};
const lines = async (purchaseId: string) =>
  (await load(purchaseId)).lines.map(({ response, accepted, refused, shipped }) => [response, accepted, refused, shipped]);
const documents = (purchaseId: string) =>
  inTx(async (tx) => {
    const { rows } = await sql<{ kind: string; name: string; text: string }>`
      select direction || ' ' || kind as kind, name, convert_from(bytes, 'UTF8') as text from purchasing.document where tenant_id = ${tx.tenant} and purchase_id = ${purchaseId} order by id`.execute(
      tx.db,
    );
    return rows;
  });
const changeOf = (purchaseId: string) =>
  inTx(async (tx) => {
    const { rows } = await sql<{
      state: string;
      due: boolean;
    }>`select state, due_at is not null as due from purchasing.change where tenant_id = ${tx.tenant} and purchase_id = ${purchaseId} order by created_at, id`.execute(
      tx.db,
    );
    return rows;
  });

let arrivals = 0;
const answered = (said: SupplierSaid, supplierId = kestrel, more: Partial<Answered> = {}): Answered => {
  arrivals += 1;
  return {
    supplierId,
    arrivalId: id(9_000 + arrivals),
    at: now,
    said,
    document: { name: 'ack.csv', type: 'text/csv', bytes: Buffer.from('po,line') },
    ...more,
  };
};
const acknowledged = (number: string, said: LineAnswer[], more: Partial<Acknowledged> = {}): Acknowledged => ({
  what: 'acknowledgement',
  purchase: number,
  lines: said,
  ...more,
});
const cancelled = (number: string, outcome: CancelAnswered['outcome'], reason = ''): CancelAnswered => ({
  what: 'cancellation',
  purchase: number,
  outcome,
  ...(reason ? { reason } : {}),
});
const take = (...given: Answered[]) => inTx((tx) => takeAnswers(tx, given));

describe('drafting', () => {
  it('writes a whole batch in two statements, under numbers of their own', async () => {
    statements.length = 0;
    const made = await inTx((tx) =>
      draft(
        tx,
        Array.from({ length: 40 }, () => drafted()),
      ),
    );
    expect(statements.filter((text) => /insert into purchasing/.test(text))).toHaveLength(2);
    expect(statements.filter((text) => /purchasing/.test(text))).toHaveLength(2);
    expect(new Set(made.map(({ number }) => number)).size).toBe(40);
    const first = await load(made[0]?.id ?? '');
    expect(first).toMatchObject({
      number: expect.stringMatching(/^PO-\d{6,}$/),
      transmission: 'queued',
      response: 'awaited',
      cost_minor: 1_250n,
      order_number: '#1042',
    });
    expect(first.lines.map(({ position, supplier_sku, quantity }) => [position, supplier_sku, quantity])).toEqual([
      [1, 'A-1', 3],
      [2, 'B-2', 2],
    ]);
  });

  it('loads a batch in as many statements as one', async () => {
    const made = await inTx((tx) =>
      draft(
        tx,
        Array.from({ length: 30 }, () => drafted()),
      ),
    );
    statements.length = 0;
    await inTx((tx) =>
      purchase.load(
        tx,
        made.map((each) => each.id),
      ),
    );
    expect(statements.filter((text) => /from (purchasing|suppliers)/.test(text)).length).toBeLessThanOrEqual(3);
  });
});

describe('placing', () => {
  it('keeps the very document that went out, their number of it and when the answer is due', async () => {
    const made = await sent();
    expect(await load(made.id)).toMatchObject({
      transmission: 'sent',
      reference: 'K-77',
      sent_at: started,
      ack_due_at: after(started, { hours: 24 }),
    });
    expect(await documents(made.id)).toEqual([{ kind: 'out purchase-order', name: 'PO.csv', text: 'po,1' }]);
    expect(facts).toEqual(['purchase.sent']);
  });

  it('says the same again after a passing trouble, under the same key', async () => {
    answerOfWire = async () => Promise.reject(new Fault('transient', 'http-503', 'They are down.'));
    await sent();
    now = after(now, { hours: 1 });
    await run('placePurchase');
    expect(asked).toHaveLength(2);
    expect(asked[1]).toEqual(asked[0]);
  });

  it('tells a person why it was refused, and who may take it instead', async () => {
    answerOfWire = async () => Promise.reject(new Fault('refused', 'http-422', 'unknown_sku: A-1'));
    const made = await sent();
    expect((await load(made.id)).transmission).toBe('failed');
    expect(raised).toMatchObject([
      {
        kind: 'purchase_failed',
        title: `Kestrel did not take ${made.number}: unknown_sku: A-1`,
        evidence: { code: 'http-422' },
        fixes: [{ action: 're-route' }, { action: 'try-again' }],
      },
    ]);
  });

  it('in doubt asks a person, and does not say it again', async () => {
    answerOfWire = async () => Promise.reject(new Fault('unknown', 'timeout', 'no answer within 30 s'));
    answerOfLookUp = async () => ({ outcome: 'ask-a-person', why: 'a mail cannot be looked up.' });
    const made = await sent(pinecrest);
    await let24Hours('placePurchase', 3);
    expect(asked).toHaveLength(1);
    expect((await load(made.id)).transmission).toBe('unknown');
    expect(raised).toMatchObject([
      { kind: 'purchase_unconfirmed', fixes: [{ action: 'it-arrived' }, { action: 'it-did-not' }, { action: 'ask-again' }] },
    ]);
  });
});

describe('following', () => {
  it('reminds a silent supplier once, then tells a person, then waits', async () => {
    const made = await sent();
    await run('followPurchase');
    expect(facts).toEqual(['purchase.sent']);
    await let24Hours('followPurchase', 1);
    expect(facts).toEqual(['purchase.sent', 'purchase.reminded']);
    expect(raised).toEqual([]);
    await let24Hours('followPurchase', 5);
    expect(facts).toEqual(['purchase.sent', 'purchase.reminded']);
    expect(raised.map(({ kind, title }) => [kind, title])).toEqual([
      ['purchase_not_acknowledged', `Kestrel has not answered ${made.number}, sent 2026-11-20 09:00 UTC and reminded of it.`],
    ]);
  });

  it('chases the lines that an answer left out', async () => {
    const made = await sent();
    await take(answered(acknowledged(made.number, [{ position: 1, response: 'short', quantity: 1 }])));
    await let24Hours('followPurchase', 4);
    expect((await load(made.id)).transmission).toBe('sent');
    expect(raised.map(({ title }) => title)).toEqual([expect.stringContaining(`has not answered all of ${made.number}`)]);
  });

  it('waits for back-ordered goods until the day named, then reminds, then tells a person', async () => {
    const made = await sent();
    await take(
      answered(
        acknowledged(made.number, [
          { position: 1, response: 'accepted' },
          { position: 2, response: 'backordered', expectedAt: after(now, { days: 6 }) },
        ]),
      ),
    );
    await let24Hours('followPurchase', 5);
    expect([facts, raised]).toEqual([['purchase.sent', 'purchase.acknowledged'], []]);
    await let24Hours('followPurchase', 1);
    expect(facts.at(-1)).toBe('purchase.reminded');
    await let24Hours('followPurchase', 4);
    expect(facts).toHaveLength(3);
    expect(raised.map(({ kind }) => kind)).toEqual(['purchase_not_shipped']);
  });

  it('goes by the last day that they named, when that is sooner than the one before', async () => {
    const made = await sent();
    await take(
      answered(
        acknowledged(made.number, [
          { position: 1, response: 'accepted' },
          { position: 2, response: 'backordered', expectedAt: after(now, { days: 30 }) },
        ]),
      ),
    );
    await run('followPurchase');
    now = after(now, { hours: 1 });
    await take(answered(acknowledged(made.number, [{ position: 2, response: 'accepted' }])));
    await run('followPurchase');
    expect((await load(made.id)).ship_due_at).toEqual(after(started, { hours: 48 }));
  });

  it('closes what is shipped or refused in full, and cancels what is refused in full', async () => {
    const [shipped, refused] = [await sent(), await sent()];
    await take(
      answered(
        acknowledged(shipped.number, [
          { position: 1, response: 'accepted' },
          { position: 2, response: 'rejected' },
        ]),
      ),
      answered(acknowledged(refused.number, [], { all: 'rejected' })),
    );
    const { lines: own } = await load(shipped.id);
    await inTx((tx) => recordShipped(tx, [{ purchase_id: shipped.id, line_id: own[0]?.id ?? '', quantity: 3 }]));
    await run('followPurchase');
    expect(await load(shipped.id)).toMatchObject({ transmission: 'closed', response: 'short', fulfilment: 'shipped' });
    expect(await load(refused.id)).toMatchObject({ transmission: 'cancelled', response: 'rejected', fulfilment: 'none' });
    expect(facts.filter((type) => /closed|cancelled/.test(type)).sort()).toEqual(['purchase.cancelled', 'purchase.closed']);
  });
});

describe('answers', () => {
  it('are folded line by line, kept with the purchase order, and told once however often they come', async () => {
    const made = await sent();
    const said = () =>
      answered(
        acknowledged(
          made.number.toLowerCase(),
          [
            { sku: 'a-1', response: 'short', quantity: 1, reason: 'low' },
            { position: 2, response: 'accepted' },
          ],
          { at: started, reference: 'other' },
        ),
      );
    const first = await take(said());
    expect(await lines(made.id)).toEqual([
      ['short', 1, 2, 0],
      ['accepted', 2, 0, 0],
    ]);
    expect(first).toMatchObject({
      refused: [{ order_id: order, allocation_id: id(200), quantity: 2 }],
      touched: [order],
      raise: [],
      resolve: [{ kind: 'purchase_not_acknowledged', subject: made.id }],
      facts: [
        {
          type: 'purchase.answered',
          actor: `supplier:${kestrel}`,
          data: {
            lines: [
              { sku: 'A-1', response: 'short', quantity: 1 },
              { sku: 'B-2', response: 'accepted', quantity: 2 },
            ],
          },
        },
      ],
    });
    const before = await load(made.id);
    expect(before).toMatchObject({ acknowledged_at: now, reference: 'K-77' });
    now = after(now, { hours: 1 });
    expect(await take(said(), said())).toEqual({ facts: [], raise: [], resolve: [], touched: [], refused: [], shipments: [] });
    expect(await load(made.id)).toEqual(before);
    expect((await documents(made.id)).map(({ kind }) => kind)).toContain('in acknowledgement');
  });

  it('of a whole batch cost as many statements as one', async () => {
    const made = await inTx((tx) =>
      draft(
        tx,
        Array.from({ length: 30 }, () => drafted()),
      ),
    );
    await run('placePurchase');
    const [first, ...rest] = made.map(({ number }) => answered(acknowledged(number, [], { all: 'accepted' })));
    if (!first) throw new Error('nothing was drafted');
    statements.length = 0;
    await take(first);
    const alone = statements.length;
    statements.length = 0;
    await take(...rest);
    expect(statements.length).toBe(alone);
  });

  it('count only for purchase orders of the one who answers', async () => {
    const made = await sent();
    const taken = await take(answered(acknowledged(made.number, [], { all: 'rejected' }), pinecrest));
    expect(taken).toMatchObject({
      facts: [],
      refused: [],
      touched: [],
      raise: [
        {
          kind: 'answer_unmatched',
          subject: { kind: 'arrival' },
          concerns: { supplier: pinecrest },
          title: expect.stringContaining('never ordered from them'),
        },
      ],
    });
    expect(taken.raise[0]?.concerns).not.toHaveProperty('order');
    expect(await lines(made.id)).toEqual([
      [null, 0, 0, 0],
      [null, 0, 0, 0],
    ]);
    expect((await documents(made.id)).map(({ kind }) => kind)).toEqual(['out purchase-order']);
  });

  it('that fit no line, contradict themselves or leave out a number are told in one sentence, and the rest is taken', async () => {
    const made = await sent();
    const { raise } = await take(
      answered(
        acknowledged(made.number, [
          { position: 9, response: 'accepted' },
          { position: 1, sku: 'B-2', response: 'rejected' },
          { position: 1, response: 'short' },
          { position: 2, response: 'accepted', quantity: 7 },
        ]),
      ),
    );
    expect(raise).toHaveLength(1);
    expect(raise[0]?.evidence).toMatchObject({
      why: [
        `${made.number} has no line 9`,
        `${made.number} has no line 1, B-2`,
        `line 1 of ${made.number} falls short, and it does not say of how many units`,
        `it speaks of 7 units of line 2 of ${made.number}, of which 2 were ordered`,
      ],
    });
    expect(await lines(made.id)).toEqual([
      [null, 0, 0, 0],
      ['accepted', 2, 0, 0],
    ]);
  });

  it('by an SKU that two lines have are shared between them', async () => {
    const made = await one(kestrel, [
      ['A-1', 3],
      ['A-1', 2],
    ]);
    await run('placePurchase');
    await take(answered(acknowledged(made.number, [{ sku: 'A-1', response: 'short', quantity: 4 }])));
    expect(await lines(made.id)).toEqual([
      ['accepted', 3, 0, 0],
      ['short', 1, 1, 0],
    ]);
  });

  it('that promise what was refused, or refuse what is on its way, are told to a person', async () => {
    const made = await sent();
    await take(
      answered(
        acknowledged(made.number, [
          { position: 1, response: 'rejected' },
          { position: 2, response: 'accepted' },
        ]),
      ),
    );
    await inTx(async (tx) =>
      recordShipped(tx, [{ purchase_id: made.id, line_id: (await purchase.load(tx, [made.id]))[0]?.lines[1]?.id ?? '', quantity: 2 }]),
    );
    now = after(now, { hours: 1 });
    const { raise, refused } = await take(
      answered(
        acknowledged(made.number, [
          { position: 1, response: 'accepted' },
          { position: 2, response: 'rejected' },
        ]),
      ),
    );
    expect(refused).toEqual([]);
    expect(raise).toMatchObject([
      {
        kind: 'late_acceptance',
        subject: { id: made.id },
        fixes: [{ action: 'ask-cancel' }, { action: 'keep' }],
        title: `Kestrel contradicts itself about ${made.number}: 3 × A-1 (line 1), which had been refused or cancelled, are accepted now; 2 × B-2 (line 2), which are on the way already, are refused now.`,
      },
    ]);
    expect(await lines(made.id)).toEqual([
      ['rejected', 0, 3, 0],
      ['accepted', 2, 0, 2],
    ]);
  });

  it('with another article or price wait for a person, once for the purchase order', async () => {
    const made = await sent();
    const { raise } = await take(
      answered(
        acknowledged(made.number, [
          { position: 1, response: 'substituted', reason: 'A-1b' },
          { position: 2, response: 'repriced' },
        ]),
      ),
    );
    expect(raise).toMatchObject([
      {
        kind: 'supplier_changed',
        title: `Kestrel offers another article for A-1 (line 1): A-1b; another price for B-2 (line 2) of ${made.number}.`,
      },
    ]);
    await run('followPurchase');
    expect((await load(made.id)).response).toBe('changed');
    await inTx((tx) => acceptFor(tx, made.id));
    await run('followPurchase');
    expect(await load(made.id)).toMatchObject({ response: 'accepted', transmission: 'acknowledged' });
    expect(resolved).toContain('supplier_changed');
  });

  it('come to the same before and after the ship notice', async () => {
    const ship = (purchaseId: string) =>
      inTx(async (tx) =>
        recordShipped(tx, [
          { purchase_id: purchaseId, line_id: (await purchase.load(tx, [purchaseId]))[0]?.lines[0]?.id ?? '', quantity: 1 },
        ]),
      );
    const say = (number: string) =>
      take(
        answered(
          acknowledged(
            number,
            [
              { position: 1, response: 'short', quantity: 2 },
              { position: 2, response: 'accepted' },
            ],
            { at: started },
          ),
        ),
      );
    const [one, other] = [await sent(), await sent()];
    await say(one.number);
    await ship(one.id);
    now = after(now, { hours: 2 });
    await ship(other.id);
    expect(await lines(other.id)).toEqual([
      ['accepted', 3, 0, 1],
      [null, 0, 0, 0],
    ]);
    await say(other.number);
    expect(await lines(other.id)).toEqual(await lines(one.id));
    expect(await lines(one.id)).toEqual([
      ['short', 2, 1, 1],
      ['accepted', 2, 0, 0],
    ]);
  });

  it('about many purchase orders in one list leave with each only its own part', async () => {
    const [one, other] = [await sent(), await sent()];
    const list = { arrivalId: id(8_000), document: { name: 'acks.csv', type: 'text/csv', bytes: Buffer.from('a long list') } };
    await take(
      answered(acknowledged(one.number, [], { all: 'accepted' }), kestrel, list),
      answered(acknowledged(other.number, [], { all: 'rejected' }), kestrel, list),
    );
    const kept = (await documents(other.id)).find(({ kind }) => kind === 'in acknowledgement');
    expect(kept).toMatchObject({ name: 'acks.csv, the part about it' });
    expect(JSON.parse(kept?.text ?? '')).toMatchObject({ purchase: other.number, all: 'rejected' });
  });
});

describe('an answer is evidence', () => {
  const doubt = () => Promise.reject(new Fault('unknown', 'timeout', 'no answer'));

  it('that an order arrived of which nobody knew, and it is not said again', async () => {
    answerOfWire = doubt;
    answerOfLookUp = async () => ({ outcome: 'ask-a-person', why: 'a mail cannot be looked up.' });
    const made = await sent(pinecrest);
    await let24Hours('placePurchase', 1);
    await take(answered(acknowledged(made.number, [], { all: 'accepted' }), pinecrest));
    await run('placePurchase');
    expect(asked).toHaveLength(1);
    expect(await load(made.id)).toMatchObject({ transmission: 'acknowledged', sent_at: now });
    expect(resolved).toContain('purchase_unconfirmed');
  });

  it('that comes while the wire is still silent, whatever the wire says then', async () => {
    const made = await one();
    answerOfWire = async () => {
      await take(answered(acknowledged(made.number, [], { all: 'accepted' })));
      return doubt();
    };
    answerOfLookUp = async () => ({ outcome: 'absent' });
    await run('placePurchase');
    await let24Hours('placePurchase', 3);
    expect(asked).toHaveLength(1);
    expect((await load(made.id)).transmission).toBe('acknowledged');
  });

  it('that what they refused was taken after all', async () => {
    answerOfWire = async () => Promise.reject(new Fault('refused', 'http-500', 'an error on their side'));
    const made = await sent();
    await take(answered(acknowledged(made.number, [], { all: 'accepted' })));
    await run('placePurchase');
    expect(asked).toHaveLength(1);
    expect((await load(made.id)).transmission).toBe('acknowledged');
    expect(resolved).toContain('purchase_failed');
  });

  it('which a refusal to cancel is not, as they may not know it at all', async () => {
    answerOfWire = doubt;
    answerOfLookUp = async () => ({ outcome: 'ask-a-person', why: 'it cannot be looked up.' });
    const made = await sent();
    await inTx((tx) => askCancel(tx, [{ purchase_id: made.id, why: 'cancelled' }]));
    await take(answered(cancelled(made.number, 'refused', 'unknown purchase order')));
    await let24Hours('placePurchase', 1);
    expect((await load(made.id)).transmission).toBe('unknown');
  });

  it('but not for what was never said to them', async () => {
    const made = await one();
    const { raise, facts: told } = await take(answered(acknowledged(made.number, [], { all: 'rejected' })));
    expect(told).toEqual([]);
    expect(raise).toMatchObject([{ kind: 'answer_unmatched', title: expect.stringContaining('has not been sent to them') }]);
    expect(await lines(made.id)).toEqual([
      [null, 0, 0, 0],
      [null, 0, 0, 0],
    ]);
  });
});

describe('cancelling', () => {
  const ask = (...ids: string[]) =>
    inTx((tx) =>
      askCancel(
        tx,
        ids.map((purchase_id) => ({ purchase_id, why: 'The shopper cancelled.' })),
      ),
    );

  it('ends here and now what was never said, and frees its units', async () => {
    const made = await one();
    expect(await ask(made.id)).toMatchObject([
      { allocation_id: id(200), quantity: 3 },
      { allocation_id: id(201), quantity: 2 },
    ]);
    await run('placePurchase');
    expect(asked).toEqual([]);
    expect(await load(made.id)).toMatchObject({ transmission: 'cancelled', response: 'rejected' });
    expect(await ask(made.id)).toEqual([]);
    expect(await changeOf(made.id)).toEqual([]);
  });

  it('is asked once of a supplier who has it, and their yes frees what is not shipped', async () => {
    const made = await sent();
    await take(answered(acknowledged(made.number, [], { all: 'accepted' })));
    await inTx(async (tx) =>
      recordShipped(tx, [{ purchase_id: made.id, line_id: (await purchase.load(tx, [made.id]))[0]?.lines[0]?.id ?? '', quantity: 1 }]),
    );
    expect([await ask(made.id), await ask(made.id)]).toEqual([[], []]);
    await run('sendChange');
    expect(asked.filter(({ what }) => what === 'cancel')).toHaveLength(1);
    now = after(now, { hours: 1 });
    const taken = await take(answered(cancelled(made.number, 'accepted')));
    expect(taken).toMatchObject({
      refused: [
        { allocation_id: id(200), quantity: 2 },
        { allocation_id: id(201), quantity: 2 },
      ],
      touched: [order],
      facts: [{ type: 'change.accepted' }],
    });
    expect(await lines(made.id)).toEqual([
      ['short', 1, 2, 1],
      ['rejected', 0, 2, 0],
    ]);
    expect(await take(answered(cancelled(made.number, 'accepted')))).toMatchObject({ refused: [], facts: [], raise: [] });
    expect(await changeOf(made.id)).toEqual([{ state: 'accepted', due: false }]);
  });

  it('is not contradicted by an acknowledgement that they wrote before, but by one that they wrote after', async () => {
    const made = await sent();
    await ask(made.id);
    await run('sendChange');
    now = after(now, { hours: 2 });
    await take(answered(cancelled(made.number, 'accepted')));
    expect((await take(answered(acknowledged(made.number, [], { all: 'accepted', at: started })))).raise).toEqual([]);
    now = after(now, { hours: 1 });
    expect((await take(answered(acknowledged(made.number, [], { all: 'accepted' })))).raise).toMatchObject([{ kind: 'late_acceptance' }]);
  });

  it('that they refuse is told to a person, and their yes after that counts', async () => {
    const made = await sent();
    await ask(made.id);
    await run('sendChange');
    expect((await take(answered(cancelled(made.number, 'refused', 'already packed')))).raise).toMatchObject([
      { kind: 'cancel_refused', title: `Kestrel does not cancel ${made.number}: already packed.` },
    ]);
    expect((await take(answered(cancelled(made.number, 'accepted')))).refused).toHaveLength(2);
    expect((await take(answered(cancelled(made.number, 'refused')))).raise).toMatchObject([{ kind: 'late_acceptance' }]);
  });

  it('that nobody asked for is told to a person', async () => {
    const made = await sent();
    expect((await take(answered(cancelled(made.number, 'accepted')))).raise).toMatchObject([
      { kind: 'answer_unmatched', title: expect.stringContaining('which was not asked for') },
    ]);
  });

  it('that nobody answers for two days is told to a person', async () => {
    const made = await sent();
    await ask(made.id);
    await run('sendChange');
    await let24Hours('followChange', 1);
    expect(raised).toEqual([]);
    await let24Hours('followChange', 3);
    expect(raised).toMatchObject([
      { kind: 'cancel_refused', title: expect.stringContaining(`has not answered whether it cancels ${made.number}`) },
    ]);
    expect(raised).toHaveLength(1);
  });

  it('waits while nobody knows whether the order arrived, and goes out once it has', async () => {
    answerOfWire = async () => Promise.reject(new Fault('unknown', 'timeout', 'no answer'));
    const made = await sent();
    expect(await ask(made.id)).toEqual([]);
    await run('sendChange');
    expect(await changeOf(made.id)).toEqual([{ state: 'queued', due: false }]);
    answerOfLookUp = async () => ({ outcome: 'happened', reply: { reference: 'K-9', documents: [] } });
    await let24Hours('placePurchase', 1);
    await run('sendChange');
    expect(asked.map(({ what }) => what)).toEqual(['place', 'cancel']);
    expect(await changeOf(made.id)).toEqual([{ state: 'sent', due: true }]);
  });

  it('that waited ends here once a person says that the order did not arrive', async () => {
    answerOfWire = async () => Promise.reject(new Fault('unknown', 'timeout', 'no answer'));
    const made = await sent();
    await ask(made.id);
    expect(await inTx((tx) => cancelUnarrived(tx, [made.id]))).toEqual([]);
    await inTx((tx) => sql`update platform.effect set state = 'waiting' where tenant_id = ${tx.tenant}`.execute(tx.db));
    expect(await inTx((tx) => cancelUnarrived(tx, [made.id]))).toHaveLength(2);
    expect(await load(made.id)).toMatchObject({ transmission: 'cancelled' });
    expect(await changeOf(made.id)).toEqual([{ state: 'accepted', due: false }]);
  });

  it('by a person frees what could not be ordered, and a later acceptance is told', async () => {
    answerOfWire = async () => Promise.reject(new Fault('refused', 'http-422', 'no'));
    const made = await sent();
    expect(await inTx((tx) => refuseOpen(tx, made.id, 'It could not be ordered there.'))).toHaveLength(2);
    expect((await load(made.id)).transmission).toBe('cancelled');
    expect((await take(answered(acknowledged(made.number, [], { all: 'accepted', at: started })))).raise).toMatchObject([
      { kind: 'late_acceptance' },
    ]);
  });
});
