import { sql } from 'kysely';
import { isUuid } from '#kernel/id';
import { invariant } from '#kernel/fault';
import { after } from '#kernel/time';
import { copyOutBinary, recordset, type Tx } from '#platform/db';
import { type CatalogFacts, factsBuilder } from './facts.ts';
import { readFactsCopy } from './read-copy.ts';
import type { ChannelFacts, ListingKey, Rate, SupplierFacts } from './words.ts';

/** The mix by which margins are weighed. */
const mixDays = 28;

/** Everything that prices depend on, of the whole catalog or of the listings that are named. */
export async function factsOf(tx: Tx, only?: readonly ListingKey[]): Promise<CatalogFacts> {
  if (only) await want(tx, only);
  return readFacts(tx, only !== undefined);
}

/** The same of what a preview would change. */
export async function factsOfPreview(tx: Tx, previewId: string): Promise<CatalogFacts> {
  await want(tx, []);
  await sql`
    insert into wanted_listing (channel_id, sku)
    select channel_id, sku from catalog.price_preview_row where tenant_id = ${tx.tenant} and preview_id = ${previewId}`.execute(tx.db);
  return readFacts(tx, true);
}

/** COPY takes no parameters, so what is wanted stands in a table of this transaction. */
async function want(tx: Tx, listings: readonly ListingKey[]): Promise<void> {
  await sql`create temp table if not exists wanted_listing (channel_id uuid, sku text, primary key (channel_id, sku)) on commit drop`.execute(
    tx.db,
  );
  await sql`truncate wanted_listing`.execute(tx.db);
  if (listings.length === 0) return;
  await sql`
    insert into wanted_listing (channel_id, sku)
    select channel_id, sku from ${recordset(listings, { channel_id: 'uuid', sku: 'text' })} as given on conflict do nothing`.execute(tx.db);
}

async function readFacts(tx: Tx, isSome: boolean): Promise<CatalogFacts> {
  invariant(isUuid(tx.tenant), 'the tenant is named by its uuid');
  const { channels, suppliers } = await partiesOf(tx);
  const builder = factsBuilder(channels, suppliers);
  // Sorting a million rows on disk takes longer than all the rest.
  await sql`select set_config('work_mem', ${isSome ? '16MB' : '192MB'}, true)`.execute(tx.db);
  await readFactsCopy(copyOutBinary(tx, factsQuery(tx, isSome)), builder.add);
  return builder.done();
}

async function partiesOf(tx: Tx): Promise<{ channels: ChannelFacts[]; suppliers: SupplierFacts[] }> {
  const channels = await sql<ChannelFacts>`
    select id, code, currency from channels.v_channel where tenant_id = ${tx.tenant} order by id`.execute(tx.db);
  const suppliers = await sql<Omit<SupplierFacts, 'shipping'> & { shipping: Record<string, number | string> }>`
    select id, code, country, currency, rank, state in ('pilot', 'live', 'watch') as usable, order_fee_minor as fee, shipping_minor as shipping
      from suppliers.v_supplier where tenant_id = ${tx.tenant} order by id`.execute(tx.db);
  return {
    channels: channels.rows,
    suppliers: suppliers.rows.map((one) => ({
      ...one,
      shipping: Object.fromEntries(Object.entries(one.shipping).map(([zone, minor]) => [zone, BigInt(minor)])),
    })),
  };
}

/** In the order of `readFactsCopy`. Rows of a listing follow one another; nothing of it was typed by anybody. */
const factsColumns = `
  listing.channel_id, listing.sku, variant.brand, variant.category, array_to_string(variant.tags, chr(31)),
  variant.weight_grams, variant.currency, variant.map_minor, variant.msrp_minor,
  coalesce(priced.price_minor, case when variant.currency = channel.currency and variant.price_minor > 0 then variant.price_minor end),
  priced.compare_minor, priced.sku is not null, priced.cost_minor, priced.cost_currency, coalesce(sold.units, 0),
  offer.id, offer.supplier_id, offer.cost_minor, offer.currency, 1, greatest(offer.ceiling - offer.reserved, 0),
  offer.map_minor, offer.msrp_minor, coalesce(priced.offer_id = offer.id, false)`;

