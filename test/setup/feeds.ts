import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { type FeedRoom, takeFeed, workFeeds } from '#flows/feed-life';
import { seededChance } from '#kernel/chance';
import { after, instant } from '#kernel/time';
import type { FeedOutcome } from '#modules/catalog';
import { addSuppliers } from '#modules/suppliers';
import { type Database, openDatabase, type Tx } from '#platform/db';
import { freshDatabase } from './database.ts';

/** A shop with suppliers whose feeds are brought, on a real database, with a clock that the test turns. */
export interface FeedShop {
  tenant: string;
  database: Database;
  room: FeedRoom;
  url: string;
  supplier(code: string): Promise<string>;
  take(supplierId: string, text: string | Uint8Array, name?: string): Promise<FeedOutcome>;
  inTx<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  rows<R>(text: string): Promise<R[]>;
  /** `SKU cost quantity state` of each offer, by SKU. */
  offers(supplierId: string): Promise<string[]>;
  open(): Promise<string[]>;
  later(minutes: number): void;
  now(): Temporal.Instant;
  close(): Promise<void>;
}

export async function openFeedShop(): Promise<FeedShop> {
  const tenant = '01900000-0000-7000-8000-00000000000a';
  const fresh = await freshDatabase();
  let now = instant('2026-11-20T09:00:00Z');
  const database = openDatabase({ url: fresh.url, clock: { now: () => now }, chance: seededChance(4) });
  const room: FeedRoom = {
    db: database,
    folder: mkdtempSync(join(tmpdir(), 'stockless-feeds-')),
    trouble: (error) => {
      throw error;
    },
  };
  const inTx = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => database.tx(tenant, work);
  const rows = <R>(text: string): Promise<R[]> => inTx(async (tx) => (await sql.raw(text).execute(tx.db)).rows as R[]);
  async function* bytes(text: string | Uint8Array): AsyncGenerator<Uint8Array> {
    yield Buffer.from(text as string);
  }
  return {
    tenant,
    database,
    room,
    url: fresh.url,
    inTx,
    rows,
    supplier: (code) => inTx(async (tx) => (await addSuppliers(tx, [termsOf(code)])).get(code) ?? ''),
    take: async (supplierId, text, name = 'stock.csv') => {
      now = after(now, { minutes: 10 });
      const run = await takeFeed(room, tenant, { supplierId, name, by: 'person:p', bytes: bytes(text) });
      const [outcome] = await workFeeds(room, tenant, run);
      if (!outcome) throw new Error('the run was not worked on');
      return outcome;
    },
    offers: async (supplierId) =>
      (
        await rows<{ line: string }>(
          `select supplier_sku || ' ' || coalesce(cost_minor::text, '-') || ' ' || quantity || ' ' || state as line from catalog.offer where supplier_id = '${supplierId}' order by supplier_sku`,
        )
      ).map(({ line }) => line),
    open: async () =>
      (await rows<{ kind: string }>(`select kind from exceptions.v_exception where state = 'open' order by kind`)).map(({ kind }) => kind),
    later: (minutes) => {
      now = after(now, { minutes });
    },
    now: () => now,
    close: async () => {
      await database.close();
      await fresh.drop();
      rmSync(room.folder, { recursive: true });
    },
  };
}

const termsOf = (code: string) => ({
  code,
  name: code.charAt(0) + code.slice(1).toLowerCase(),
  state: 'live' as const,
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
  transport: 'file' as const,
  transport_settings: {},
  secrets: null,
  contact_email: `stock@${code.toLowerCase()}.test`,
});
