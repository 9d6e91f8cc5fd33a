import type { HistoryOutside } from '#world/replay-outside';
import { fromMs, type Instant, isBefore } from '#kernel/time';
import { seal } from '#modules/audit';
import { wakeSnoozed } from '#modules/exceptions';
import { arrive } from '#platform/inbox';
import { passesBy } from '#platform/work';
import type { VirtualClock } from '../drive.ts';
import { takeWorldFeed } from '../feeds.ts';
import { documentOf } from './document.ts';
import type { OwnDatabase, Stage } from './open.ts';
import type { History, Invoice } from './read.ts';

export interface Replaying {
  history: History;
  stage: Stage;
  database: OwnDatabase;
  outside: HistoryOutside;
  clock: VirtualClock;
  /** Told after every day: the day, and how many orders were taken in so far. */
  onDay: (day: Instant, orders: number) => void;
  /** Asked before every day: true ends the replay there. */
  stopped: () => boolean;
  /** Told how long each step took. */
  onStep?: (step: string, ms: number) => void;
}

const hourMs = 3_600_000;
const perBatch = 400;
/** After the last order, so many days are left to suppliers and carriers. */
const quietDays = 30;
/** A supplier's stock list comes every second day: figures older than three days would not be promised. */
const feedEveryDays = 2;
/** So often in a row may something be due at one instant; more means that a step never comes to an end. */
const mostRounds = 500;

export interface Replayed {
  orders: number;
  /** Whether it was stopped before its end. */
  stopped: boolean;
}

/** Plays history day by day: what was ordered and cancelled meanwhile arrives together, the outside acts, every step that is due is drained. */
export async function play(replaying: Replaying): Promise<Replayed> {
  const { history, clock, stage, outside, onDay, stopped } = replaying;
  const arriving = makeArrivals(history, clock, stage);
  const end = (history.invoices.at(-1)?.at.epochMilliseconds ?? 0) + quietDays * 24 * hourMs;
  for (let day = 0; clock.now().epochMilliseconds < end; day += 1) {
    if (stopped()) return { orders: arriving.orders(), stopped: true };
    clock.set(fromMs(clock.now().epochMilliseconds + 24 * hourMs));
    outside.step();
    await takeFeeds(replaying, day);
    await arriving.until(clock.now());
    await settle(replaying);
    await endDay(replaying, day);
    onDay(clock.now(), arriving.orders());
  }
  return { orders: arriving.orders(), stopped: false };
}

/** The documents that reach the door: each order once, and again as it stands after a cancellation. */
function makeArrivals({ invoices, withdrawals }: History, _clock: VirtualClock, { program, tenant, channel }: Stage) {
  const cancelled = new Map<Invoice, number[]>();
  const told = new Map<Invoice, Instant>();
  let orders = 0;
  let taken = 0;
  /** A store's clock tells one change from the next, even within the minute that the file is written in. */
  const changed = (invoice: Invoice, at: Instant): Instant => {
    const before = told.get(invoice);
    const now = before && !isBefore(before, at) ? fromMs(before.epochMilliseconds + 1_000) : at;
    told.set(invoice, now);
    return now;
  };
  const dueBy = (now: Instant): { invoice: Invoice; body: Uint8Array }[] => {
    const documents: { invoice: Invoice; body: Uint8Array }[] = [];
    for (let next = invoices[orders]; next && !isBefore(now, next.at); next = invoices[orders]) {
      documents.push({ invoice: next, body: documentOf(next, [], changed(next, next.at)) });
      orders += 1;
    }
    for (let next = withdrawals[taken]; next && !isBefore(now, next.at); next = withdrawals[taken]) {
      const counts = cancelled.get(next.invoice) ?? next.invoice.lines.map(() => 0);
      for (const { place, units } of next.units) counts[place] = (counts[place] ?? 0) + units;
      cancelled.set(next.invoice, counts);
      documents.push({ invoice: next.invoice, body: documentOf(next.invoice, counts, changed(next.invoice, next.at)) });
      taken += 1;
    }
    return documents;
  };
  return {
    orders: () => orders,
    until: async (now: Instant): Promise<void> => {
      const documents = dueBy(now);
      for (let from = 0; from < documents.length; from += perBatch) {
        const batch = documents.slice(from, from + perBatch);
        await program.db.tx(tenant, (tx) =>
          arrive(
            tx,
            batch.map(({ invoice, body }) => ({
              kind: 'order',
              source: `channel:${channel}`,
              object: invoice.number,
              name: `Order ${invoice.number}`,
              headers: { by: 'replay' },
              body,
            })),
          ),
        );
      }
    },
  };
}

async function takeFeeds({ outside, stage, onStep }: Replaying, day: number): Promise<void> {
  const began = performance.now();
  for (const [place, { code }] of outside.suppliers.entries()) {
    if (day % feedEveryDays === place % feedEveryDays) await takeWorldFeed(stage.feeds, stage.tenant, outside.feed(code));
  }
  onStep?.('feeds', performance.now() - began);
}

/** Steps about parcels and messages run beside those about orders, as they do in a shop: while one waits for the database, the other thinks. */
const beside = new Set(['trackParcel', 'reportParcel', 'sendMessage']);

/** Drains whatever is due, until nothing is. */
async function settle({ stage: { program, tenant }, clock, onStep }: Replaying): Promise<void> {
  const lane = async (steps: readonly string[]): Promise<void> => {
    for (const step of steps) {
      const began = performance.now();
      await program.work.drain(step, tenant, 50).catch((error: unknown) => {
        // Two lanes that wanted the same rows: the one that was sent away finds them due again in the next round.
        if (!passesBy(error)) throw error;
      });
      onStep?.(step, performance.now() - began);
    }
  };
  for (let round = 0; ; round += 1) {
    const due = await program.work.due(tenant);
    if (due.length === 0) return;
    if (round > mostRounds) throw new Error(`At ${clock.now().toString()} ${due.join(', ')} does not come to an end.`);
    await Promise.all([lane(due.filter((step) => !beside.has(step))), lane(due.filter((step) => beside.has(step)))]);
  }
}

/** Days after which PostgreSQL counts the rows anew: soon at first, then ever more seldom. */
const countedAfter = new Set([0, 3, 15, 60, 200]);

async function endDay({ stage: { program, tenant }, database, onStep }: Replaying, day: number): Promise<void> {
  const began = performance.now();
  await program.db.tx(tenant, wakeSnoozed);
  while ((await program.db.tx(tenant, (tx) => seal(tx))) > 0);
  onStep?.('seal', performance.now() - began);
  if (countedAfter.has(day)) await database.analyze();
}
