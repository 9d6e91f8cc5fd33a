import { sql } from 'kysely';
import pg from 'pg';
import { seededChance } from '#kernel/chance';
import { after, type Instant, instant } from '#kernel/time';
import { appRole, type Database, openDatabase, type Tx } from '#platform/db';
import type { NewException, NewFact, Thing, WorkHooks } from '#platform/work';
import { freshDatabase } from './database.ts';

export const lampTenant = '01900000-0000-7000-8000-00000000000a';

export type LampState = 'dark' | 'sending' | 'unknown' | 'lit' | 'broken';
export interface Lamp {
  id: string;
  name: string;
  state: LampState;
  watts: number;
  due_at: Instant | null;
}

/** A thing of the tests' own, so that the machinery is tested without the trade. `watts` may not be below 0. */
export const lamp: Thing<Lamp, LampState> = {
  name: 'lamp',
  table: 'platform.lamp',
  stateColumn: 'state',
  states: ['dark', 'sending', 'unknown', 'lit', 'broken'],
  dated: false,
  columns: { watts: 'int' },
  load: async (tx, ids) =>
    (
      await sql<Lamp>`select id, name, state, watts, due_at from platform.lamp where tenant_id = ${tx.tenant} and id = any(${ids}::uuid[]) order by name`.execute(
        tx.db,
      )
    ).rows,
};

export interface LampRoom {
  database: Database;
  /** Another process on the same database. */
  other: Database;
  hooks: WorkHooks;
  raised: NewException[];
  facts: (NewFact & { actor: string })[];
  now(): Instant;
  pass(wait: Parameters<typeof after>[1]): void;
  tx<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  add(...names: string[]): Promise<string[]>;
  lamps(): Promise<Lamp[]>;
  clear(): Promise<void>;
  close(): Promise<void>;
}

export async function openLampRoom(): Promise<LampRoom> {
  const fresh = await freshDatabase();
  const owner = new pg.Client({ connectionString: fresh.url });
  await owner.connect();
  await owner.query(`
    create table platform.lamp (tenant_id uuid, id uuid, name text, state text, watts int not null default 0 check (watts >= 0), due_at timestamptz, primary key (tenant_id, id));
    grant all on platform.lamp to ${appRole};
    grant delete on platform.effect to ${appRole}`);
  await owner.end();
  let now = instant('2026-11-20T09:00:00Z');
  const clock = { now: () => now };
  const database = openDatabase({ url: fresh.url, clock, chance: seededChance(1), connections: 4 });
  const other = openDatabase({ url: fresh.url, clock, chance: seededChance(2), connections: 2 });
  const raised: NewException[] = [];
  const facts: (NewFact & { actor: string })[] = [];
  const tx = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => database.tx(lampTenant, work);
  return {
    database,
    other,
    raised,
    facts,
    tx,
    now: () => now,
    pass: (wait) => {
      now = after(now, wait);
    },
    hooks: {
      facts: async (_tx, told) => void facts.push(...told),
      raise: async (_tx, told) => void raised.push(...told),
      resolve: async () => {},
    },
    add: (...names) =>
      tx(async (inside) => {
        const ids = names.map(() => inside.newId());
        await sql`insert into platform.lamp (tenant_id, id, name, state, due_at)
                select ${lampTenant}, id, name, 'dark', ${inside.now} from unnest(${ids}::uuid[], ${names}::text[]) as given (id, name)`.execute(
          inside.db,
        );
        return ids;
      }),
    lamps: () =>
      tx(
        async (inside) => (await sql<Lamp>`select id, name, state, watts, due_at from platform.lamp order by name`.execute(inside.db)).rows,
      ),
    clear: () =>
      tx(async (inside) => {
        await sql`delete from platform.lamp`.execute(inside.db);
        await sql`delete from platform.effect`.execute(inside.db);
        raised.length = 0;
        facts.length = 0;
      }),
    close: async () => {
      await database.close();
      await other.close();
      await fresh.drop();
    },
  };
}
