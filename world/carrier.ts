import { between, type Chance, pick } from '#kernel/chance';
import { dayMs, dice, hourMs, minuteMs, stretch } from './dice.ts';
import { isoTime, type Realm } from './realm.ts';
import type { Scan, SeenParcel } from './memory.ts';
import { trackingNumber } from './tracking-numbers.ts';

export const carrierHost = 'carrier.world.test';

export interface Consignment {
  carrier: string;
  supplier: string;
  from: { city: string; country: string };
  to: { city: string; country: string };
  transitDays: number;
  labelAt: number;
  purchase: string;
  lines: SeenParcel['lines'];
}

/** Takes a parcel in: its whole journey is drawn at once, and shown as time goes by. Gives the number on the label. */
export function handOver(realm: Realm, what: Consignment): string {
  const number = trackingNumber(what.carrier, realm.count(`parcel/${what.carrier}`), realm.seed);
  const chance = dice(realm.seed, 'journey', number);
  const { carrier, supplier, purchase, labelAt, lines, to, from } = what;
  const scans = disturb(realm, number, fate(realm, number, journey(chance, what), what), labelAt);
  realm.memory.parcels[`${carrier}/${number}`] = { carrier, number, supplier, purchase, labelAt, lines, to, from, scans };
  return number;
}

const scan = (at: number, code: string, text: string, place: string, country: string): Scan => {
  // Carriers tell whole seconds.
  const second = Math.floor(at / 1000) * 1000;
  return { at: second, shownAt: second, code, text, place, country };
};

/** Label, collection in the evening, a hub or two, out in the morning, delivered during the day. */
function journey(chance: Chance, what: Consignment): Scan[] {
  const { from, to } = what;
  const scans = [scan(what.labelAt, 'label_created', 'Shipment information received', from.city, from.country)];
  const picked = what.labelAt + stretch(chance, 2, 9) * hourMs;
  scans.push(scan(picked, 'picked_up', 'Collected from shipper', from.city, from.country));
  const days = Math.max(1, Math.round(what.transitDays * stretch(chance, 0.8, 1.4)));
  const arrival = startOfDay(picked) + days * dayMs + 8 * hourMs + between(chance, 0, 90) * minuteMs;
  const hubs = between(chance, 1, 3);
  for (let hub = 1; hub <= hubs; hub += 1) {
    const at = picked + ((arrival - picked) * hub) / (hubs + 1);
    scans.push(scan(at, 'arrived_at_facility', 'Arrived at sort facility', `Hub ${hub}`, hub * 2 > hubs ? to.country : from.country));
    scans.push(scan(at + stretch(chance, 1, 4) * hourMs * 0.5, 'in_transit', 'Departed facility', `Hub ${hub}`, from.country));
  }
  if (from.country !== to.country && !bothInUnion(from.country, to.country)) {
    scans.push(scan(picked + (arrival - picked) * 0.7, 'customs', 'Cleared customs', to.country, to.country));
  }
  scans.push(scan(arrival, 'out_for_delivery', 'Out for delivery', to.city, to.country));
  let delivered = arrival + stretch(chance, 1, 9) * hourMs;
  if (chance.next() < 0.05) {
    scans.push(scan(delivered, 'attempt_failed', 'Nobody at home', to.city, to.country));
    delivered += dayMs;
    scans.push(scan(delivered - 3 * hourMs, 'out_for_delivery', 'Out for delivery', to.city, to.country));
  }
  scans.push(
    scan(delivered, 'delivered', pick(chance, ['Left at front door', 'Handed to resident', 'Handed to neighbour']), to.city, to.country),
  );
  return scans.sort((one, other) => one.at - other.at);
}

const union = new Set(['DE', 'NL', 'FR', 'AT', 'BE', 'IE']);
const bothInUnion = (one: string, other: string): boolean => union.has(one) && union.has(other);
const startOfDay = (at: number): number => Math.floor(at / dayMs) * dayMs;

