import { between, type Chance } from '#kernel/chance';
import { type Answered, type Asked, json } from './answer.ts';
import { hourMs, stretch } from './dice.ts';
import type { Supplier } from './replay-shelves.ts';

interface DeskLine {
  line: number;
  sku: string;
  quantity: number;
  accepted: number;
}

interface Job {
  number: string;
  reference: string;
  country: string;
  lines: DeskLine[];
  state: 'received' | 'answered' | 'shipped' | 'closed';
  /** What happens to it next, and when. */
  next: 'answer' | 'ship' | null;
  at: number;
}

export interface Parcel {
  country: string;
  transitDays: number;
  labelAt: number;
}

/** A supplier's office: takes purchase orders over REST, answers by what is on the shelf, ships within days. */
export interface Desk {
  serve(asked: Asked): Answered;
  /** What is due until then, in the order of time. */
  step(now: number): void;
}

interface Around {
  supplier: Supplier;
  chance: Chance;
  token: string;
  now(): number;
  /** Hands a parcel over; gives carrier and number. */
  handOver(parcel: Parcel): { carrier: string; number: string };
}

const isoTime = (ms: number): string => new Date(ms).toISOString();
const mostLinesInParcel = 40;
/** One line in so many cannot be delivered although the list has it: broken, miscounted, sold at the counter. */
const oneInMissing = 600;

export function openDesk(around: Around): Desk {
  const jobs = new Map<string, Job>();
  const byReference = new Map<string, Job>();
  const waiting = new Set<Job>();
  const updates: object[] = [];
  const note = (update: object): void => void updates.push({ seq: updates.length + 1, ...update, at: isoTime(around.now()) });
  const desk = { around, jobs, byReference, waiting, updates, note };
  return {
    serve: (asked) => serve(desk, asked),
    step: (now) => {
      const due = [...waiting]
        .filter(({ at }) => at <= now)
        .sort((one, other) => one.at - other.at || (one.number < other.number ? -1 : 1));
      for (const job of due) {
        if (job.next === 'answer') answer(desk, job);
        else if (job.next === 'ship') ship(desk, job);
      }
    },
  };
}

interface Office {
  around: Around;
  jobs: Map<string, Job>;
  byReference: Map<string, Job>;
  /** Those to which something still happens. */
  waiting: Set<Job>;
  updates: object[];
  note(update: object): void;
}

function serve(office: Office, asked: Asked): Answered {
  if (asked.header('authorization') !== `Bearer ${office.around.token}`) return json(401, { error: 'unauthorized' });
  if (asked.path === '/v1/updates' && asked.method === 'GET') return page(office, asked.query);
  if (asked.path === '/v1/orders' && asked.method === 'POST') return take(office, asked.body);
  if (asked.path === '/v1/orders' && asked.method === 'GET') {
    const job = office.jobs.get(asked.query.get('po_number') ?? '');
    return json(200, { orders: job ? [{ id: job.reference, po_number: job.number, status: job.state }] : [] });
  }
  const [, reference] = /^\/v1\/orders\/([^/]+)\/cancel$/.exec(asked.path) ?? [];
  if (reference !== undefined && asked.method === 'POST') return cancel(office, decodeURIComponent(reference));
  return json(404, { error: 'not_found' });
}

function page({ updates }: Office, query: URLSearchParams): Answered {
  const cursor = Number(query.get('cursor') ?? '0');
  const found = updates.slice(cursor, cursor + Math.min(200, Number(query.get('limit') ?? '100')));
  return json(200, { updates: found, cursor: String(cursor + found.length) });
}

function take(office: Office, body: string): Answered {
  const { around, jobs, byReference, waiting } = office;
  const order = JSON.parse(body) as {
    po_number: string;
    ship_to: { country?: string };
    lines: { line: number; sku: string; qty: number }[];
  };
  const known = jobs.get(order.po_number);
  if (known) return json(409, { error: 'duplicate', id: known.reference });
  const unknown = order.lines.find(({ sku }) => !around.supplier.shelves.has(sku));
  if (unknown) return json(422, { error: 'unknown_sku', message: `line ${unknown.line}: ${unknown.sku} is not in our range` });
  const job: Job = {
    number: order.po_number,
    reference: `${around.supplier.code.slice(0, 2)}${100_000 + jobs.size}`,
    country: order.ship_to.country ?? '',
    state: 'received',
    lines: order.lines.map(({ line, sku, qty }) => ({ line, sku, quantity: qty, accepted: 0 })),
    next: 'answer',
    at: around.now() + stretch(around.chance, 1, 8) * hourMs,
  };
  jobs.set(job.number, job);
  byReference.set(job.reference, job);
  waiting.add(job);
  return json(201, { id: job.reference, status: 'received' });
}

/** All, some or none of each line, by what is on the shelf at that moment. */
function answer({ around, waiting, note }: Office, job: Job): void {
  const lines = job.lines.map((line) => {
    const shelf = around.supplier.shelves.get(line.sku);
    if (shelf && between(around.chance, 1, oneInMissing) === 1) shelf.stock = 0;
    line.accepted = Math.min(line.quantity, shelf?.stock ?? 0);
    if (shelf) shelf.stock -= line.accepted;
    const status = line.accepted === line.quantity ? 'accepted' : line.accepted > 0 ? 'short' : 'rejected';
    return {
      line: line.line,
      sku: line.sku,
      status,
      qty: line.accepted,
      ...(status === 'accepted' ? {} : { reason: line.accepted > 0 ? 'not enough on hand' : 'out of stock' }),
    };
  });
  note({ type: 'acknowledgement', po_number: job.number, id: job.reference, lines });
  const any = job.lines.some(({ accepted }) => accepted > 0);
  Object.assign(
    job,
    any ? { state: 'answered', next: 'ship', at: around.now() + between(around.chance, 24, 72) * hourMs } : { state: 'closed', next: null },
  );
  if (!any) waiting.delete(job);
}

function ship({ around, waiting, note }: Office, job: Job): void {
  const going = job.lines.filter(({ accepted }) => accepted > 0);
  const groups = Array.from({ length: Math.ceil(going.length / mostLinesInParcel) }, (_, nth) =>
    going.slice(nth * mostLinesInParcel, (nth + 1) * mostLinesInParcel),
  );
  const abroad = job.country === 'GB' ? 1 : 2;
  const parcels = groups.map((group) => {
    const { carrier, number } = around.handOver({
      country: job.country,
      labelAt: around.now(),
      transitDays: around.supplier.transitDays * abroad * stretch(around.chance, 0.4, 1.1),
    });
    return { carrier, tracking_number: number, lines: group.map(({ line, accepted }) => ({ line, qty: accepted })) };
  });
  note({ type: 'shipment', po_number: job.number, shipment_id: `${job.reference}-1`, shipped_at: isoTime(around.now()), parcels });
  Object.assign(job, { state: 'shipped', next: null });
  waiting.delete(job);
}

/** Honoured until it is shipped. */
function cancel({ around, byReference, waiting, note }: Office, reference: string): Answered {
  const job = byReference.get(reference);
  if (!job) return json(404, { error: 'not_found' });
  const isLate = job.state === 'shipped';
  if (!isLate) {
    for (const { sku, accepted } of job.lines) {
      const shelf = around.supplier.shelves.get(sku);
      if (shelf) shelf.stock += accepted;
    }
    Object.assign(job, { state: 'closed', next: null });
    waiting.delete(job);
  }
  note({ type: 'cancellation', po_number: job.number, outcome: isLate ? 'refused' : 'accepted', reason: isLate ? 'already packed' : '' });
  return json(202, { id: job.reference, status: 'cancel_requested' });
}
