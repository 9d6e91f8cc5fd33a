import { Fault } from '#kernel/fault';
import { type Instant, msBetween } from '#kernel/time';
import type { Database } from '#platform/db';
import type { Sleep } from '#platform/time';
import { emptyBucket, takeTokens } from './store.ts';

/** How fast an account may be asked: so many per second on average, so many at once after a rest. */
export interface Rate {
  perSecond: number;
  burst: number;
}

export interface Budget {
  /** Returns when one call may go; throws a transient fault when that would take longer than the longest wait. */
  take(tenant: string, account: string, rate: Rate): Promise<void>;
  /** The far side answered 429: no process asks before that long has passed. */
  tooFast(tenant: string, account: string, rate: Rate, waitMs: number): Promise<void>;
}

interface Stock {
  tokens: number;
  takenAt: Instant;
  refilling: Promise<void> | undefined;
}

const longestWaitMs = 10_000;
/** Tokens drawn ahead go stale, so that what one process does not use is not asked for later on top of what others use. */
const freshMs = 2_000;
const mostAccounts = 10_000;

/**
 * One budget for all processes: a bucket per account in `platform.rate_budget`. While much lies there, a process draws about
 * half a second's worth at once and spends it without asking the database; when little does, each call asks.
 */
export function makeBudget(db: Database, sleep: Sleep): Budget {
  const stocks = new Map<string, Stock>();
  const stockOf = (id: string): Stock => {
    const known = stocks.get(id);
    if (known) return known;
    const [oldest] = stocks.keys();
    if (stocks.size >= mostAccounts && oldest !== undefined) stocks.delete(oldest);
    const fresh: Stock = { tokens: 0, takenAt: db.clock.now(), refilling: undefined };
    stocks.set(id, fresh);
    return fresh;
  };
  const refill = async (stock: Stock, tenant: string, account: string, rate: Rate): Promise<void> => {
    const many = Math.max(1, Math.min(Math.floor(rate.perSecond / 2), Math.floor(rate.burst / 4), 50));
    const mostDebt = (rate.perSecond * longestWaitMs) / 1000;
    const drawn = await db.tx(tenant, (tx) => takeTokens(tx, { account, ...rate, many, mostDebt }));
    if (!drawn) {
      throw new Fault(
        'transient',
        'rate-budget',
        `${account} may be asked ${rate.perSecond} times a second, and more are waiting already.`,
        {
          retryAfterMs: longestWaitMs,
        },
      );
    }
    if (drawn.tokens < 0) await sleep((-drawn.tokens / rate.perSecond) * 1000);
    stock.tokens = drawn.taken;
    stock.takenAt = db.clock.now();
  };
  return {
    take: async (tenant, account, rate) => {
      const stock = stockOf(`${tenant} ${account}`);
      for (;;) {
        if (stock.tokens > 0 && msBetween(stock.takenAt, db.clock.now()) <= freshMs) {
          stock.tokens -= 1;
          return;
        }
        // Who finds it empty draws for all who wait; each then looks again.
        stock.refilling ??= refill(stock, tenant, account, rate).finally(() => {
          stock.refilling = undefined;
        });
        await stock.refilling;
      }
    },
    tooFast: async (tenant, account, rate, waitMs) => {
      stockOf(`${tenant} ${account}`).tokens = 0;
      await db.tx(tenant, (tx) => emptyBucket(tx, account, rate.perSecond, waitMs));
    },
  };
}
