import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeWorkerUtils } from 'graphile-worker';
import pg from 'pg';
import type { OfferSetup, Setup, SupplierSetup } from '#world/world';
import { realOutside } from '#app/outside';
import { makeProgram, type Program } from '#app/program';
import { settleIn } from '#app/settle-in';
import { readConfig } from '#platform/config';
import { arrive } from '#platform/inbox';
import { newMasterKey, newWebhookSecret, openKeyring } from '#platform/secrets';
import { sleep, systemChance, systemClock } from '#platform/time';
import { sharedBell } from '#platform/work';
import { freshDatabase } from './database.ts';
import { fastClock } from './race-clock.ts';
import type { SupplierServer } from './supplier-server.ts';

export const raceTenant = '01900000-0000-7000-8000-0000000000ac';
export const supplierToken = 'sk_race';
const suppliers = ['NORTH', 'SOUTH', 'WEST'] as const;

/** What all processes of one race share through their environment. */
export type RaceEnv = Record<string, string>;

export interface Race {
  env: RaceEnv;
  program: Program;
  url: string;
  hookUrl: string;
  webhookSecret: string;
  folder: string;
  /** Lets orders arrive at the door and rings the bell. */
  order(orders: readonly RaceOrder[]): Promise<void>;
  rows<R extends object>(text: string): Promise<R[]>;
  /** Rings for whatever is due now, as the minute's sweep does. */
  sweep(): Promise<void>;
  close(): Promise<void>;
}

export interface RaceOrder {
  id: string;
  lines: { sku: string; quantity: number }[];
}

export interface RaceGoods {
  sku: string;
  /** How many each of the suppliers has, in their order; left out where one does not carry it. */
  stock: readonly (number | undefined)[];
}

