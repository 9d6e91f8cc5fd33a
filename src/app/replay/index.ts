/**
 * A *replay* runs real order history (an *invoice* per order, *withdrawals* for what was cancelled) through the whole program on a
 * clock of its own: store, suppliers and carrier are simulated, everything between them is the program as it runs in a shop. Its
 * database is its own and is dropped at the end.
 */
import { existsSync } from 'node:fs';
import { makeHistoryOutside } from '#world/replay-outside';
import { fromMs, type Instant } from '#kernel/time';
import { Unreadable } from '#kernel/unreadable';
import { historyFigures } from '#modules/insight';
import { virtualClock } from '../drive.ts';
import { assortmentOf } from './assortment.ts';
import { rowsOf } from './file.ts';
import { openOwnDatabase, openStage, type OwnDatabase } from './open.ts';
import { firstOrders, type History, readHistory } from './read.ts';
import { play } from './run.ts';
import { summarise, type Summary, tellSummary } from './summary.ts';

export interface ReplayOptions {
  /** End with one JSON object on stdout. */
  json?: boolean;
  /** Only so many orders, the first ones. */
  orders?: number;
  seed?: number;
  /** Leave the database behind, and say its name. */
  keep?: boolean;
  /** Tell how long each step took. */
  profile?: boolean;
}

export interface Said {
  /** Progress and words for people: stderr. */
  say(line: string): void;
  /** Results: stdout. */
  tell(line: string): void;
}

const streams: Said = { say: (line) => void process.stderr.write(`${line}\n`), tell: (line) => void process.stdout.write(`${line}\n`) };

const whereToGetIt = [
  'The history meant is "Online Retail" of the UCI Machine Learning Repository (data set 352, https://archive.ics.uci.edu/dataset/352), as CSV or packed with gzip:',
  'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country.',
  'A small sample of our own making is examples/online-retail-sample.csv.',
];

/** `stockless replay <file>`: 0 when all of it was played, 1 when something broke, 2 when there is no such file, 130 when it was stopped. */
export async function replay(file: string | undefined, options: ReplayOptions = {}, said: Said = streams): Promise<number> {
  if (!file || !existsSync(file)) {
    said.say(file ? `There is no file ${file}.` : 'Say which file to replay: stockless replay <file>.');
    for (const line of whereToGetIt) said.say(line);
    return 2;
  }
  const began = performance.now();
  const history = await read(file, options, said).catch((error: unknown) => {
    if (!(error instanceof Unreadable)) throw error;
    said.say(`${file} cannot be read: ${error.message}. ${error.fix}.`);
    for (const line of whereToGetIt) said.say(line);
    return null;
  });
  if (!history) return 2;
  const stop = watchForStop(said);
  const database = await openOwnDatabase(said.say);
  try {
    const summary = await replayInto(database, history, options, { said, stopped: stop.asked, began });
    for (const line of tellSummary(summary)) (options.json ? said.say : said.tell)(line);
    if (options.json) said.tell(JSON.stringify(summary));
    return summary.complete ? 0 : 130;
  } finally {
    stop.forget();
    if (options.keep) said.say(`The database ${database.name} is kept.`);
    await database.close(options.keep ?? false);
  }
}

async function read(file: string, { orders }: ReplayOptions, { say }: Said): Promise<History> {
  const { rows, ragged } = await rowsOf(file);
  const history = orders === undefined ? readHistory(rows, ragged) : firstOrders(rows, ragged, orders);
  if (history.invoices.length === 0)
    throw new Unreadable('no-orders', 'There is no order in it', { fix: 'Look whether it is the right file' });
  say(
    `${history.lines.toLocaleString('en')} lines read: ${history.invoices.length.toLocaleString('en')} orders, ${history.cancelled.toLocaleString('en')} lines of cancellations, ${history.refused.length.toLocaleString('en')} refused.`,
  );
  return history;
}

/** Ctrl-C ends the replay after the day that is being played; a second one ends it at once. */
function watchForStop({ say }: Said): { asked: () => boolean; forget: () => void } {
  let isAsked = false;
  const heard = (): void => {
    if (isAsked) process.exit(130);
    isAsked = true;
    say('\nStopping after this day; the database is dropped then.');
  };
  process.on('SIGINT', heard).on('SIGTERM', heard);
  return { asked: () => isAsked, forget: () => void process.off('SIGINT', heard).off('SIGTERM', heard) };
}

/** Plays a history into an empty, migrated database. */
export async function replayInto(
  database: OwnDatabase,
  history: History,
  options: ReplayOptions,
  { said, stopped, began }: { said: Said; stopped: () => boolean; began: number },
): Promise<Summary> {
  const seed = options.seed ?? 1;
  const clock = virtualClock(startOf(history));
  const outside = makeHistoryOutside({ sold: assortmentOf(history.invoices), seed, clock });
  const stage = await openStage(database.url, outside, clock, seed);
  await database.analyze();
  const spent = new Map<string, number>();
  const replayBegan = performance.now();
  try {
    const played = await play({
      history,
      stage,
      database,
      outside,
      clock,
      stopped,
      onDay: (day, orders) => progress(said, day, orders, replayBegan),
      onStep: (step, ms) => void spent.set(step, (spent.get(step) ?? 0) + ms),
    });
    const figures = await stage.program.db.tx(stage.tenant, historyFigures);
    if (options.profile)
      for (const [step, ms] of [...spent].sort(([, one], [, other]) => other - one))
        said.say(`  ${step.padEnd(16)} ${(ms / 1000).toFixed(1)} s`);
    return summarise(played.stopped ? upTo(history, clock.now()) : history, figures, {
      seconds: (performance.now() - began) / 1000,
      complete: !played.stopped,
    });
  } finally {
    await stage.close();
  }
}

/** Midnight before the first order. */
const startOf = ({ invoices }: History): Instant => fromMs(Math.floor((invoices[0]?.at.epochMilliseconds ?? 0) / 86_400_000) * 86_400_000);

/** The part of a history that was played when it was stopped; its lines add up as well. */
function upTo(history: History, now: Instant): History {
  const isIn = ({ at }: { at: Instant }): boolean => Temporal.Instant.compare(at, now) <= 0;
  const invoices = history.invoices.filter(isIn);
  const cancelled = history.withdrawals.filter(isIn).reduce((sum, { rows }) => sum + rows, 0);
  const lines = invoices.reduce((sum, one) => sum + one.lines.length, 0) + cancelled + history.refused.length;
  return { ...history, invoices, cancelled, lines };
}

const everyDays = 5;

function progress({ say }: Said, day: Instant, orders: number, began: number): void {
  const date = day.toString().slice(0, 10);
  if (Math.floor(day.epochMilliseconds / 86_400_000) % everyDays > 0) return;
  say(
    `${date}  ${orders.toLocaleString('en')} orders, ${(orders / Math.max(0.001, (performance.now() - began) / 1000)).toFixed(0)} orders/s`,
  );
}
