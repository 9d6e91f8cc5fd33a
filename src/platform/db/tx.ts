import {
  type CompiledQuery,
  type DatabaseConnection,
  type Driver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
  type RawBuilder,
  sql,
} from 'kysely';
import type pg from 'pg';
import type { Chance } from '#kernel/chance';
import { uuidV7 } from '#kernel/id';
import type { Instant } from '#kernel/time';
import type { Tables } from './tables.ts';
import { asParameter, toJson } from './types.ts';

/** One open transaction of one tenant: where it writes, whose it is, and what time it is for all of it. */
export interface Tx {
  readonly db: Kysely<Tables>;
  readonly tenant: string;
  readonly now: Instant;
  newId(): string;
  /** The connection itself, for COPY. */
  readonly client: pg.PoolClient;
}

export interface TxScope {
  tenant: string;
  now: Instant;
  chance: Chance;
  onQuery?: ((text: string) => void) | undefined;
}

export function makeTx(client: pg.PoolClient, scope: TxScope): Tx {
  const db = new Kysely<Tables>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => driverOf(client, scope.onQuery),
      createIntrospector: (of) => new PostgresIntrospector(of),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  });
  let made = 0;
  return { db, tenant: scope.tenant, now: scope.now, client, newId: () => uuidV7(scope.now, scope.chance, made++) };
}

/**
 * Rows of ours as a table that a statement can read: `from ${recordset(rows, { id: 'uuid', due_at: 'timestamptz' })} as given`.
 * One parameter however many rows, so a set stays one statement.
 */
export function recordset(rows: readonly object[], columns: Readonly<Record<string, string>>): RawBuilder<unknown> {
  const types = Object.entries(columns).map(([name, type]) => `${name} ${type}`);
  return sql`rows from (jsonb_to_recordset(${toJson(rows)}::jsonb) as (${sql.raw(types.join(', '))}))`;
}

/** A value for a `jsonb` column. */
export const json = (value: unknown): RawBuilder<unknown> => sql`${toJson(value)}::jsonb`;

function driverOf(client: pg.PoolClient, onQuery: ((text: string) => void) | undefined): Driver {
  const connection: DatabaseConnection = {
    async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
      onQuery?.(query.sql);
      const result = await client.query(query.sql, query.parameters.map(asParameter));
      return { rows: result.rows as R[], numAffectedRows: BigInt(result.rowCount ?? 0) };
    },
    streamQuery() {
      throw new Error('use copyOut for results that do not fit in memory');
    },
  };
  const nothing = async (): Promise<void> => {};
  const notHere = async (): Promise<void> => {
    throw new Error('only Database.tx opens and ends transactions');
  };
  return {
    init: nothing,
    destroy: nothing,
    releaseConnection: nothing,
    acquireConnection: async () => connection,
    beginTransaction: notHere,
    commitTransaction: notHere,
    rollbackTransaction: notHere,
  };
}
