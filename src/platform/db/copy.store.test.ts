import { text } from 'node:stream/consumers';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seededChance } from '#kernel/chance';
import { instant } from '#kernel/time';
import { freshDatabase } from '../../../test/setup/database.ts';
import { type CopyValue, copyBatchesInto, copyInto, copyOut, copyOutBinary, copyTextInto, readOnlyValue } from './copy.ts';
import { type Database, openDatabase } from './database.ts';
import type { Tx } from './tx.ts';

const tenant = '01900000-0000-7000-8000-00000000000a';
const at = instant('2026-11-25T09:30:00.000001Z');

let fresh: Awaited<ReturnType<typeof freshDatabase>>;
let database: Database;

beforeAll(async () => {
  fresh = await freshDatabase();
  database = openDatabase({ url: fresh.url, clock: { now: () => at }, chance: seededChance(1), connections: 1 });
});

afterAll(async () => {
  await database.close();
  await fresh.drop();
});

/** Runs in a transaction that has an empty staging table of one text column and its place. */
const staged = <T>(work: (tx: Tx) => Promise<T>): Promise<T> =>
  database.tx(tenant, async (tx) => {
    await sql`create temp table staging (place int, said text) on commit drop`.execute(tx.db);
    return work(tx);
  });

const saidIn = async (tx: Tx): Promise<unknown[]> =>
  (await sql<{ said: string | null }>`select said from staging order by place`.execute(tx.db)).rows.map(({ said }) => said);

const rowsOf = (values: readonly CopyValue[]): CopyValue[][] => values.map((value, place) => [place, value]);

describe('COPY into a table', () => {
  it('brings every text through as it was', async () => {
    const nasty = [
      '',
      null,
      'null',
      '\\N',
      '\\.',
      '\\',
      '\\\\n',
      'ends in \\',
      'tab\there',
      'line\nbreak',
      'carriage\rreturn',
      'both\r\n',
      '\n',
      '\b\f\v\u0001\u007f',
      '"quoted", with commas; and \'ticks\'',
      ' spaces around ',
      'grüße 中文 ☃ 💡 e\u0301',
      '\u2028\u2029\ufeff\u00a0',
      'x'.repeat(200_000),
    ];
    await staged(async (tx) => {
      expect(await copyInto(tx, 'staging', ['place', 'said'], rowsOf(nasty))).toBe(nasty.length);
      expect(await saidIn(tx)).toEqual(nasty);
    });
  });

  it('keeps whole numbers, instants, truth and absence', async () => {
    await database.tx(tenant, async (tx) => {
      await sql`create temp table kinds (big bigint, small int, moment timestamptz, yes boolean, share numeric) on commit drop`.execute(
        tx.db,
      );
      const rows: CopyValue[][] = [
        [9_007_199_254_740_993n, 7, at, true, '0.100'],
        [null, -1, null, false, null],
      ];
      await copyInto(tx, 'kinds', ['big', 'small', 'moment', 'yes', 'share'], rows);
      const { rows: found } = await sql`select * from kinds order by small desc`.execute(tx.db);
      expect(found).toEqual([
        { big: 9_007_199_254_740_993n, small: 7, moment: at, yes: true, share: '0.100' },
        { big: null, small: -1, moment: null, yes: false, share: null },
      ]);
    });
  });

  it('takes more rows than fit into one piece, in order, from a source that is still being read', async () => {
    async function* source(): AsyncGenerator<CopyValue[]> {
      for (let place = 0; place < 5_000; place += 1) yield [place, `row ${place} ${'.'.repeat(40)}`];
    }
    await staged(async (tx) => {
      expect(await copyInto(tx, 'staging', ['place', 'said'], source())).toBe(5_000);
      const { rows } =
        await sql`select count(*) as n, count(*) filter (where said like 'row ' || place || ' %') as fit from staging`.execute(tx.db);
      expect(rows).toEqual([{ n: 5_000n, fit: 5_000n }]);
    });
  });

  it('takes batches too, whether they are empty or larger than a piece', async () => {
    function* batch(from: number, count: number): Generator<CopyValue[]> {
      for (let place = from; place < from + count; place += 1) yield [place, `row ${place} ${'é'.repeat(40)}`];
    }
    async function* source() {
      yield batch(0, 0);
      yield batch(0, 5_000);
      yield batch(5_000, 3);
    }
    await staged(async (tx) => {
      await copyBatchesInto(tx, 'staging', ['place', 'said'], source());
      const { rows } =
        await sql`select count(*) as n, count(*) filter (where said like 'row ' || place || ' %é') as fit from staging`.execute(tx.db);
      expect(rows).toEqual([{ n: 5_003n, fit: 5_003n }]);
    });
  });

  it('loads nothing when the source breaks half-way, and leaves a usable connection behind', async () => {
    async function* breaking(): AsyncGenerator<CopyValue[]> {
      for (let place = 0; place < 3_000; place += 1) yield [place, 'x'.repeat(50)];
      throw new Error('the line went dead');
    }
    await expect(staged((tx) => copyInto(tx, 'staging', ['place', 'said'], breaking()))).rejects.toThrow('the line went dead');
    expect(await staged(saidIn)).toEqual([]);
  });

  it.each([
    ['a letter that text in PostgreSQL cannot hold', [0, 'zero \u0000 byte'], /invalid byte sequence/],
    ['a value of the wrong kind', ['many', 'x'], /invalid input syntax for type integer/],
    ['a row that is too long', [0, 'x', 'one more'], /extra data after last expected column/],
  ])('refuses %s and says so', async (_what, row, message) => {
    await expect(staged((tx) => copyInto(tx, 'staging', ['place', 'said'], [row]))).rejects.toThrow(message);
    expect(await staged(saidIn)).toEqual([]);
  });

  it('is subject to the same walls between tenants as any other write', async () => {
    const stranger = '01900000-0000-7000-8000-00000000000b';
    const columns = ['tenant_id', 'account', 'tokens', 'refilled_at'];
    const copying = database.tx(tenant, (tx) => copyInto(tx, 'platform.rate_budget', columns, [[stranger, 'KEY', 1, at]]));
    await expect(copying).rejects.toThrow(/row-level security/);
  });
});

