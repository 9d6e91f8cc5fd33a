import { performance } from 'node:perf_hooks';
import pg from 'pg';
import { makePriceDesk } from '#flows/pricing';
import { defaultPricePolicy, type PricePolicy, previewPrices, previewToPublish, publishPrices, undoPublication } from '#modules/catalog';
import { type Database, openDatabase } from '#platform/db';
import { sleep, systemChance, systemClock } from '#platform/time';
import { type Figure, figure, quantile } from './figure.ts';
import { startServer } from './server.ts';

const tenants = { small: '01900000-0000-7000-8000-0000000000b1', large: '01900000-0000-7000-8000-0000000000b2' };
const pause = (): Promise<void> => sleep(0);

/**
 * What price rules would do to a whole catalog: at first, with all that prices depend on still to be read, and then as a person who
 * tries another markup sees it. Every listing has an offer of its own; 20 suppliers in two currencies, 500 brands, 40 categories.
 */
export async function run(options: Readonly<Record<string, number>> = {}): Promise<Figure[]> {
  const small = options['small'] ?? 10_000;
  const large = options['large'] ?? 1_000_000;
  const server = await startServer();
  const db = openDatabase({ url: server.url, clock: systemClock, chance: systemChance, connections: 2, statementMs: 300_000 });
  try {
    await fill(server.url, tenants.small, small);
    const few = await previewing(db, tenants.small, options['times'] ?? 20);
    const publication = await publishing(db, tenants.small);
    await fill(server.url, tenants.large, large);
    const many = await previewing(db, tenants.large, 5);
    return [
      figure(`preview of ${small} offers, read and decided, p95`, quantile(few.first, 0.95), 'ms', { atMost: 300 }),
      figure(`preview of ${small} offers, another markup, p95`, quantile(few.next, 0.95), 'ms', { atMost: 300 }),
      figure(`preview to publish of ${small} prices, kept`, publication.keepMs, 'ms'),
      figure(`publication of ${publication.changed} prices`, publication.publishMs, 'ms'),
      figure(`taking ${publication.changed} prices back`, publication.undoMs, 'ms'),
      figure(`preview of ${large} offers, read and decided`, (many.first[0] ?? 0) / 1_000, 's', { atMost: 5 }),
      figure(`preview of ${large} offers, another markup, p95`, quantile(many.next, 0.95) / 1_000, 's', { atMost: 5 }),
      figure('memory of this process after it', process.memoryUsage.rss() / 1e6, 'MB'),
    ];
  } finally {
    await db.close();
    await server.close();
  }
}

function policyOf(markupBp: number): PricePolicy {
  const rule = { priority: 0, at: '2026-01-01T00:00:00Z', on: true } as const;
  return {
    settings: { ...defaultPricePolicy.settings, priceMoveBp: 1_000_000 },
    rules: [
      { ...rule, id: 'all', name: 'Everything', level: 'base', formula: { base: 'landed', markupBp, compareBp: 12_500 } },
      { ...rule, id: 'cheap', name: 'Cheap', level: 'base', priority: 5, costBelow: 500, formula: { base: 'landed', markupBp: 22_000 } },
      { ...rule, id: 'lamps', name: 'Lamps', level: 'category', categories: ['Category 3'], formula: { base: 'landed', markupBp: 18_000 } },
      {
        ...rule,
        id: 'brands',
        name: 'Brands',
        level: 'brand',
        brands: ['Brand 3', 'Brand 9', 'Brand 33'],
        when: 'cost > 5.0 && stock > 2',
        formula: { base: 'cost', markupBp: 20_000, minMarginBp: 2_200 },
      },
    ],
  };
}

/** Milliseconds with nothing read yet, and with other markups after it. */
async function previewing(db: Database, tenant: string, times: number): Promise<{ first: number[]; next: number[] }> {
  const took: { first: number[]; next: number[] } = { first: [], next: [] };
  let desk = makePriceDesk();
  const preview = (markup: number): Promise<number> => timed(() => previewOnce(db, tenant, desk, markup));
  const firsts = times > 10 ? times : 1;
  for (let turn = 0; turn < firsts; turn += 1) {
    desk = makePriceDesk();
    took.first.push(await preview(16_000));
  }
  for (let turn = 1; turn <= times; turn += 1) took.next.push(await preview(16_000 + turn * 100));
  return took;
}

