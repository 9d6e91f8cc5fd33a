import { hoursBetween, type Instant } from '#kernel/time';
import type { AvailabilityPolicy, Buffer } from './availability-policy.ts';
import type { AvailabilityWhy, ListingFacts, OfferWhy, StockFacts } from './words.ts';

/** Units that a store should show of a listing, with the way there. Never below 0, and never more than the offers' own figures. */
export function decideAvailability(facts: ListingFacts, policy: AvailabilityPolicy, now: Instant): AvailabilityWhy {
  const offers = facts.offers.map((offer) => ofOffer(offer, policy, now));
  const combined = combine(facts, offers, policy);
  const unpromised = Math.max(0, combined - facts.waiting);
  const { share = 100, cap = policy.cap } = policy.channels[facts.channel] ?? {};
  const shared = Math.floor((unpromised * share) / 100);
  const left = cap === null ? shared : Math.min(cap, shared);
  return { offers, combine: policy.combine, combined, waiting: facts.waiting, capped: unpromised - left, left };
}

function combine({ offers: facts }: ListingFacts, offers: AvailabilityWhy['offers'], policy: AvailabilityPolicy): number {
  const left = offers.map((offer) => offer.left);
  if (policy.combine === 'sum') return left.reduce((sum, units) => sum + units, 0);
  if (policy.combine === 'best') return Math.max(0, ...left);
  const having = facts.map(({ rank }, at) => ({ rank, units: left[at] ?? 0 })).filter(({ units }) => units > 0);
  return having.reduce((first, one) => (one.rank < first.rank ? one : first), having[0] ?? { rank: 0, units: 0 }).units;
}

function ofOffer(offer: StockFacts, policy: AvailabilityPolicy, now: Instant): AvailabilityWhy['offers'][number] {
  const { why, share } = trustIn(offer, policy, now);
  const believed = Math.floor((offer.sellable * share) / 100);
  const kept = Math.min(believed, keptBack(policy.suppliers[offer.supplier]?.buffer ?? policy.buffer, believed, offer.short_share));
  const left = believed - kept;
  return {
    supplier: offer.supplier,
    sku: offer.supplier_sku,
    stock: offer.quantity,
    promised: offer.promised,
    buffer: offer.feed_buffer + kept,
    share,
    left,
    why: why === '' && left === 0 ? 'none' : why,
  };
}

/** How much of the figure is believed, of 100, and what speaks against it. */
function trustIn(offer: StockFacts, { wholeHours, noneHours }: AvailabilityPolicy, now: Instant): { why: OfferWhy; share: number } {
  if (!offer.usable) return { why: 'paused', share: 0 };
  if (offer.state !== 'live') return { why: offer.state, share: 0 };
  // What is sold in packs only cannot be ordered one by one; no purchase order for it is made by itself.
  if (offer.pack_size !== 1 || offer.units_per_offer !== 1) return { why: 'pack', share: 0 };
  const hours = hoursBetween(offer.observed_at, now);
  if (noneHours !== null && hours >= noneHours) return { why: 'stale', share: 0 };
  if (wholeHours !== null && hours >= wholeHours) return { why: 'old', share: 50 };
  return { why: '', share: 100 };
}

/** Twice the share that it falls short by, and one unit for who does at all: the last unit is what is missing most often. */
function keptBack(buffer: Buffer, believed: number, shortShare: number): number {
  if (buffer.kind === 'fixed') return buffer.units;
  if (buffer.kind === 'percent') return Math.ceil((believed * buffer.percent) / 100);
  return shortShare === 0 ? 0 : Math.max(1, Math.ceil(believed * Math.min(1, shortShare * 2)));
}
