import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { seededChance } from '#kernel/chance';
import { Fault } from '#kernel/fault';
import { after, instant } from '#kernel/time';
import { type Database, openDatabase, type Tx } from '#platform/db';
import { makeWork, type NewException, reading } from '#platform/work';
import type { Fetched } from '#ports/supplier';
import { freshDatabase } from '../../../test/setup/database.ts';
import {
  addSuppliers,
  changeSupplier,
  decidePolled,
  decidePollFailed,
  findSupplier,
  type NewSupplier,
  recordPolled,
  type Supplier,
  supplier,
  supplierCodes,
} from './index.ts';

const tenant = '01900000-0000-7000-8000-00000000000a';
const neighbour = '01900000-0000-7000-8000-00000000000b';
const started = instant('2026-11-20T09:00:00Z');

let fresh: Awaited<ReturnType<typeof freshDatabase>>;
let database: Database;
let now = started;
let fetched: (one: Supplier) => Promise<Fetched> = async () => ({ documents: [], cursor: '', more: false });
const asked: string[] = [];
const raised: NewException[] = [];
const resolved: string[] = [];

beforeAll(async () => {
  fresh = await freshDatabase();
  database = openDatabase({ url: fresh.url, clock: { now: () => now }, chance: seededChance(4) });
});

afterAll(async () => {
  await database.close();
  await fresh.drop();
});

beforeEach(async () => {
  now = started;
  for (const list of [asked, raised, resolved]) list.length = 0;
  for (const owner of [tenant, neighbour])
    await database.tx(owner, (tx) => sql`delete from suppliers.supplier where tenant_id = ${tx.tenant}`.execute(tx.db));
});

const terms = (code: string, more: Partial<NewSupplier> = {}): NewSupplier => ({
  code,
  name: code.toLowerCase(),
  state: 'live',
  country: 'DE',
  currency: 'EUR',
  time_zone: 'Europe/Berlin',
  ships_to: ['DE', 'AT'],
  rank: 1,
  handling_days: 1,
  transit_days: { DE: 2, '*': 9 },
  ack_hours: 24,
  ship_hours: 48,
  order_fee_minor: 150n,
  shipping_minor: { DE: 490 },
  transport: 'rest',
  transport_settings: { baseUrl: 'https://kestrel.test' },
  secrets: new Uint8Array([1, 2, 255]),
  contact_email: 'orders@kestrel.test',
  ...more,
});
const inTx = <T>(what: (tx: Tx) => Promise<T>, owner = tenant): Promise<T> => database.tx(owner, what);
const add = (...suppliers: NewSupplier[]) => inTx((tx) => addSuppliers(tx, suppliers));
const row = (id: string) =>
  inTx(async (tx) => {
    const { rows } = await sql<
      Record<string, unknown>
    >`select * from suppliers.supplier where tenant_id = ${tx.tenant} and id = ${id}`.execute(tx.db);
    return rows[0] ?? {};
  });

const pollSupplier = reading(supplier, {
  name: 'pollSupplier',
  from: ['idle', 'stopped'],
  to: ['idle', 'stopped'],
  account: ({ code }) => code,
  ask: async (_far: null, one: Supplier) => {
    asked.push(one.poll_cursor);
    return fetched(one);
  },
  record: recordPolled,
  decide: decidePolled,
  refused: decidePollFailed,
});
const poll = () =>
  makeWork(database, [pollSupplier], {
    farOf: async () => null,
    concurrency: 1,
    hooks: {
      facts: async () => {},
      raise: async (_tx, made) => void raised.push(...made),
      resolve: async (_tx, over) => void resolved.push(...over.map(({ kind }) => kind)),
    },
  }).turn('pollSupplier', tenant);

