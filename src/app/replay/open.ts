import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import type { HistoryOutside, HistorySupplier } from '#world/replay-outside';
import type { FeedRoom } from '#flows/feed-life';
import { seededChance } from '#kernel/chance';
import { uuidV7 } from '#kernel/id';
import { addMatches, addOffers, addVariants } from '#modules/catalog';
import { addChannels } from '#modules/channels';
import { addTenant } from '#modules/identity';
import { addSuppliers } from '#modules/suppliers';
import { readConfig } from '#platform/config';
import { migrate, startEmbedded, type Tx } from '#platform/db';
import { makeSealer, readMasterKey } from '#platform/secrets';
import { type VirtualClock, virtualSleep } from '../drive.ts';
import { makeProgram, type Program } from '../program.ts';
import { type Outside, sealSecrets, secretField } from '../wire.ts';

/** A database of the replay's own, on the server that DATABASE_URL names or on the one that came with the program. */
export interface OwnDatabase {
  url: string;
  name: string;
  /** Lets PostgreSQL count its rows: a table that was empty a minute ago is planned for as if it were. */
  analyze(): Promise<void>;
  close(keep: boolean): Promise<void>;
}

export async function openOwnDatabase(say: (line: string) => void): Promise<OwnDatabase> {
  const config = readConfig();
  const embedded = config.databaseUrl ? null : await startEmbedded({ dataDir: join(config.data, 'postgres'), log: say });
  const server = config.databaseUrl ?? embedded?.url ?? '';
  const name = `stockless_replay_${randomBytes(5).toString('hex')}`;
  const inDatabase = (database: string): string => {
    const url = new URL(server);
    url.pathname = `/${database}`;
    return url.href;
  };
  await run(server, `create database ${name}`);
  const url = new URL(inDatabase(name));
  await migrate(url.href);
  // What a crash would take is made again from the file; nothing waits for the disk.
  url.searchParams.set('options', '-c synchronous_commit=off');
  return {
    url: url.href,
    name,
    analyze: () => run(url.href, 'analyze'),
    close: async (keep) => {
      if (!keep) await run(server, `drop database if exists ${name} with (force)`);
      await embedded?.stop();
    },
  };
}

async function run(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(statement).finally(() => client.end());
}

export interface Stage {
  program: Program;
  tenant: string;
  channel: string;
  feeds: FeedRoom;
  close(): Promise<void>;
}

/** The program on that database, with one shop, its assortment and the suppliers of the outside given. */
export async function openStage(url: string, outside: HistoryOutside, clock: VirtualClock, seed: number): Promise<Stage> {
  const chance = seededChance(seed);
  const program = makeProgram({
    url,
    clock,
    chance,
    sleep: virtualSleep,
    outsideOf: () => outsideOf(outside),
    sealer: makeSealer([readMasterKey(Buffer.alloc(32, 11).toString('base64url'))]),
    linkKey: Buffer.alloc(32, 7),
    publicUrl: 'https://stockless.example',
    mailFrom: 'orders@stockless.example',
    concurrency: 4,
    connections: 8,
  });
  const tenant = uuidV7(clock.now(), chance);
  const folder = mkdtempSync(join(tmpdir(), 'stockless-replay-'));
  await program.db.outsideTenants((tx) =>
    addTenant(tx, { id: tenant, name: 'Replayed history', mode: 'test', brand: { name: 'Replayed history' }, settings: {} }),
  );
  const channel = await program.db.tx(tenant, (tx) => furnish(tx, program, outside));
  let broken: unknown = null;
  const feeds: FeedRoom = { db: program.db, folder, trouble: (error) => (broken ??= error) };
  return {
    program,
    tenant,
    channel,
    feeds,
    close: async () => {
      await program.close();
      rmSync(folder, { recursive: true, force: true });
      if (broken) throw new Error('A feed of the replay broke', { cause: broken });
    },
  };
}

const outsideOf = ({ fetch, messages, carrier }: HistoryOutside): Outside => ({
  fetch,
  messages,
  carrier,
  mailbox: { waiting: async () => [], taken: async () => {} },
  drop: () => {
    throw new Error('nobody drops files in a replay');
  },
});

/** Pence of one parcel within the country and to the rest of the world, by supplier; the rest of an agreement is as usual. */
const shippingMinor = { uk: '495', '*': '1295' };

async function furnish(tx: Tx, { options }: Program, { suppliers, store }: HistoryOutside): Promise<string> {
  const channel = tx.newId();
  await addChannels(tx, [
    {
      id: channel,
      code: 'history',
      name: 'The shop of the history',
      kind: 'rest',
      currency: 'GBP',
      settings: { baseUrl: store.baseUrl, pollMinutes: 1_440 },
      secrets: sealSecrets(options.sealer, { token: store.token }, tx.tenant, secretField('channel', channel)),
    },
  ]);
  const ids = await addSuppliers(
    tx,
    suppliers.map((one, rank) => {
      const id = tx.newId();
      return {
        id,
        code: one.code,
        name: one.name,
        state: 'live' as const,
        country: 'GB',
        currency: 'GBP',
        time_zone: 'Europe/London',
        ships_to: [],
        rank: rank + 1,
        handling_days: one.handlingDays,
        transit_days: { uk: one.transitDays, '*': one.transitDays * 2 },
        ack_hours: 24,
        ship_hours: 96,
        order_fee_minor: 0n,
        shipping_minor: shippingMinor,
        transport: 'rest' as const,
        transport_settings: { baseUrl: one.baseUrl, pollMinutes: 60 },
        contact_email: '',
        secrets: sealSecrets(options.sealer, { token: one.token }, tx.tenant, secretField('supplier', id)),
      };
    }),
  );
  await offerAll(tx, suppliers, ids);
  return channel;
}

async function offerAll(tx: Tx, suppliers: readonly HistorySupplier[], ids: ReadonlyMap<string, string>): Promise<void> {
  const given = suppliers.flatMap(({ code, offers }) => offers.map((offer) => ({ ...offer, supplier_id: ids.get(code) ?? '' })));
  const variants = await addVariants(
    tx,
    given.map(({ sku, title }) => ({ sku, title })),
  );
  const offers = await addOffers(
    tx,
    given.map((one) => ({
      supplier_id: one.supplier_id,
      supplier_sku: one.supplierSku,
      title: one.title,
      cost_minor: one.costMinor,
      currency: 'GBP',
      quantity: one.quantity,
    })),
  );
  await addMatches(
    tx,
    given.flatMap((one) => {
      const variant_id = variants.get(one.sku);
      const offer_id = offers.get(`${one.supplier_id} ${one.supplierSku}`);
      return variant_id && offer_id ? [{ variant_id, offer_id, evidence: 'The supplier says whose article it is.' }] : [];
    }),
  );
}
