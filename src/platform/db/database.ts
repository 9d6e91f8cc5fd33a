import pg from 'pg';
import type { Chance } from '#kernel/chance';
import { invariant } from '#kernel/fault';
import type { Clock } from '#kernel/time';
import { makeTx, type Tx } from './tx.ts';
import { typesAsOurs } from './types.ts';

/** The role the program works under: it owns nothing and row-level security holds for it. */
export const appRole = 'stockless_app';

export interface Database {
  /** One transaction of one tenant. Everything in it sees the same `now`; it commits when `work` returns. */
  tx<T>(tenant: string, work: (tx: Tx) => Promise<T>): Promise<T>;
  /** For what stands above tenants (who lives here, which door a token opens): no row of a tenant can be read in it. */
  outsideTenants<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  clock: Clock;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  url: string;
  clock: Clock;
  chance: Chance;
  /** Connections at most; each costs the server some megabytes. */
  connections?: number;
  /** False: a commit is answered before it is on disk, and a crash of the server may lose the last moments. For demo worlds only. */
  durable?: boolean;
  /** Milliseconds after which one statement is stopped. */
  statementMs?: number;
  onQuery?: (text: string) => void;
  /** The last thing in every transaction: rings the bells that were wished for. */
  beforeCommit?: (tx: Tx) => Promise<void>;
  /** Called at each boundary of a transaction; the world uses it to let the process die there. */
  boundary?: (where: 'before-commit' | 'after-commit') => void;
}

/** No tenant has this id, so with it no row of any tenant is visible. */
const nobody = '00000000-0000-0000-0000-000000000000';

/**
 * Set by the server at connect time, so that no statement ever runs under the owner's rights or is read in another's way of
 * writing dates. In the address, because options there would otherwise replace ours; the last of a kind wins.
 */
function withOurOptions(address: string, durable: boolean): string {
  // Not read as a URL: addresses of sockets ("postgres://me@/shop?host=/run/postgresql") are none.
  const [server = '', query = ''] = address.split('?');
  const settings = new URLSearchParams(query);
  const given = settings.get('options') ?? '';
  settings.set(
    'options',
    `${given} -c role=${appRole} -c jit=off -c timezone=UTC -c datestyle=ISO${durable ? '' : ' -c synchronous_commit=off'}`.trim(),
  );
  return `${server}?${settings.toString().replaceAll('+', '%20')}`;
}

export function openDatabase(options: DatabaseOptions): Database {
  const pool = new pg.Pool({
    connectionString: withOurOptions(options.url, options.durable ?? true),
    max: options.connections ?? 10,
    idleTimeoutMillis: 30_000,
    connectionTimeoutMillis: 10_000,
    application_name: 'stockless',
    statement_timeout: options.statementMs ?? 60_000,
    types: typesAsOurs,
  });
  // A connection that breaks is replaced by the pool, and whoever uses it gets the error from the next statement; without
  // these two listeners (idle, in use) it would end the process.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));

  const transact = async <T>(tenant: string, work: (tx: Tx) => Promise<T>): Promise<T> => {
    invariant(/^[0-9a-f-]{36}$/.test(tenant), 'a transaction belongs to one tenant, named by its uuid');
    const client = await pool.connect();
    let broken: Error | undefined;
    try {
      await client.query(`begin; select set_config('stockless.tenant', '${tenant}', true)`);
      const tx = makeTx(client, { tenant, now: options.clock.now(), chance: options.chance, onQuery: options.onQuery });
      const result = await work(tx);
      await options.beforeCommit?.(tx);
      options.boundary?.('before-commit');
      // After a failed statement that somebody swallowed, the server answers "commit" with a rollback and no error.
      const { command } = await client.query('commit');
      invariant(command === 'COMMIT', 'a transaction in which a statement failed is not committed; it was rolled back');
      options.boundary?.('after-commit');
      return result;
    } catch (error) {
      await client.query('rollback').catch((failed: Error) => {
        broken = failed;
      });
      throw error;
    } finally {
      client.release(broken);
    }
  };

  return {
    tx: transact,
    outsideTenants: (work) => transact(nobody, work),
    clock: options.clock,
    close: () => pool.end(),
  };
}
