import { describe, expect, it } from 'vitest';
import {
  allMigrations,
  allSources,
  comesInByTheDoor,
  namedForWhatTheyHold,
  namesItsOwnTables,
  noStatementInALoop,
  type Rule,
  shortFiles,
  shortFunctions,
  source,
  sqlFileTakesTheTimeItIsGiven,
  sqlTakesTheTimeItIsGiven,
  tablesOf,
  takesNothingFromThinAir,
} from './setup/tidy.ts';

const sources = allSources();
const migrations = allMigrations();
const tables = tablesOf(migrations.map(({ text }) => text).join('\n'));

interface House {
  rule: string;
  check: Rule;
  /** Files that must be found wrong, and their neighbours that must not. */
  bad: [path: string, text: string][];
  good: [path: string, text: string][];
}

const lines = (count: number): string => 'x;\n'.repeat(count);
const orders = 'src/modules/orders/store.ts';

const house: House[] = [
  { rule: 'a file has 400 lines at most', check: shortFiles, bad: [['src/a.ts', lines(401)]], good: [['src/a.ts', lines(400)]] },
  {
    rule: 'a function has 70 lines at most',
    check: shortFunctions,
    bad: [
      ['src/a.ts', `function long() {\n${lines(69)}}`],
      ['src/a.ts', `export const long = async () => {\n${lines(69)}};`],
      ['src/a.ts', `const it = { long() {\n${lines(69)}} };`],
      ['src/a.test.ts', `it('is long', () => {\n${lines(69)}});`],
    ],
    good: [
      ['src/a.ts', `function fits() {\n${lines(68)}}`],
      ['src/a.test.ts', `describe('a chapter', () => {\n${lines(200)}});`],
    ],
  },
  {
    rule: 'a file is named for what it holds',
    check: namedForWhatTheyHold,
    bad: [
      ['src/modules/orders/utils.ts', ''],
      ['src/platform/common/index.ts', ''],
      ['src/modules/orders/order-helpers.ts', ''],
      ['src/modules/orders/OrderStore.ts', ''],
      ['src/modules/orders/place.ts', 'export class OrderService {}'],
    ],
    good: [['src/modules/orders/decide-holds.test.ts', 'class Ledger {}']],
  },
  {
    rule: 'time, chance and surroundings are given, never taken',
    check: takesNothingFromThinAir,
    bad: [
      [orders, 'const at = Date.now();'],
      [orders, 'const at = new Date();'],
      [orders, 'const at = Temporal.Now.instant();'],
      [orders, 'const die = Math.random();'],
      [orders, "import { randomUUID } from 'node:crypto';"],
      [orders, 'const id = crypto.randomUUID();'],
      [orders, 'setTimeout(() => {}, 5);'],
      [orders, "import { setTimeout as wait } from 'node:timers/promises';"],
      [orders, "const url = process.env['DATABASE_URL'];"],
      ['world/supplier.ts', 'const at = Date.now();'],
    ],
    good: [
      [orders, 'const at = new Date(known); // Date.now() is only spoken of here'],
      [orders, "import { createHash } from 'node:crypto'; const said = 'process.env';"],
      ['src/platform/time/index.ts', 'const at = Temporal.Now.instant();'],
      ['src/app/main.ts', 'const url = process.env.DATABASE_URL;'],
      ['src/modules/orders/decide.test.ts', 'const at = Date.now();'],
    ],
  },
  {
    rule: 'SQL takes the time, the ids and the chance it is given',
    check: sqlTakesTheTimeItIsGiven,
    bad: [
      [orders, 'sql`update orders.line set changed_at = now()`'],
      [orders, 'sql<Row>`select ${id} where due_at < CURRENT_TIMESTAMP`'],
      [orders, "client.query('select gen_random_uuid()')"],
      [orders, 'sql`where id = uuidv7()`'],
    ],
    good: [
      [orders, 'sql`select ${tx.now}::timestamptz as now, known_at from orders.line`'],
      [orders, "say('it is now() or never')"],
    ],
  },
  {
    rule: "SQL names its own module's tables, and views of others",
    check: namesItsOwnTables(tables),
    bad: [
      [orders, 'sql`select * from catalog.offer`'],
      [orders, 'sql`select * from orders.line join ${x} on true, routing.allocation as a`'],
      ['src/modules/routing/store.ts', 'sql`update orders."order" set state = 1`'],
      ['src/modules/routing/store.ts', "tx.db.selectFrom('orders.order as o')"],
      ['src/modules/routing/store.ts', "copyInto(tx, 'platform.run', [], [])"],
      ['src/flows/order-life.ts', 'sql`select * from orders.line`'],
      ['src/platform/work/store.ts', 'sql`select * from identity.tenant`'],
    ],
    good: [
      [orders, 'sql`select line.id from orders.line as line join catalog.v_offer as offer on true`'],
      ['src/flows/reactions.ts', "const on = 'order.routed'; sql`select * from orders.v_order`"],
      ['src/platform/work/store.ts', 'sql`select * from platform.effect`'],
    ],
  },
  {
    rule: 'no statement is sent in a loop',
    check: noStatementInALoop,
    bad: [
      [orders, 'async function f(tx) { for (const row of rows) { await sql`select 1`.execute(tx.db); } }'],
      [orders, 'async function f(tx) { while (more) await tx.db.selectFrom(a).executeTakeFirst(); }'],
    ],
    good: [[orders, 'async function f(tx) { for (const row of rows) set.push(row); await sql`select 1`.execute(tx.db); }']],
  },
  {
    rule: 'a folder is entered by its index.ts, through the imports map',
    check: comesInByTheDoor,
    bad: [
      [orders, "import { x } from '../catalog/store.ts';"],
      [orders, "export { x } from '../catalog/index.ts';"],
      [orders, "import { x } from '#modules/catalog/store.ts';"],
      ['src/connectors/stores/acme/index.ts', "import { x } from '../other/index.ts';"],
      ['src/kernel/money.ts', "import { x } from '../platform/db/tx.ts';"],
      ['test/stories/a.test.ts', "import { x } from '../../src/modules/orders/store.ts';"],
    ],
    good: [
      [orders, "import { x } from './decide.ts'; import { y } from '#modules/catalog'; import { z } from '#kernel/money';"],
      ['src/modules/orders/store.store.test.ts', "import { freshDatabase } from '../../../test/setup/database.ts';"],
      ['src/connectors/stores/acme/parts/a.ts', "import { x } from '../words.ts';"],
    ],
  },
];

