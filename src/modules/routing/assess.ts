import { zoneOf } from '#kernel/countries';
import { minorDigits } from '#kernel/money';
import { hoursBetween, type Instant } from '#kernel/time';
import type { Policy, PolicyRule } from './policy.ts';
import type { Candidate, Gate, Numbers, RoutingOffer, RoutingSupplier } from './words.ts';

/** What an order asks for, as far as rules and gates look at it. */
export interface Destination {
  country: string;
  channel: string;
  service: string;
  currency: string;
}

export interface Want {
  line_id: string;
  sku: string;
  variant_id: string;
  quantity: number;
  /** What these units earn, after discount. */
  revenue_minor: bigint;
}

/** What the rules that fit say together; of two that speak of the same, the earlier one holds. */
export interface Ruling {
  objective: Policy['objective'];
  only: ReadonlySet<string> | null;
  not: ReadonlySet<string>;
  prefer: readonly string[];
  names: string[];
}

export function rulingFor(policy: Policy, to: Destination, want: Want): Ruling {
  const fitting = policy.rules.filter((rule) => fits(rule, to, want));
  const first = <T>(read: (apply: PolicyRule['apply']) => T | undefined): T | undefined =>
    fitting.map(({ apply }) => read(apply)).find((value) => value !== undefined);
  const only = first(({ only: codes }) => codes);
  return {
    objective: first(({ objective }) => objective) ?? policy.objective,
    only: only ? new Set(only) : null,
    not: new Set(fitting.flatMap(({ apply }) => apply.not ?? [])),
    prefer: first(({ prefer }) => prefer) ?? [],
    names: fitting.map(({ name }) => name),
  };
}

function fits({ when }: PolicyRule, to: Destination, want: Want): boolean {
  if (when.countries && !when.countries.includes(to.country)) return false;
  const zone = zoneOf(to.country);
  if (when.zones && (zone === null || !when.zones.includes(zone))) return false;
  if (when.channels && !when.channels.includes(to.channel)) return false;
  if (when.skus && !when.skus.includes(want.sku)) return false;
  return !when.services || when.services.includes(to.service as 'standard');
}

/** Something kept by country, by zone or under `*` for the rest; undefined when the destination is not covered. */
function forDestination<T>(table: Readonly<Record<string, T>>, country: string): T | undefined {
  return table[country] ?? table[zoneOf(country) ?? ''] ?? table['*'];
}

export interface Assessed {
  candidate: Candidate;
  offer: RoutingOffer;
  supplier: RoutingSupplier;
  /** Of one unit, in the order's currency. */
  unit: number;
  /** Of one parcel: fee and shipping, in the order's currency. */
  parcel: number;
}

/** Asks every gate of one offer, all of them, so that a person sees everything that stands in its way. */
export function assess(
  offer: RoutingOffer,
  supplier: RoutingSupplier,
  want: Want,
  to: Destination,
  ruling: Ruling,
  policy: Policy,
  refusedBefore: boolean,
  lines: number,
  now: Instant,
): Assessed {
  const rate = rateOf(policy, offer.currency, to.currency);
  const shipping = Object.keys(supplier.shipping_minor).length === 0 ? 0 : forDestination(supplier.shipping_minor, to.country);
  const transit = forDestination(supplier.transit_days, to.country);
  const days = transit === undefined ? null : supplier.handling_days + transit;
  const age = Math.max(0, hoursBetween(offer.observed_at, now));
  const unit = offer.cost_minor === null || rate === null ? Number.NaN : Number(offer.cost_minor) * rate;
  const parcel = rate === null || shipping === undefined ? Number.NaN : (Number(supplier.order_fee_minor) + Number(shipping)) * rate;
  const landed = unit * want.quantity + parcel / lines;
  const gates: Gate[] = [
    liveGate(offer, supplier),
    policyGate(supplier, ruling),
    shipsToGate(supplier, to, shipping !== undefined, ruling.objective === 'fastest' && days === null),
    stockGate(offer, want, policy),
    { gate: 'cost', passed: offer.cost_minor !== null, why: offer.cost_minor === null ? 'Its cost is not known.' : 'Its cost is known.' },
    {
      gate: 'currency',
      passed: rate !== null,
      why: rate === null ? `No exchange rate is set for ${offer.currency} to ${to.currency}.` : `Compared in ${to.currency}.`,
    },
    {
      gate: 'refused_before',
      passed: !refusedBefore,
      why: refusedBefore ? 'It refused this line and has not counted its stock anew since.' : 'It has not refused this line.',
    },
    marginGate(want, landed, policy),
    {
      gate: 'fresh',
      passed: policy.maxStockAgeHours === null || age <= policy.maxStockAgeHours,
      why: `Its stock figure is ${Math.round(age)} hours old${policy.maxStockAgeHours === null ? '' : `; ${policy.maxStockAgeHours} at most`}.`,
    },
  ];
  const numbers: Numbers | null = Number.isNaN(landed)
    ? null
    : {
        cost_minor: Math.round(unit).toString(),
        landed_minor: Math.round(landed).toString(),
        currency: to.currency,
        days,
        stock: offer.sellable,
        rank: supplier.rank,
        age_hours: Math.round(age * 10) / 10,
      };
  const passed = gates.every((gate) => gate.passed);
  const score = passed ? scoreOf(ruling, supplier, landed, days) : null;
  return {
    candidate: { offer: offer.id, supplier: supplier.id, name: supplier.name, sku: offer.supplier_sku, gates, numbers, score, given: 0 },
    offer,
    supplier,
    unit,
    parcel,
  };
}

