import { sql } from 'kysely';
import { invariant } from '#kernel/fault';
import { isUuid } from '#kernel/id';
import type { Instant } from '#kernel/time';
import { copyOutBinary, copyTextInto, json, readOnlyValue, type Tx } from '#platform/db';
import { defaultFeedSettings, type FeedImport, type FeedOutcome, type FeedSettings, type RefusedRow } from './feed-words.ts';
import { keepable } from './keepable.ts';
import type { Prints } from './prints.ts';

/** What is kept of a supplier's feed. */
export interface FeedKept {
  settings: FeedSettings;
  content_hash: Uint8Array | null;
  complete_at: Instant | null;
  told: number;
  reading: Uint8Array | null;
  unlisted: number;
  /** The supplier's. */
  currency: string;
}

/** Locked until the transaction ends: one file of a supplier at a time. Throws when there is no such supplier. */
export async function lockFeed(tx: Tx, supplierId: string): Promise<FeedKept> {
  await sql`
    insert into catalog.feed (tenant_id, supplier_id)
    select tenant_id, id from suppliers.v_supplier where tenant_id = ${tx.tenant} and id = ${supplierId}
        on conflict do nothing`.execute(tx.db);
  const { rows } = await sql<
    Omit<FeedKept, 'settings' | 'told' | 'unlisted'> & { settings: object; said: object | null; told: bigint; unlisted: bigint }
  >`
    select feed.settings, feed.content_hash, feed.complete_at, feed.told, feed.reading, feed.unlisted, supplier.currency,
           supplier.transport_settings -> 'feed' as said
      from catalog.feed
      join suppliers.v_supplier as supplier on supplier.tenant_id = feed.tenant_id and supplier.id = feed.supplier_id
     where feed.tenant_id = ${tx.tenant} and feed.supplier_id = ${supplierId}
       for update of feed`.execute(tx.db);
  const [kept] = rows;
  if (!kept) throw new Error(`There is no supplier ${supplierId} whose feed could be imported`);
  // How their files are written is agreed with the supplier, unless somebody said so of the feed.
  return {
    ...kept,
    settings: settingsOf({ ...(kept.said ? { mapping: kept.said } : {}), ...kept.settings }),
    told: Number(kept.told),
    unlisted: Number(kept.unlisted),
  };
}

/** Eight bytes for each line of the last file: by COPY, since as text they would be three times in memory. */
export async function printsOf(tx: Tx, supplierId: string): Promise<Uint8Array | null> {
  invariant(isUuid(tx.tenant) && isUuid(supplierId), 'tenants and suppliers are named by uuids');
  return readOnlyValue(
    copyOutBinary(tx, `select prints from catalog.feed where tenant_id = '${tx.tenant}' and supplier_id = '${supplierId}'`),
  );
}

export function settingsOf(kept: Partial<FeedSettings>): FeedSettings {
  return { ...defaultFeedSettings, ...kept, limits: { ...defaultFeedSettings.limits, ...kept.limits } };
}

export async function feedSettings(tx: Tx, supplierId: string): Promise<FeedSettings> {
  const { rows } = await sql<{ settings: object }>`
    select settings from catalog.feed where tenant_id = ${tx.tenant} and supplier_id = ${supplierId}`.execute(tx.db);
  return settingsOf(rows[0]?.settings ?? {});
}

/** Keeps what is given beside what is there. The next file is read anew as a whole, as lines may mean something else now. */
export async function saveFeedSettings(tx: Tx, supplierId: string, change: Partial<FeedSettings>): Promise<void> {
  await sql`
    insert into catalog.feed as ours (tenant_id, supplier_id, settings) values (${tx.tenant}, ${supplierId}, ${json(change)})
        on conflict (tenant_id, supplier_id) do update set settings = ours.settings || excluded.settings, prints = null, reading = null`.execute(
    tx.db,
  );
}

/** Offers were changed by other hands than the feed's: the next file is read as a whole. */
export async function forgetLines(tx: Tx, supplierIds: readonly string[]): Promise<void> {
  await sql`update catalog.feed set prints = null, reading = null where tenant_id = ${tx.tenant} and supplier_id = any(${supplierIds}::uuid[])`.execute(
    tx.db,
  );
}

/** The next file is read as a whole, and is news even when it is the same. */
export async function forgetFile(tx: Tx, supplierId: string): Promise<void> {
  await sql`update catalog.feed set prints = null, reading = null, content_hash = null where tenant_id = ${tx.tenant} and supplier_id = ${supplierId}`.execute(
    tx.db,
  );
}

export interface FeedApplied {
  content_hash: Uint8Array | null;
  complete_at: Instant;
  told: number;
  unlisted: number;
  reading: Uint8Array | null;
  /** `as-before`: those that are kept already. */
  prints: Prints | null | 'as-before';
}

