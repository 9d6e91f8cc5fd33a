import { between } from '#kernel/chance';
import type { Character } from './characters.ts';
import { handOver } from './carrier.ts';
import { dayMs, dice, hourMs, minuteMs, seededHex, stretch } from './dice.ts';
import type { Realm } from './realm.ts';
import type { Job, JobLine, SupplierState } from './shops.ts';

/** A purchase order, whatever it came by. */
export interface Taken {
  number: string;
  lines: { line: number; sku: string; quantity: number }[];
  to: Job['to'];
  service: string;
  links: Job['links'];
  key: string;
}

export interface Shipped {
  shipment: string;
  at: number;
  parcels: { carrier: string; number: string; lines: { line: number; sku: string; quantity: number }[] }[];
}

/** How a supplier tells us things; each transport has its own. */
export interface Mouth {
  acknowledge(supplier: Character, job: Job): void;
  ship(supplier: Character, job: Job, shipped: Shipped): void;
  cancelled(supplier: Character, number: string, outcome: 'accepted' | 'refused', reason: string): void;
}

export function deskOf(realm: Realm, code: string): SupplierState {
  const desk = realm.state.suppliers[code];
  if (desk === undefined) throw new Error(`there is no supplier ${code} in this world`);
  return desk;
}

/** Takes a purchase order. A supplier that does not know numbers again takes the second one as a second order. */
export function takeOrder(realm: Realm, supplier: Character, taken: Taken): { job: Job; repeat: boolean } {
  const desk = deskOf(realm, supplier.code);
  const seen = remember(realm, supplier, taken);
  const known = desk.jobs[taken.number];
  if (known !== undefined && supplier.dedupes) {
    seen.repeats += 1;
    return { job: known, repeat: true };
  }
  const now = realm.now();
  const times = seen.acceptedAt.push(now);
  const name = times === 1 ? taken.number : `${taken.number}#${times}`;
  const chance = dice(realm.seed, 'job', supplier.code, name);
  const job: Job = {
    number: taken.number,
    reference: `${supplier.code.slice(0, 2)}${seededHex(realm.seed, `${supplier.code}/${name}`, 8).toUpperCase()}`,
    receivedAt: now,
    visibleAt: now + stretch(chance, ...supplier.lagSeconds) * 1000,
    state: 'received',
    lines: taken.lines.map((line) => ({ ...line, response: '', accepted: 0, shipped: 0, expectedAt: null, reason: '' })),
    to: taken.to,
    service: taken.service,
    links: taken.links,
    shipments: 0,
  };
  desk.jobs[name] = job;
  if (taken.key !== '') desk.keys[taken.key] = job.reference;
  if (times === 1) seen.reference = job.reference;
  realm.say(`supplier ${supplier.code}`, `takes ${name} ${taken.lines.map((line) => `${line.sku}x${line.quantity}`).join(' ')}`);
  planAnswer(realm, supplier, name, chance.next());
  return { job, repeat: false };
}

function remember(realm: Realm, supplier: Character, taken: Taken): Realm['memory']['purchases'][string] {
  return (realm.memory.purchases[`${supplier.code}/${taken.number}`] ??= {
    supplier: supplier.code,
    number: taken.number,
    version: 1,
    reference: '',
    acceptedAt: [],
    repeats: 0,
    refused: '',
    lines: taken.lines,
    said: [],
    country: taken.to.country,
  });
}

function planAnswer(realm: Realm, supplier: Character, name: string, drawn: number): void {
  const desk = deskOf(realm, supplier.code);
  const now = realm.now();
  if (desk.silentUntil > now || realm.is(supplier.silent, 'silent', supplier.code, name)) return;
  const [least, most] = supplier.ackHours;
  let wait = (least + drawn * (most - least)) * hourMs;
  if (realm.is(supplier.tardy, 'tardy', supplier.code, name) || realm.goesWrong('answer_late', supplier.code, name))
    wait += (supplier.contract.ackHours + 30) * hourMs;
  realm.script.plan(now + wait, 'desk.answer', { supplier: supplier.code, job: name });
}

/** A reminder wakes most of those who were silent. */
export function remind(realm: Realm, supplier: Character, number: string): void {
  const job = deskOf(realm, supplier.code).jobs[number];
  if (job?.state !== 'received' || deskOf(realm, supplier.code).silentUntil > realm.now()) return;
  if (realm.is(0.6, 'woken', supplier.code, number))
    realm.script.plan(realm.now() + 3 * hourMs, 'desk.answer', { supplier: supplier.code, job: number });
}

