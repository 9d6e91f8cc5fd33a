import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ProcessDied, setCrashpoint } from '#platform/time';
import { lamp, lampTenant, type LampRoom, openLampRoom } from '../../../test/setup/lamps.ts';
import { inside, type InsideStep } from './step.ts';
import { runInside } from './run-inside.ts';
import { makeWork } from './work.ts';

let room: LampRoom;
beforeAll(async () => {
  room = await openLampRoom();
});
afterAll(() => room.close());
afterEach(async () => {
  setCrashpoint(null);
  await room.clear();
});

// oxlint-disable-next-line no-explicit-any
const run = (step: InsideStep<any, any, any, any, any>, most?: number) => runInside(room.database, step, lampTenant, room.hooks, most);
const states = async () => Object.fromEntries((await room.lamps()).map(({ name, state }) => [name, state]));

describe('an inside step', () => {
  it('takes what is due in its state, writes what was decided, and tells a fact per change', async () => {
    const [id] = await room.add('a', 'b');
    const light = inside(lamp, {
      name: 'light',
      from: ['dark'],
      to: ['lit', 'dark'],
      decide: ({ name }) => (name === 'a' ? { to: 'lit', due: null, set: { watts: 5 } } : { to: 'dark', due: null }),
    });
    expect(await run(light)).toEqual({ claimed: 2, moved: 2, setAside: 0 });
    expect(await room.lamps()).toMatchObject([
      { state: 'lit', watts: 5, due_at: null },
      { state: 'dark', watts: 0 },
    ]);
    expect(room.facts).toMatchObject([{ type: 'lamp.lit', subject: { kind: 'lamp', id }, actor: 'step:light' }]);
    expect(await run(light)).toEqual({ claimed: 0, moved: 0, setAside: 0 });
  });

  it('sets one aside whose decision throws, and goes on with the rest', async () => {
    await room.add('a', 'b', 'c');
    const light = inside(lamp, {
      name: 'light',
      from: ['dark'],
      to: ['lit'],
      decide: ({ name }) => {
        if (name === 'b') throw new Error('no such lamp');
        return { to: 'lit', due: null };
      },
    });
    expect(await run(light)).toEqual({ claimed: 3, moved: 2, setAside: 1 });
    expect(await states()).toEqual({ a: 'lit', b: 'dark', c: 'lit' });
    expect(room.raised).toMatchObject([{ kind: 'set_aside', cause: 'set_aside:light', evidence: { error: 'no such lamp' } }]);
    expect(await run(light)).toMatchObject({ claimed: 0 });
  });

  it('finds the one that breaks the statement of a whole batch, and only that is set aside', async () => {
    const names = Array.from({ length: 20 }, (_, at) => `l${String(at).padStart(2, '0')}`);
    await room.add(...names);
    const light = inside(lamp, {
      name: 'light',
      from: ['dark'],
      to: ['lit'],
      decide: ({ name }) => ({ to: 'lit', due: null, set: { watts: name === 'l13' ? -1 : 3 } }),
    });
    expect(await run(light)).toEqual({ claimed: 20, moved: 19, setAside: 1 });
    const after = await states();
    expect(names.filter((name) => after[name] !== 'lit')).toEqual(['l13']);
    expect(room.raised).toHaveLength(1);
    expect(room.facts).toHaveLength(19);
  });

  it('decides one again that lost a race before it gives it up', async () => {
    await room.add('a');
    let raced = 0;
    const light = inside(lamp, {
      name: 'light',
      from: ['dark'],
      to: ['lit'],
      decide: () => ({ to: 'lit', due: null }),
      record: async (tx) => {
        raced += 1;
        if (raced === 1) await sql`update platform.lamp set watts = -1`.execute(tx.db);
      },
    });
    expect(await run(light)).toEqual({ claimed: 1, moved: 1, setAside: 0 });
    expect([await states(), room.raised]).toEqual([{ a: 'lit' }, []]);
  });

  it('leaves things alone when the connection broke, as nothing is wrong with them', async () => {
    await room.add('a');
    const light = inside(lamp, {
      name: 'light',
      from: ['dark'],
      to: ['lit'],
      decide: () => ({ to: 'lit' }),
      record: async () => Promise.reject(Object.assign(new Error('terminating connection'), { code: '57P01' })),
    });
    await expect(run(light)).rejects.toThrow('terminating');
    expect([await states(), room.raised]).toEqual([{ a: 'dark' }, []]);
  });

  it('is as if never begun when the process dies before its commit, and done when it dies after', async () => {
    await room.add('a');
    const light = inside(lamp, { name: 'light', from: ['dark'], to: ['lit'], decide: () => ({ to: 'lit', due: null }) });
    for (const [label, state] of [
      ['light/claimed', 'dark'],
      ['light/before-commit', 'dark'],
      ['light/committed', 'lit'],
    ] as const) {
      setCrashpoint((at) => {
        if (at === label) throw new ProcessDied(at);
      });
      await expect(run(light)).rejects.toThrow(ProcessDied);
      expect(await states()).toEqual({ a: state });
    }
  });

  it('two processes at once never take the same thing', async () => {
    await room.add(...Array.from({ length: 40 }, (_, at) => `l${at}`));
    const decided: string[] = [];
    const light = inside(lamp, {
      name: 'light',
      from: ['dark'],
      to: ['lit'],
      batch: 10,
      decide: ({ name }) => {
        decided.push(name);
        return { to: 'lit', due: null };
      },
    });
    const works = [room.database, room.other].map((db) =>
      makeWork(db, [light], { farOf: async () => ({}), hooks: room.hooks, concurrency: 1 }),
    );
    await Promise.all(works.map((work) => work.drain('light', lampTenant)));
    await works[0]?.drain('light', lampTenant);
    expect([decided.length, new Set(decided).size]).toEqual([40, 40]);
  });

  it('comes to the same in batches of 1, 7 and 200', async () => {
    const ends: unknown[] = [];
    for (const most of [1, 7, 200]) {
      await room.add(...Array.from({ length: 25 }, (_, at) => `l${at}`));
      const light = inside(lamp, {
        name: 'light',
        from: ['dark'],
        to: ['lit', 'broken'],
        decide: ({ name }) => ({ to: name.endsWith('3') ? 'broken' : 'lit', due: null }),
      });
      for (let turn = await run(light, most); turn.claimed > 0; turn = await run(light, most));
      ends.push(await states());
      await room.clear();
    }
    expect(ends[1]).toEqual(ends[0]);
    expect(ends[2]).toEqual(ends[0]);
  });

  it('does not compile with a transition it has not declared', () => {
    // @ts-expect-error broken is not in `to`
    inside(lamp, { name: 'light', from: ['dark'], to: ['lit'], decide: () => ({ to: 'broken' as const }) });
    // @ts-expect-error there is no such state
    inside(lamp, { name: 'light', from: ['purple'], to: ['lit'], decide: () => ({ to: 'lit' as const }) });
    const step = inside(lamp, { name: 'light', from: ['dark'], to: ['lit'], decide: () => ({ to: 'lit' as const }) });
    expect(step.batch).toBe(200);
  });
});