/** Most arrive. Some stand still for days, some come back, some are never seen again. */
function fate(realm: Realm, number: string, scans: Scan[], what: Consignment): Scan[] {
  if (realm.goesWrong('parcel_lost', number)) return loseAfter(scans, Math.max(2, Math.floor(scans.length / 2)));
  if (realm.goesWrong('parcel_returned', number)) {
    const last = scans.pop();
    const at = last?.at ?? what.labelAt;
    scans.push(scan(at, 'exception', 'Address unknown', what.to.city, what.to.country));
    scans.push(scan(at + dayMs, 'returning', 'Return to sender', what.to.city, what.to.country));
    scans.push(scan(at + 5 * dayMs, 'returned', 'Returned to sender', what.from.city, what.from.country));
  } else if (realm.goesWrong('parcel_stuck', number)) {
    const from = Math.max(2, Math.floor(scans.length / 2));
    for (const late of scans.slice(from)) late.at = late.shownAt = late.at + 9 * dayMs;
  }
  return scans;
}

function loseAfter(scans: Scan[], kept: number): Scan[] {
  const seen = scans.slice(0, kept);
  const last = seen.at(-1);
  if (last === undefined) return seen;
  seen.push(scan(last.at + 3 * dayMs, 'exception', 'Delay: shipment is being located', last.place, last.country));
  seen.push(scan(last.at + 12 * dayMs, 'lost', 'Declared lost', last.place, last.country));
  return seen;
}

/** Late, doubled, in another order, and now and then a scan of whoever had the number before. */
function disturb(realm: Realm, number: string, scans: Scan[], labelAt: number): Scan[] {
  const shown: Scan[] = [];
  scans.forEach((one, at) => {
    const chance = dice(realm.seed, 'shown', number, at);
    one.shownAt = one.at + between(chance, 0, 20) * minuteMs;
    if (at > 0 && realm.goesWrong('scan_late', number, at)) one.shownAt = one.at + between(chance, 2, 30) * hourMs;
    shown.push(one);
    if (realm.goesWrong('scan_twice', number, at)) shown.push({ ...one, shownAt: one.shownAt + hourMs });
  });
  if (realm.goesWrong('scan_before_label', number)) {
    const before = scan(labelAt - 40 * dayMs, 'delivered', 'Handed to resident', 'Elsewhere', scans[0]?.country ?? 'US');
    shown.unshift({ ...before, shownAt: labelAt });
  }
  return shown;
}

/** `GET /v1/track/{carrier}/{number}` */
export function answerTrack(realm: Realm, path: string): { status: number; body: unknown } {
  const [, carrier = '', number = ''] = /^\/v1\/track\/([^/]+)\/([^/]+)$/.exec(path) ?? [];
  const parcel = realm.memory.parcels[`${decodeURIComponent(carrier)}/${decodeURIComponent(number)}`];
  const now = realm.now();
  const shown = parcel?.scans.filter((one) => one.shownAt <= now) ?? [];
  if (parcel === undefined || shown.length === 0) return { status: 404, body: { error: 'unknown tracking number' } };
  const mixed = realm.goesWrong('scan_out_of_order', number, shown.length) ? [...shown].reverse() : shown;
  return {
    status: 200,
    body: { events: mixed.map(({ at, code, text, place, country }) => ({ at: isoTime(at), code, text, place, country })) },
  };
}

/** For the demo: the parcel on the way that was handed over last is never seen again. Says which, or null. */
export function loseOne(realm: Realm): SeenParcel | null {
  const now = realm.now();
  const onTheWay = Object.values(realm.memory.parcels).findLast((parcel) => {
    const last = parcel.scans.findLast((one) => one.at <= now);
    const end = parcel.scans.at(-1);
    return last !== undefined && end !== undefined && end.at > now && end.code === 'delivered';
  });
  if (onTheWay === undefined) return null;
  const seen = onTheWay.scans.filter((one) => one.at <= now);
  onTheWay.scans = loseAfter(seen, seen.length);
  return onTheWay;
}