export async function keepFeed(tx: Tx, supplierId: string, it: FeedApplied): Promise<void> {
  if (it.prints !== null && it.prints !== 'as-before') await sendPrints(tx, it.prints);
  const prints =
    it.prints === null
      ? sql`null`
      : it.prints === 'as-before'
        ? sql`prints`
        : sql`(select coalesce(string_agg(part, ''::bytea order by nth), ''::bytea) from feed_prints)`;
  await sql`
    update catalog.feed
       set content_hash = ${it.content_hash && Buffer.from(it.content_hash)}, complete_at = ${it.complete_at}, told = ${it.told}, unlisted = ${it.unlisted},
           reading = ${it.reading && Buffer.from(it.reading)}, prints = ${prints}
     where tenant_id = ${tx.tenant} and supplier_id = ${supplierId}`.execute(tx.db);
}

/** Piece by piece: as one parameter they would be three times in memory. */
async function sendPrints(tx: Tx, prints: Prints): Promise<void> {
  await sql`create temp table feed_prints (nth int, part bytea) on commit drop`.execute(tx.db);
  await sql`alter table feed_prints alter column part set storage external`.execute(tx.db);
  async function* pieces(): AsyncGenerator<Uint8Array> {
    // The signature, no flags, and nothing more in the header.
    yield Buffer.concat([Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1'), Buffer.alloc(8)]);
    let nth = 0;
    for (const part of prints.parts()) {
      // Two fields: four bytes of number, and the piece as it is.
      const head = Buffer.alloc(14);
      head.writeInt16BE(2, 0);
      head.writeInt32BE(4, 2);
      head.writeInt32BE(nth, 6);
      head.writeInt32BE(part.byteLength, 10);
      yield head;
      yield new Uint8Array(part.buffer, part.byteOffset, part.byteLength);
      nth += 1;
    }
    yield Buffer.from([0xff, 0xff]);
  }
  await copyTextInto(tx, 'feed_prints', ['nth', 'part'], 'format binary', pieces());
}

/** A run that was held or broken off begins anew under its id. */
export async function beginFeedRun(tx: Tx, ask: Pick<FeedImport, 'runId' | 'supplierId' | 'name' | 'observedAt'>): Promise<void> {
  await sql`
    insert into catalog.feed_run (tenant_id, id, supplier_id, name, state, observed_at, started_at)
    values (${tx.tenant}, ${ask.runId}, ${ask.supplierId}, ${ask.name}, 'running', ${ask.observedAt}, ${tx.now})
        on conflict (tenant_id, id) do update
       set state = 'running', why = '', started_at = excluded.started_at, ended_at = null
     where feed_run.state <> 'applied'`.execute(tx.db);
}

/** False when it was applied already: then nothing of this transaction may stay. */
export async function endFeedRun(tx: Tx, outcome: FeedOutcome): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update catalog.feed_run
       set state = ${outcome.state}, rows_read = ${outcome.rows_read}, rows_new = ${outcome.rows_new}, rows_changed = ${outcome.rows_changed},
           rows_same = ${outcome.rows_same}, rows_refused = ${outcome.rows_refused}, rows_gone = ${outcome.rows_gone}, why = ${keepable(outcome.why)},
           refused = ${json(keepable(outcome.refused))}, ended_at = ${tx.now}
     where tenant_id = ${tx.tenant} and id = ${outcome.run} and state = 'running'`.execute(tx.db);
  return numAffectedRows === 1n;
}

export interface FeedRun {
  id: string;
  supplier_id: string;
  name: string;
  state: 'running' | 'applied' | 'held' | 'failed' | 'cancelled';
  why: string;
  observed_at: Instant;
  kind: 'file' | 'replay' | 'rollback';
  has_file: boolean;
  has_changes: boolean;
  refused: RefusedRow[];
}

/** Locked until the transaction ends. */
export async function findFeedRun(tx: Tx, id: string): Promise<FeedRun | null> {
  const { rows } = await sql<FeedRun>`
    select id, supplier_id, name, state, why, observed_at, kind, has_file, has_changes, refused from catalog.feed_run where tenant_id = ${tx.tenant} and id = ${id} for update`.execute(
    tx.db,
  );
  return rows[0] ?? null;
}

/** A file that is held, or waits for its turn, is not applied, whatever it says: false when it is neither. */
export async function dismissFeedRun(tx: Tx, id: string): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update catalog.feed_run set state = 'cancelled', ended_at = ${tx.now} where tenant_id = ${tx.tenant} and id = ${id} and state in ('held', 'running')`.execute(
    tx.db,
  );
  return numAffectedRows === 1n;
}

/** The newest run of a supplier's feed that was applied and whose file is kept. */
export async function newestKept(tx: Tx, supplierId: string): Promise<{ id: string; name: string } | null> {
  const { rows } = await sql<{ id: string; name: string }>`
    select id, name from catalog.feed_run
     where tenant_id = ${tx.tenant} and supplier_id = ${supplierId} and state = 'applied' and has_file
     order by observed_at desc, id desc limit 1`.execute(tx.db);
  return rows[0] ?? null;
}