function factsQuery({ tenant, now }: Tx, isSome: boolean): string {
  const since = after(now, { days: -mixDays }).toString();
  return `
    select ${factsColumns}
      from catalog.listing
      ${isSome ? 'join wanted_listing as wanted on wanted.channel_id = listing.channel_id and wanted.sku = listing.sku' : ''}
      join channels.v_channel as channel on channel.tenant_id = '${tenant}' and channel.id = listing.channel_id
      join catalog.variant on variant.tenant_id = '${tenant}' and variant.id = listing.variant_id
      left join catalog.listing_price as priced
        on priced.tenant_id = '${tenant}' and priced.channel_id = listing.channel_id and priced.sku = listing.sku and priced.currency = channel.currency
      left join (
        select line.sku, ours.channel_id, least(sum(line.quantity - line.cancelled), 2000000000)::int as units
          from orders.v_order as ours
          join orders.v_line as line on line.tenant_id = ours.tenant_id and line.order_id = ours.id
         where ours.tenant_id = '${tenant}' and ours.placed_at >= '${since}' and not ours.is_test
         group by 1, 2
      ) as sold on sold.channel_id = listing.channel_id and sold.sku = listing.sku
      left join (
        catalog.match join catalog.offer
          on offer.tenant_id = '${tenant}' and offer.id = match.offer_id and offer.state = 'live' and offer.pack_size = 1
      ) on match.tenant_id = '${tenant}' and match.variant_id = listing.variant_id and match.state = 'confirmed' and match.units_per_offer = 1
     where listing.tenant_id = '${tenant}'
     order by listing.variant_id, listing.channel_id, listing.sku, offer.id`;
}

/** Changes when a feed, a publication or an undo may have changed what prices depend on; asking costs next to nothing. */
export async function factsStamp(tx: Tx): Promise<string> {
  const { rows } = await sql<{ stamp: string }>`
    select concat_ws(' ',
             (select max(ended_at) from catalog.feed_run where tenant_id = ${tx.tenant}),
             (select max(greatest(done_at, undone_at)) from catalog.price_publication where tenant_id = ${tx.tenant}),
             (select max(at) from catalog.price_rate where tenant_id = ${tx.tenant})) as stamp`.execute(tx.db);
  return rows[0]?.stamp ?? '';
}

/** The newest rate of each pair and direction. */
export async function ratesOf(tx: Tx): Promise<(Rate & { source: string; by: string })[]> {
  const { rows } = await sql<{ base: string; quote: string; on_date: string; scaled: bigint; source: string; by: string }>`
    select distinct on (base, quote) base, quote, on_date, (rate * 100000000)::bigint as scaled, source, by
      from catalog.price_rate where tenant_id = ${tx.tenant} and on_date <= ${tx.now}::timestamptz::date
     order by base, quote, on_date desc`.execute(tx.db);
  return rows.map(({ on_date, scaled, ...pair }) => ({ ...pair, onDate: on_date, rate: scaled }));
}

/** One unit of `base` is `rate` (a decimal number) units of `quote`. The same day's is replaced. */
export async function saveRate(tx: Tx, rate: { base: string; quote: string; rate: string; onDate: string; by: string }): Promise<void> {
  await sql`
    insert into catalog.price_rate (tenant_id, base, quote, on_date, rate, source, by, at)
    values (${tx.tenant}, ${rate.base}, ${rate.quote}, ${rate.onDate}, ${rate.rate}::numeric, 'typed by a person', ${rate.by}, ${tx.now})
        on conflict (tenant_id, base, quote, on_date) do update
       set rate = excluded.rate, source = excluded.source, by = excluded.by, at = excluded.at`.execute(tx.db);
}
