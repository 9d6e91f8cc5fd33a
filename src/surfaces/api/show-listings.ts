import { showId } from '#kernel/id';
import type { AvailabilityWhy } from '#modules/catalog';
import type { ListingListed, ShelfListed } from '#modules/insight';
import type { ListingRow, ShelfRow } from './schemas-listings.ts';
import { amount, maybeAt, named } from './show.ts';

const money = (minor: bigint | null, currency: string) => (minor === null ? null : amount(minor, currency));

function stateOf(row: ListingListed): ListingRow['state'] {
  if (row.kind === 'csv') return 'untold';
  if (row.want_quantity === null) return 'uncounted';
  if (row.trouble !== '') return 'refused';
  if (row.is_on_its_way) return 'on_its_way';
  return row.stale_since === null ? 'agreed' : 'stale';
}

export const listingOf = (row: ListingListed): ListingRow => {
  const stock = 'offers' in row.why ? (row.why as unknown as AvailabilityWhy) : null;
  return {
    id: `${showId('channel', row.channel_id)}:${row.sku}`,
    channel: named('channel', row.channel_id, row.channel_name),
    sku: row.sku,
    variant: { id: showId('variant', row.variant_id), sku: row.variant_sku, title: row.title },
    state: stateOf(row),
    wanted: {
      quantity: row.want_quantity,
      price: money(row.want_price_minor, row.currency),
      compareAt: money(row.want_compare_minor, row.currency),
      at: maybeAt(row.wanted_at),
    },
    told: {
      quantity: row.quantity,
      price: money(row.price_minor, row.currency),
      compareAt: money(row.compare_minor, row.currency),
      at: maybeAt(row.told_at),
    },
    staleSince: maybeAt(row.stale_since),
    trouble: row.trouble,
    seenAt: maybeAt(row.seen_at),
    said:
      stock && row.want_quantity === null
        ? 'No supplier offers it yet, so that its stock and price are left to the shop.'
        : stock
          ? stockSaid(stock)
          : 'It has not been counted yet.',
    stock,
  };
};

const speaks: Readonly<Record<AvailabilityWhy['offers'][number]['why'], string>> = {
  '': '',
  paused: 'gets no orders now',
  held: 'its offer is held',
  vanished: 'does not list it any more',
  pack: 'sells it in packs only',
  stale: 'its figure is too old',
  old: 'its figure is old and counts by half',
  none: 'has none left',
};

/** "12 of KESTREL (20 in stock, 8 promised); NORD gets no orders now; 3 wait for a supplier: 9 are shown." */
export function stockSaid({ offers, combine, combined, waiting, capped, left }: AvailabilityWhy): string {
  if (offers.length === 0) return 'No supplier offers it: 0 are shown.';
  const parts = offers.map((offer) => {
    if (offer.left === 0) return `${offer.supplier} ${speaks[offer.why] || 'has none left'}`;
    const taken = [
      ...(offer.promised > 0 ? [`${offer.promised} promised`] : []),
      ...(offer.buffer > 0 ? [`${offer.buffer} kept back`] : []),
      ...(offer.why === 'old' ? [speaks.old] : []),
    ];
    return `${offer.left} of ${offer.supplier} (${[`${offer.stock} in stock`, ...taken].join(', ')})`;
  });
  const ways = { best: 'the most counts', sum: 'together', preferred: 'the first by rank counts' };
  const joined = offers.length > 1 ? ` ${ways[combine]}, ${combined};` : '';
  const less = [
    ...(waiting > 0 ? [`${waiting} wait for a supplier`] : []),
    ...(capped > 0 ? [`${capped} are held back from this store`] : []),
  ];
  return `${parts.join('; ')};${joined}${less.length > 0 ? ` ${less.join(', ')};` : ''} ${left} ${left === 1 ? 'is' : 'are'} shown.`;
}

export const shelfOf = (row: ShelfListed): ShelfRow => ({
  channel: named('channel', row.id, row.name),
  code: row.code,
  canBeTold: row.kind !== 'csv',
  listings: row.listings,
  inStock: row.in_stock,
  stale: row.stale,
  oldestStale: maybeAt(row.oldest_stale),
  onTheirWay: row.on_their_way,
  refused: row.refused,
  toldLast: maybeAt(row.told_last),
  readAt: maybeAt(row.reconciled_at),
  readsNext: maybeAt(row.reads_next),
  read: { seen: row.seen, drifted: row.drifted, unknown: row.unknown },
  trouble: row.trouble,
});