/** The happening `desk.answer`: what can be had is set aside, and we are told. */
export function answerOrder(realm: Realm, mouth: Mouth, supplier: Character, name: string): void {
  const desk = deskOf(realm, supplier.code);
  const job = desk.jobs[name];
  if (job?.state !== 'received') return;
  const rejectsAll = realm.is(supplier.rejects, 'rejects', supplier.code, name);
  for (const line of job.lines) decideLine(realm, supplier, desk, name, line, rejectsAll);
  const any = job.lines.some((line) => line.accepted > 0 || line.response === 'backordered');
  job.state = any ? 'answered' : 'closed';
  noteSaid(realm, supplier, name, job);
  mouth.acknowledge(supplier, job);
  const now = realm.now();
  const twice =
    desk.twiceUntil > now || realm.is(supplier.twice, 'twice', supplier.code, name) || realm.goesWrong('answer_twice', supplier.code, name);
  if (twice)
    realm.script.plan(now + stretch(dice(realm.seed, 'twice', name), 1, 90) * minuteMs, 'desk.again', {
      supplier: supplier.code,
      job: name,
    });
  if (!any) return;
  const [least, most] = supplier.packHours;
  const pack = now + stretch(dice(realm.seed, 'pack', supplier.code, name), least, most) * hourMs;
  if (job.lines.some((line) => line.accepted > 0 && line.response !== 'backordered'))
    realm.script.plan(pack, 'desk.pack', { supplier: supplier.code, job: name });
  for (const line of job.lines) {
    if (line.response === 'backordered' && line.expectedAt !== null)
      realm.script.plan(line.expectedAt, 'desk.restocked', { supplier: supplier.code, job: name, line: line.line });
  }
}

function noteSaid(realm: Realm, supplier: Character, name: string, job: Job): void {
  const seen = realm.memory.purchases[`${supplier.code}/${name}`];
  if (seen !== undefined) seen.said = job.lines.map(({ line, response, accepted }) => ({ line, response, quantity: accepted }));
}

function decideLine(realm: Realm, supplier: Character, desk: SupplierState, name: string, line: JobLine, rejectsAll: boolean): void {
  const shelf = desk.stock[line.sku];
  const names = [supplier.code, name, line.line] as const;
  if (line.response === 'cancelled') return;
  if (rejectsAll || shelf === undefined) return answer(line, 'rejected', 0, shelf === undefined ? 'unknown item' : 'discontinued');
  const shortByHabit = line.quantity > 1 && realm.is(supplier.shorts, 'short', ...names);
  const have = Math.min(line.quantity, shelf, shortByHabit ? line.quantity - 1 : line.quantity);
  if (have === line.quantity && !realm.is(supplier.backorders, 'backorder', ...names)) {
    desk.stock[line.sku] = shelf - have;
    return answer(line, 'accepted', have, '');
  }
  if (have > 0 && have < line.quantity) {
    desk.stock[line.sku] = shelf - have;
    return answer(line, 'short', have, 'not enough on hand');
  }
  if (realm.is(0.5, 'waits', ...names)) {
    line.expectedAt = realm.now() + between(dice(realm.seed, 'expected', ...names), 2, 12) * dayMs;
    return answer(line, 'backordered', line.quantity, 'on order with the maker');
  }
  return answer(line, 'rejected', 0, 'out of stock');
}

function answer(line: JobLine, response: JobLine['response'], accepted: number, reason: string): void {
  Object.assign(line, { response, accepted, reason });
}

export const packOrder = (realm: Realm, supplier: Character, name: string): void => {
  const job = deskOf(realm, supplier.code).jobs[name];
  if (job?.state !== 'answered') return;
  job.state = 'packed';
  realm.script.plan(realm.now() + stretch(dice(realm.seed, 'ship', supplier.code, name), 0.5, 5) * hourMs, 'desk.ship', {
    supplier: supplier.code,
    job: name,
  });
};