/** A shop on a database of its own with three suppliers on the server given, and everything a process of the program needs. */
export async function openRace(server: SupplierServer, goods: readonly RaceGoods[], speed = 1): Promise<Race> {
  const fresh = await freshDatabase();
  const folder = mkdtempSync(join(tmpdir(), 'stockless-race-'));
  const webhookSecret = newWebhookSecret();
  const env: RaceEnv = {
    DATABASE_URL: fresh.url,
    STOCKLESS_DATA: folder,
    STOCKLESS_KEY: newMasterKey(),
    STOCKLESS_ALLOW_HOSTS: server.host,
    STOCKLESS_LOG: 'warn',
    STOCKLESS_LOG_FORM: 'json',
    STOCKLESS_PUBLIC_URL: 'http://stockless.test',
    RACE_BEGAN: String(Date.now()),
    RACE_SPEED: String(speed),
  };
  const { program, close } = programOf(env);
  let hookUrl = '';
  const setup = setupOf(server, goods, webhookSecret);
  const settled = await settleIn(
    program,
    { setup: () => setup, hook: (_channel, address) => void (hookUrl = address) },
    'test',
    raceTenant,
  );
  const channel = settled.channels.get('shop') ?? '';
  const owner = new pg.Pool({ connectionString: fresh.url, max: 2 });
  // The database is dropped under it at the end.
  owner.on('error', () => {});
  owner.on('connect', (client) => client.on('error', () => {}));
  const utils = await makeWorkerUtils({ pgPool: owner });
  const rows = async <R extends object>(text: string): Promise<R[]> => (await owner.query<R>(text)).rows;
  return {
    env,
    program,
    url: fresh.url,
    folder,
    hookUrl,
    webhookSecret,
    rows,
    order: (orders) =>
      program.db.tx(raceTenant, async (tx) => {
        const at = tx.now.toString();
        await arrive(
          tx,
          orders.map((one) => ({
            kind: 'order',
            source: `channel:${channel}`,
            object: one.id,
            name: 'order.created',
            headers: {},
            body: Buffer.from(JSON.stringify(storeOrder(one, at))),
          })),
        );
      }),
    sweep: async () => void (await utils.addJob('sweep', {}, { jobKey: 'race-sweep' })),
    close: async () => {
      await utils.release();
      await owner.end();
      await program.close();
      await close();
      await fresh.drop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The program in this process, to prepare the shop and to let orders arrive; it runs no steps. */
function programOf(env: RaceEnv): { program: Program; close(): Promise<void> } {
  const { outside, close } = realOutside(readConfig(env));
  const program = makeProgram({
    url: env['DATABASE_URL'] ?? '',
    clock: fastClock(Number(env['RACE_BEGAN']), Number(env['RACE_SPEED'])),
    chance: systemChance,
    sleep,
    outsideOf: () => outside,
    sealer: openKeyring({ dataDir: env['STOCKLESS_DATA'] ?? '', env }),
    linkKey: Buffer.alloc(32, 7),
    publicUrl: env['STOCKLESS_PUBLIC_URL'] ?? '',
    mailFrom: 'orders@stockless.test',
    concurrency: 4,
    connections: 3,
    bell: sharedBell,
  });
  return { program, close };
}

function setupOf(server: SupplierServer, goods: readonly RaceGoods[], webhookSecret: string): Setup {
  return {
    tenant: { name: 'Race', brand: { name: 'Race', email: 'hello@stockless.test' } },
    channels: [
      {
        code: 'shop',
        name: 'Shop',
        kind: 'rest',
        currency: 'USD',
        settings: { baseUrl: server.urlOf('shop') },
        secrets: { token: supplierToken, webhookSecret },
        drop: null,
      },
    ],
    suppliers: suppliers.map((code, place) =>
      supplierOf(
        server,
        code,
        goods.flatMap((one) => offerOf(one, place)),
      ),
    ),
    variants: goods.map(({ sku }) => ({
      sku,
      title: `Lamp ${sku}`,
      brand: 'Race',
      gtin: '',
      price_minor: 2_500n,
      currency: 'USD',
      weight_grams: 400,
    })),
    listings: goods.map(({ sku }) => ({ channel: 'shop', sku, variant: sku })),
    carrier: { baseUrl: server.urlOf('carrier'), token: supplierToken },
    address: 'hello@stockless.test',
  };
}

function offerOf({ sku, stock }: RaceGoods, place: number): OfferSetup[] {
  const quantity = stock[place];
  if (quantity === undefined) return [];
  return [
    {
      supplier_sku: `${place}-${sku}`,
      title: `Lamp ${sku}`,
      brand: 'Race',
      gtin: '',
      mpn: sku,
      cost_minor: 900n + BigInt(place),
      currency: 'USD',
      quantity,
      variant: sku,
    },
  ];
}

const supplierOf = (server: SupplierServer, code: string, offers: OfferSetup[]): SupplierSetup => ({
  code,
  name: `${code} Supply`,
  state: 'live',
  character: 'plain',
  country: 'US',
  currency: 'USD',
  time_zone: 'America/New_York',
  ships_to: ['US'],
  rank: 1,
  handling_days: 1,
  transit_days: { US: 3 },
  ack_hours: 24,
  ship_hours: 72,
  order_fee_minor: 0n,
  shipping_minor: { US: 500n },
  transport: 'rest',
  // It does not know a number again: whatever is said twice is delivered twice.
  transport_settings: { baseUrl: server.urlOf(code), dedupes: false },
  secrets: { token: supplierToken },
  contact_email: `orders@${code.toLowerCase()}.test`,
  offers,
  feed: { supplier: code, name: 'stock.csv', bytes: new Uint8Array(), at: systemClock.now() },
});

/** An order as the store writes it; every one has a shopper of its own, so that none looks like another. */
export function storeOrder({ id, lines }: RaceOrder, at: string) {
  const subtotal = lines.reduce((sum, { quantity }) => sum + 25 * quantity, 0);
  const name = `Ada ${id.replaceAll(/\d/g, (figure) => 'abcdefghij'[Number(figure)] ?? '')}`;
  return {
    id,
    number: `#${id}`,
    created_at: at,
    updated_at: at,
    currency: 'USD',
    financial_status: 'paid',
    cancelled_at: null,
    customer: { name, email: `ada.${id}@shopper.example`, phone: '+1 503 555 0142' },
    shipping_address: {
      name,
      line1: `${id.replaceAll(/\D/g, '') || '1'} Foundry Row`,
      city: 'Portland',
      region: 'OR',
      postcode: '97205',
      country: 'US',
    },
    lines: lines.map(({ sku, quantity }, place) => ({ id: String(place + 1), sku, title: `Lamp ${sku}`, quantity, unit_price: '25.00' })),
    subtotal: `${subtotal}.00`,
    discount_total: '0.00',
    shipping_total: '0.00',
    tax_total: '0.00',
    total: `${subtotal}.00`,
  };
}