function rateOf(policy: Policy, from: string, to: string): number | null {
  if (from === to) return 1;
  const direct = policy.rates[`${from}/${to}`];
  // A rate is of whole units; amounts are minor ones, and a yen has none.
  return direct === undefined ? null : Number(direct) * 10 ** (minorDigits(to) - minorDigits(from));
}

function liveGate(offer: RoutingOffer, supplier: RoutingSupplier): Gate {
  if (!['pilot', 'live', 'watch'].includes(supplier.state))
    return {
      gate: 'live',
      passed: false,
      why: `The supplier is ${supplier.state}${supplier.paused_reason ? `: ${supplier.paused_reason}` : ''}.`,
    };
  if (offer.state !== 'live') return { gate: 'live', passed: false, why: `The offer is ${offer.state}.` };
  if (offer.units_per_offer !== 1) {
    const why = `One of theirs is ${offer.units_per_offer} of ours; it is not ordered by machine.`;
    return { gate: 'live', passed: false, why };
  }
  if (offer.pack_size !== 1) return { gate: 'live', passed: false, why: `It is sold in packs of ${offer.pack_size} only.` };
  return { gate: 'live', passed: true, why: 'Supplier and offer are live.' };
}

function policyGate(supplier: RoutingSupplier, ruling: Ruling): Gate {
  const named = ruling.names.length > 0 ? ` (${ruling.names.join(', ')})` : '';
  if (ruling.not.has(supplier.code)) return { gate: 'policy', passed: false, why: `A rule leaves it out${named}.` };
  if (ruling.only && !ruling.only.has(supplier.code))
    return { gate: 'policy', passed: false, why: `A rule names other suppliers${named}.` };
  return { gate: 'policy', passed: true, why: 'No rule speaks against it.' };
}

function shipsToGate(supplier: RoutingSupplier, to: Destination, shippingKnown: boolean, daysUnknown: boolean): Gate {
  const { ships_to: places } = supplier;
  const goes = places.length === 0 || places.includes(to.country) || places.includes(zoneOf(to.country) ?? '');
  if (!goes) return { gate: 'ships_to', passed: false, why: `It does not ship to ${to.country || 'an unknown country'}.` };
  if (!shippingKnown) return { gate: 'ships_to', passed: false, why: `What it asks for shipping to ${to.country} is not known.` };
  if (daysUnknown) return { gate: 'ships_to', passed: false, why: `How long it takes to ${to.country} is not known.` };
  return { gate: 'ships_to', passed: true, why: `It ships to ${to.country}.` };
}

function stockGate(offer: RoutingOffer, want: Want, policy: Policy): Gate {
  const enough = policy.split === 'units' ? offer.sellable > 0 : offer.sellable >= want.quantity;
  return { gate: 'stock', passed: enough, why: `${offer.sellable} of ${want.quantity} in stock after open purchase orders.` };
}

function marginGate(want: Want, landed: number, policy: Policy): Gate {
  if (Number.isNaN(landed)) return { gate: 'margin', passed: policy.minMarginPercent === null, why: 'The margin is not known.' };
  const revenue = Number(want.revenue_minor);
  const percent = revenue > 0 ? ((revenue - landed) / revenue) * 100 : -100;
  const why = `Margin ${percent.toFixed(1)} %${policy.minMarginPercent === null ? '' : `; ${policy.minMarginPercent} % at least`}.`;
  return { gate: 'margin', passed: policy.minMarginPercent === null || percent >= policy.minMarginPercent, why };
}

/** Preferred suppliers come before all others, in their order; then the objective decides. */
function scoreOf(ruling: Ruling, supplier: RoutingSupplier, landed: number, days: number | null): number {
  const place = ruling.prefer.indexOf(supplier.code);
  const behind = place < 0 ? ruling.prefer.length : place;
  const own = ruling.objective === 'priority' ? supplier.rank : ruling.objective === 'fastest' ? (days ?? 1_000) : Math.max(0, landed);
  return behind * 1e12 + own;
}