const previewOnce = (db: Database, tenant: string, desk: ReturnType<typeof makePriceDesk>, markup: number): Promise<void> =>
  db.tx(tenant, async (tx) => {
    const { facts } = await desk.facts(tx);
    const { would } = await previewPrices(tx, policyOf(markup), { facts, focus: 'all', pause });
    if (would === 0) throw new Error('A preview in which nothing changes measures nothing.');
  });

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

async function publishing(db: Database, tenant: string) {
  let preview = '';
  let publication = '';
  let changed = 0;
  const keepMs = await timed(() =>
    db.tx(tenant, async (tx) => {
      preview = (await previewToPublish(tx, policyOf(17_000), { focus: null, by: 'person:bench', pause })).id;
    }),
  );
  const publishMs = await timed(() =>
    db.tx(tenant, async (tx) => {
      const done = await publishPrices(tx, { previewId: preview, scope: 'all', anyway: true, note: '', by: 'person:bench' });
      ({ publication, changed } = done);
    }),
  );
  const undoMs = await timed(() => db.tx(tenant, (tx) => undoPublication(tx, publication, 'person:bench')));
  return { keepMs, publishMs, undoMs, changed };
}

/** A catalog of its own, written past the program. */
async function fill(url: string, tenant: string, count: number): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(`select set_config('stockless.tenant', '${tenant}', false)`);
    for (const statement of filling(tenant, count, systemClock.now().toString())) await client.query(statement);
    await client.query('analyze');
  } finally {
    await client.end();
  }
}

const filling = (tenant: string, count: number, at: string): string[] => [
  `insert into channels.channel (tenant_id, id, code, name, kind, state, currency, created_at)
   values ('${tenant}', '${tenant}', 'web', 'Web', 'rest', 'connected', 'USD', '${at}')`,
  `insert into catalog.price_rate (tenant_id, base, quote, on_date, rate, source, by, at)
   values ('${tenant}', 'EUR', 'USD', '${at.slice(0, 10)}', 1.08, 'typed by a person', 'person:bench', '${at}')`,
  `insert into suppliers.supplier (tenant_id, id, code, name, state, country, currency, time_zone, handling_days, ack_hours, ship_hours, order_fee_minor, shipping_minor, transport, created_at)
   select '${tenant}', md5('${tenant} supplier ' || n)::uuid, 'S' || n, 'Supplier ' || n, 'live', 'DE', case when n % 2 = 0 then 'USD' else 'EUR' end, 'UTC', 1, 24, 48, 150, '{"*": 400}', 'file', '${at}'
     from generate_series(1, 20) as n`,
  `create temp table made on commit preserve rows as
   select n, md5('${tenant} variant ' || n)::uuid as variant, md5('${tenant} offer ' || n)::uuid as offer, 200 + (n * 7919::bigint) % 60000 as cost from generate_series(1, ${count}) as n`,
  `insert into catalog.variant (tenant_id, id, sku, title, brand, category, price_minor, currency, created_at)
   select '${tenant}', variant, 'SKU-' || lpad(n::text, 8, '0'), 'Widget ' || n, 'Brand ' || n % 500, 'Category ' || n % 40, cost * 2 + 900, 'USD', '${at}' from made`,
  `insert into catalog.offer (tenant_id, id, supplier_id, supplier_sku, cost_minor, currency, quantity, ceiling, observed_at, changed_at)
   select '${tenant}', offer, supplier.id, 'X-' || made.n, cost, supplier.currency, 10, 10, '${at}', '${at}'
     from made join (select id, currency, row_number() over (order by code) as n from suppliers.supplier where tenant_id = '${tenant}') as supplier on supplier.n = 1 + made.n % 20`,
  `insert into catalog.match (tenant_id, variant_id, offer_id, state, created_at) select '${tenant}', variant, offer, 'confirmed', '${at}' from made`,
  `insert into catalog.listing (tenant_id, channel_id, sku, variant_id)
   select '${tenant}', '${tenant}', 'SKU-' || lpad(n::text, 8, '0'), variant from made`,
  'drop table made',
];