describe.each(house)('$rule', ({ check, bad, good }) => {
  it('holds everywhere', () => {
    const findings = sources.flatMap(check).map(({ at, says }) => `${at}  ${says}`);
    expect(findings).toEqual([]);
  });

  it.each(bad)('finds what is wrong in %s: %s', (path, text) => {
    expect(check(source(path, text))).not.toEqual([]);
  });

  it.each(good)('leaves alone %s: %s', (path, text) => {
    expect(check(source(path, text))).toEqual([]);
  });
});

describe('the database by itself', () => {
  it('makes no time, id or chance', () => {
    expect(migrations.flatMap(({ path, text }) => sqlFileTakesTheTimeItIsGiven(path, text))).toEqual([]);
    expect(sqlFileTakesTheTimeItIsGiven('a.sql', 'at timestamptz not null default now(), -- now() in a remark')).toHaveLength(1);
    expect(sqlFileTakesTheTimeItIsGiven('a.sql', '-- now() in a remark')).toEqual([]);
  });
});

describe('these rules', () => {
  it('have looked at the whole house, and know its tables', () => {
    expect(sources.length).toBeGreaterThan(60);
    expect(sources.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['bin/stockless.mjs', 'src/platform/db/tx.ts', 'test/tidy.test.ts']),
    );
    expect(tables.size).toBeGreaterThan(30);
    expect(tables).toContain('orders.order');
  });
});