/** The happening `desk.restocked`: what was back-ordered came in and goes out by itself. */
export function restockedLine(realm: Realm, mouth: Mouth, supplier: Character, name: string, number: number): void {
  const job = deskOf(realm, supplier.code).jobs[name];
  const line = job?.lines.find((one) => one.line === number);
  if (job === undefined || line?.response !== 'backordered') return;
  shipLines(realm, mouth, supplier, name, job, [line]);
}

/** The happening `desk.ship`. */
export function shipOrder(realm: Realm, mouth: Mouth, supplier: Character, name: string): void {
  const job = deskOf(realm, supplier.code).jobs[name];
  if (job?.state !== 'packed') return;
  job.state = 'shipped';
  shipLines(
    realm,
    mouth,
    supplier,
    name,
    job,
    job.lines.filter((line) => line.response === 'accepted' || line.response === 'short'),
  );
}

function shipLines(realm: Realm, mouth: Mouth, supplier: Character, name: string, job: Job, lines: JobLine[]): void {
  const going = lines.filter((line) => line.accepted > line.shipped);
  if (going.length === 0) return;
  job.shipments += 1;
  const chance = dice(realm.seed, 'parcels', supplier.code, name, job.shipments);
  const splits = going.length > 1 && realm.is(supplier.splits, 'splits', supplier.code, name, job.shipments);
  const groups = splits ? going.map((line) => [line]) : [going];
  const parcels = groups.map((group) => {
    const carrier = supplier.carriers[Math.floor(chance.next() * supplier.carriers.length)] ?? 'ups';
    const contents = group.map((line) => ({ line: line.line, sku: line.sku, quantity: line.accepted - line.shipped }));
    const number = handOver(realm, {
      carrier,
      supplier: supplier.code,
      from: { city: supplier.city, country: supplier.country },
      to: { city: job.to.city, country: job.to.country },
      transitDays: (supplier.transitDays[job.to.country] ?? supplier.transitDays['*'] ?? 7) * (job.service === 'express' ? 0.5 : 1),
      labelAt: realm.now(),
      purchase: job.number,
      lines: contents,
    });
    return { carrier, number, lines: contents };
  });
  for (const line of going) line.shipped = line.accepted;
  const shipped: Shipped = { shipment: `${job.reference}-${job.shipments}`, at: realm.now(), parcels };
  realm.say(`supplier ${supplier.code}`, `ships ${name} ${parcels.map(({ carrier, number }) => `${carrier}/${number}`).join(' ')}`);
  mouth.ship(supplier, job, shipped);
  if (deskOf(realm, supplier.code).twiceUntil > realm.now() || realm.goesWrong('answer_twice', supplier.code, name, 'ship'))
    mouth.ship(supplier, job, shipped);
}

/** The happening `desk.cancel`: honoured for as long as nothing is packed. */
export function decideCancel(realm: Realm, mouth: Mouth, supplier: Character, number: string): void {
  const desk = deskOf(realm, supplier.code);
  const job = desk.jobs[number];
  if (job === undefined) {
    realm.memory.cancels.push({ supplier: supplier.code, number, at: realm.now(), outcome: 'unknown-order' });
    return mouth.cancelled(supplier, number, 'refused', 'unknown purchase order');
  }
  const packed = job.state === 'packed' || job.state === 'shipped';
  const outcome = packed ? 'refused' : 'accepted';
  if (!packed) {
    for (const line of job.lines) {
      if (line.response === 'accepted' || line.response === 'short')
        desk.stock[line.sku] = (desk.stock[line.sku] ?? 0) + line.accepted - line.shipped;
      Object.assign(line, { response: 'cancelled', accepted: line.shipped, reason: 'cancelled at your request' });
    }
    job.state = 'closed';
    noteSaid(realm, supplier, number, job);
  }
  realm.memory.cancels.push({ supplier: supplier.code, number, at: realm.now(), outcome });
  realm.say(`supplier ${supplier.code}`, `cancel ${number} ${outcome}`);
  mouth.cancelled(supplier, number, outcome, packed ? 'already packed' : '');
}

export function askCancel(realm: Realm, supplier: Character, number: string): void {
  const desk = deskOf(realm, supplier.code);
  if (desk.silentUntil > realm.now()) return;
  const wait = stretch(dice(realm.seed, 'cancel', supplier.code, number), 0.1, Math.max(0.2, supplier.ackHours[1] / 2)) * hourMs;
  realm.script.plan(realm.now() + wait, 'desk.cancel', { supplier: supplier.code, job: number });
}