describe('suppliers', () => {
  it('are added as they are, with their secrets byte for byte, and seen by nobody else', async () => {
    const id = (await add(terms('KESTREL'), terms('HARROW'))).get('KESTREL') ?? '';
    expect(await inTx((tx) => findSupplier(tx, id))).toMatchObject({
      code: 'KESTREL',
      transport_settings: { baseUrl: 'https://kestrel.test' },
      secrets: Buffer.from([1, 2, 255]),
      poll_state: 'idle',
      poll_cursor: '',
      polled_at: null,
      created_at: started,
    });
    expect([...(await inTx(supplierCodes)).keys()].sort()).toEqual(['HARROW', 'KESTREL']);
    expect(await inTx((tx) => findSupplier(tx, id), neighbour)).toBeNull();
    expect(await inTx((tx) => changeSupplier(tx, id, { rank: 9 }), neighbour)).toBe(false);
  });

  it('given again under the same code get new terms and keep their id, secrets and place in what was fetched', async () => {
    const id = (await add(terms('KESTREL'))).get('KESTREL') ?? '';
    await inTx((tx) => recordPolled(tx, [{ thing: { id } as Supplier, reply: { documents: [], cursor: 'c7', more: false } }]));
    expect((await add(terms('KESTREL', { ack_hours: 8, shipping_minor: { DE: '520' }, ships_to: [], secrets: null }))).get('KESTREL')).toBe(
      id,
    );
    expect(await row(id)).toMatchObject({
      ack_hours: 8,
      shipping_minor: { DE: '520' },
      ships_to: [],
      poll_cursor: 'c7',
      secrets: Buffer.from([1, 2, 255]),
    });
    await add(terms('KESTREL', { transport: 'file', transport_settings: {} }));
    expect(await row(id)).toMatchObject({ transport: 'file', poll_cursor: '' });
  });

  it('are changed in what is given, and in nothing else', async () => {
    const id = (await add(terms('KESTREL'))).get('KESTREL') ?? '';
    const before = await row(id);
    expect(await inTx((tx) => changeSupplier(tx, id, { state: 'paused', paused_reason: 'holidays', ships_to: ['AT'], rank: 4 }))).toBe(
      true,
    );
    expect(await row(id)).toEqual({ ...before, state: 'paused', paused_reason: 'holidays', ships_to: ['AT'], rank: 4 });
    await inTx((tx) => changeSupplier(tx, id, { state: 'live', paused_reason: '' }));
    expect(await row(id)).toMatchObject({ state: 'live', paused_reason: '', rank: 4 });
    await expect(inTx((tx) => changeSupplier(tx, id, { ack_hours: 0 }))).rejects.toThrow(/check/);
  });
});

describe('polling', () => {
  it('goes on from the last cursor: at once while more waits, else after the interval', async () => {
    const id = (await add(terms('KESTREL', { transport_settings: { pollMinutes: 15 } }))).get('KESTREL') ?? '';
    fetched = async ({ poll_cursor }) => ({ documents: [], cursor: poll_cursor === '' ? 'c1' : 'c2', more: poll_cursor === '' });
    await poll();
    await poll();
    await poll();
    expect(asked).toEqual(['', 'c1']);
    expect(await row(id)).toMatchObject({ poll_cursor: 'c2', polled_at: now, due_at: after(now, { minutes: 15 }) });
  });

  it('tells a person of what needs one, once, and no more when it works again', async () => {
    const id = (await add(terms('KESTREL'))).get('KESTREL') ?? '';
    fetched = async () => Promise.reject(new Fault('misconfigured', 'http-401', 'the key was refused'));
    await poll();
    expect(raised).toMatchObject([
      {
        kind: 'connection_broken',
        subject: { kind: 'supplier', id },
        title: 'What kestrel leaves for us cannot be read: the key was refused',
        evidence: { code: 'http-401' },
      },
    ]);
    now = after(now, { minutes: 31 });
    await poll();
    expect([asked.length, raised.length]).toEqual([2, 1]);
    fetched = async () => ({ documents: [], cursor: '', more: false });
    now = after(now, { minutes: 31 });
    await poll();
    await poll();
    expect(resolved).toEqual(['connection_broken']);
    expect((await row(id))['poll_state']).toBe('idle');
  });

  it('waits out passing trouble, and tells a person when it does not pass', async () => {
    await add(terms('KESTREL'));
    fetched = async () => Promise.reject(new Fault('transient', 'http-503', 'they are down'));
    for (let turn = 0; turn < 35; turn += 1) {
      await poll();
      now = after(now, { minutes: 10 });
    }
    expect([asked.length, raised.length]).toEqual([35, 0]);
    for (let turn = 0; turn < 12; turn += 1) {
      await poll();
      now = after(now, { minutes: 30 });
    }
    expect(raised.map(({ title }) => title)).toEqual(['What kestrel leaves for us cannot be read for 6 h: they are down']);
  });
});
