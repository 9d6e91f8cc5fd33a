import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { seededChance } from '#kernel/chance';
import { after, type Instant, instant } from '#kernel/time';
import { type Database, openDatabase, type Tx } from '#platform/db';
import { freshDatabase } from '../../../test/setup/database.ts';
import { addMatches, addOffers, addVariants, listUndo, rememberUndo, undo } from './index.ts';

const tenant = '01900000-0000-7000-8000-00000000000a';
const neighbour = '01900000-0000-7000-8000-00000000000b';
const supplier = '01900000-0000-7000-8000-000000000001';
const start = instant('2026-11-20T09:00:00Z');

let fresh: Awaited<ReturnType<typeof freshDatabase>>;
let database: Database;
let now: Instant = start;
let variant: string;
let offers: string[];

beforeAll(async () => {
  fresh = await freshDatabase();
  database = openDatabase({ url: fresh.url, clock: { now: () => now }, chance: seededChance(4) });
  await database.tx(tenant, async (tx) => {
    variant = (await addVariants(tx, [{ sku: 'MUG', title: 'Mug' }])).get('MUG') ?? '';
    const made = await addOffers(
      tx,
      ['M1', 'M2', 'M3', 'M4'].map((sku) => ({ supplier_id: supplier, supplier_sku: sku, cost_minor: 310n, currency: 'USD', quantity: 1 })),
    );
    offers = [...made.values()];
  });
});

afterAll(async () => {
  await database.close();
  await fresh.drop();
});

beforeEach(async () => {
  now = start;
  await database.tx(tenant, async (tx) => {
    await sql`delete from catalog.match where tenant_id = ${tx.tenant}`.execute(tx.db);
    await addMatches(
      tx,
      offers.slice(0, 3).map((offer_id) => ({ variant_id: variant, offer_id, state: 'suggested', confidence: 0.7, evidence: 'title' })),
    );
  });
});

const keys = () => offers.map((offer_id) => ({ variant_id: variant, offer_id }));
const states = (): Promise<(string | undefined)[]> =>
  database.tx(tenant, async (tx) => {
    const { rows } = await sql<{ offer_id: string; state: string }>`
      select offer_id, state from catalog.match where tenant_id = ${tx.tenant}`.execute(tx.db);
    return offers.map((offer) => rows.find((row) => row.offer_id === offer)?.state);
  });

/** The first is confirmed, the second taken away, the third left alone, the fourth made. */
async function change(tx: Tx): Promise<string> {
  await addMatches(tx, [
    { variant_id: variant, offer_id: offers[0] ?? '' },
    { variant_id: variant, offer_id: offers[3] ?? '' },
  ]);
  await sql`delete from catalog.match where tenant_id = ${tx.tenant} and offer_id = ${offers[1]}`.execute(tx.db);
  return 'done';
}

const remember = () =>
  database.tx(tenant, (tx) =>
    rememberUndo(
      tx,
      { kind: 'matches.approve', title: '2 matches approved', actor: 'person:1', rows: [{ target: 'match', keys: keys() }] },
      () => change(tx),
    ),
  );

describe('taking a change back', () => {
  it('puts changed, new and deleted rows back, and counts only rows that were touched', async () => {
    const { undoId, rows, done } = await remember();
    expect([rows, done]).toEqual([3, 'done']);
    expect(await states()).toEqual(['confirmed', undefined, 'suggested', 'confirmed']);
    expect(await database.tx(tenant, (tx) => undo(tx, undoId, 'person:1'))).toMatchObject({
      restored: 3,
      left: 0,
      kind: 'matches.approve',
    });
    expect(await states()).toEqual(['suggested', 'suggested', 'suggested', undefined]);
    const [row] = (
      await database.tx(tenant, (tx) =>
        sql`select confidence, evidence from catalog.match where tenant_id = ${tx.tenant} and offer_id = ${offers[1]}`.execute(tx.db),
      )
    ).rows;
    expect(row).toEqual({ confidence: '0.700', evidence: 'title' });
  });

  it('leaves what somebody changed since', async () => {
    const { undoId } = await remember();
    await database.tx(tenant, (tx) => addMatches(tx, [{ variant_id: variant, offer_id: offers[0] ?? '', state: 'rejected' }]));
    expect(await database.tx(tenant, (tx) => undo(tx, undoId, 'person:1'))).toMatchObject({ restored: 2, left: 1 });
    expect(await states()).toEqual(['rejected', 'suggested', 'suggested', undefined]);
  });

  it('is possible once, for a quarter of an hour, and for its own tenant alone', async () => {
    const { undoId } = await remember();
    expect((await database.tx(tenant, listUndo)).map(({ id }) => id)).toContain(undoId);
    await expect(database.tx(neighbour, (tx) => undo(tx, undoId, 'person:2'))).rejects.toMatchObject({ code: 'not-found' });
    now = after(start, { minutes: 16 });
    expect((await database.tx(tenant, listUndo)).map(({ id }) => id)).not.toContain(undoId);
    await expect(database.tx(tenant, (tx) => undo(tx, undoId, 'person:1'))).rejects.toMatchObject({ code: 'wrong-state' });
    now = after(start, { minutes: 14 });
    await database.tx(tenant, (tx) => undo(tx, undoId, 'person:1'));
    await expect(database.tx(tenant, (tx) => undo(tx, undoId, 'person:1'))).rejects.toThrow(/taken back already/);
  });

  it('reads the keys from a query as well', async () => {
    const { rows } = await database.tx(tenant, (tx) =>
      rememberUndo(
        tx,
        {
          kind: 'matches.approve',
          title: 'all',
          actor: 'person:1',
          rows: [{ target: 'match', keys: sql`(select variant_id, offer_id from catalog.match where tenant_id = ${tx.tenant})` }],
        },
        () => sql`update catalog.match set state = 'confirmed' where tenant_id = ${tx.tenant}`.execute(tx.db),
      ),
    );
    expect(rows).toBe(3);
  });
});