describe('the only value of a binary COPY', () => {
  it.each([0, 1, 70_000, 3_000_000])('comes whole: %i bytes', async (size) => {
    const value = await staged((tx) =>
      readOnlyValue(copyOutBinary(tx, `select decode(repeat('0af1', ${size} / 2 + 1), 'hex') as value limit 1`)),
    );
    expect(value?.length).toBe(2 * (Math.floor(size / 2) + 1));
    expect([value?.[0], value?.at(-1)]).toEqual([0x0a, 0xf1]);
  });

  it.each(['select null::bytea', 'select place from staging'])('is null where there is none: %s', async (query) => {
    expect(await staged((tx) => readOnlyValue(copyOutBinary(tx, query)))).toBeNull();
  });
});

describe('COPY of text', () => {
  it('comes out as CSV and goes in again unchanged', async () => {
    const nasty = ['plain', null, '', 'a,"b"\r\nc', '\\N', 'ü💡'];
    await staged(async (tx) => {
      await copyInto(tx, 'staging', ['place', 'said'], rowsOf(nasty));
      const csv = await text(copyOut(tx, 'select place, said from staging order by place'));
      expect(csv.startsWith('place,said\n0,plain\n1,\n2,""\n')).toBe(true);
      await sql`truncate staging`.execute(tx.db);
      // Cut into small pieces, in the middle of letters too.
      const bytes = Buffer.from(csv);
      async function* pieces(): AsyncGenerator<Uint8Array> {
        for (let start = 0; start < bytes.length; start += 3) yield bytes.subarray(start, start + 3);
      }
      await copyTextInto(tx, 'staging', ['place', 'said'], 'format csv, header true', pieces());
      expect(await saidIn(tx)).toEqual(nasty);
    });
  });
});
