import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Fault } from '#kernel/fault';
import { ProcessDied, setCrashpoint } from '#platform/time';
import { type Lamp, lamp, lampTenant, type LampRoom, type LampState, openLampRoom } from '../../../test/setup/lamps.ts';
import { outside, type OutsideStep, type Settled } from './step.ts';
import { runOutside } from './run-outside.ts';
import { settleByPerson } from './store.ts';

let room: LampRoom;
beforeAll(async () => {
  room = await openLampRoom();
});
afterAll(() => room.close());
afterEach(async () => {
  setCrashpoint(null);
  await room.clear();
});

/** A far side that remembers what it was told, answers as the test says, and is asked by name what became of it. */
class Far {
  asked: string[] = [];
  looked: string[] = [];
  has = new Set<string>();
  ask: (name: string) => void = () => {};
  look: (name: string) => Settled<{ by: string }> | null = () => null;
}

type Step = OutsideStep<Lamp, LampState, 'lit' | 'broken', Far, { by: string }, undefined>;
const stepWith = (more: Partial<Step> = {}): Step =>
  outside(lamp, {
    name: 'light',
    from: ['dark'],
    during: 'sending',
    doubt: 'unknown',
    to: ['lit', 'broken'],
    key: ({ id }) => `light:${id}`,
    account: () => 'far',
    ask: async (far: Far, { name }) => {
      far.asked.push(name);
      far.ask(name);
      far.has.add(name);
      return { by: 'reply' };
    },
    settle: async (far, { name }) => {
      far.looked.push(name);
      return far.look(name) ?? (far.has.has(name) ? { outcome: 'happened', reply: { by: 'look-up' } } : { outcome: 'absent' });
    },
    decide: (_lamp, reply) => ({ to: 'lit', due: null, because: reply.by }),
    refused: (_lamp, fault) => ({ to: 'broken', due: null, because: fault.code }),
    doubtful: ({ id }, why) => ({ kind: 'doubtful', subject: { kind: 'lamp', id }, cause: 'doubtful', title: why }),
    misconfigured: (_lamp, fault) => ({
      kind: 'misconfigured',
      subject: { kind: 'far', id: lampTenant },
      cause: 'misconfigured',
      title: fault.message,
    }),
    ...more,
  });

const turn = (far: Far, step = stepWith(), db = room.database) =>
  runOutside(db, step as never, lampTenant, { farOf: async () => far, hooks: room.hooks, concurrency: 1 });
const states = async () => Object.fromEntries((await room.lamps()).map(({ name, state }) => [name, state]));
const effects = () =>
  room.tx(
    async (tx) =>
      (
        await sql<{
          state: string;
          attempt: number;
          absences: number;
        }>`select state, attempt, absences from platform.effect order by key`.execute(tx.db)
      ).rows,
  );
const fails =
  (kind: 'transient' | 'refused' | 'unknown' | 'misconfigured', more = {}) =>
  () => {
    throw new Fault(kind, kind, `it is ${kind}`, more);
  };

describe('an outside step', () => {
  it('writes its intent before the wire and keeps the reply before it is judged', async () => {
    await room.add('a');
    const far = new Far();
    const seen: string[] = [];
    far.ask = () => seen.push('asked');
    const step = stepWith({
      ask: async (given, { name }) => {
        seen.push(JSON.stringify([await states(), await effects()]));
        given.has.add(name);
        return { by: 'reply' };
      },
    });
    await turn(far, step);
    expect(seen).toEqual([JSON.stringify([{ a: 'sending' }, [{ state: 'sending', attempt: 1, absences: 0 }]])]);
    expect([await states(), await effects()]).toMatchObject([{ a: 'lit' }, [{ state: 'done' }]]);
    expect(room.facts).toMatchObject([{ type: 'lamp.lit', data: { because: 'reply' } }]);
  });

  it('asks at most once and comes to its end, wherever the process dies', async () => {
    for (const label of ['intended', 'before-wire', 'after-wire', 'reply-kept', 'before-commit']) {
      await room.add('a');
      const far = new Far();
      let died = false;
      setCrashpoint((at) => {
        if (died || at !== `light/${label}`) return;
        died = true;
        throw new ProcessDied(at);
      });
      await expect(turn(far)).rejects.toThrow(ProcessDied);
      for (let times = 0; times < 4; times += 1) {
        room.pass({ minutes: 6 });
        await turn(far);
      }
      expect([label, await states(), far.asked]).toEqual([label, { a: 'lit' }, ['a']]);
      await room.clear();
    }
  });

  it('does not let whoever lost the lease record: the reply of the later holder stands', async () => {
    await room.add('a');
    const far = new Far();
    const slow = stepWith({
      ask: async (given, { name }) => {
        given.asked.push(name);
        given.has.add(name);
        room.pass({ minutes: 6 });
        await turn(given, stepWith(), room.other);
        return { by: 'the old holder' };
      },
    });
    await turn(far, slow);
    expect([far.asked, far.looked, await states()]).toEqual([['a'], ['a'], { a: 'lit' }]);
    expect(room.facts.map(({ data }) => data)).toEqual([{ because: 'look-up' }]);
  });

  it('says nothing under a lease that is half over, and says it in the next turn', async () => {
    await room.add('a', 'b');
    const far = new Far();
    far.ask = (name) => {
      if (name === 'a') room.pass({ minutes: 3 });
    };
    expect(await turn(far)).toMatchObject({ claimed: 2, moved: 1 });
    expect([far.asked, await states(), (await effects()).map(({ state }) => state).sort()]).toEqual([
      ['a'],
      { a: 'lit', b: 'dark' },
      ['done', 'waiting'],
    ]);
    await turn(far);
    expect([far.asked, far.looked, await states()]).toEqual([['a', 'b'], [], { a: 'lit', b: 'lit' }]);
  });

  it('tries again what passes, with growing waits, and gives up after its attempts', async () => {
    await room.add('a');
    const far = new Far();
    far.ask = fails('transient');
    const step = stepWith({ attempts: 3 });
    const waits: number[] = [];
    for (let times = 0; times < 2; times += 1) {
      await turn(far, step);
      const [one] = await room.lamps();
      waits.push((one?.due_at?.epochMilliseconds ?? 0) - room.now().epochMilliseconds);
      room.pass({ hours: 3 });
    }
    await turn(far, step);
    expect(waits[0]).toBeGreaterThan(20_000);
    expect(waits[1]).toBeGreaterThan(waits[0] ?? 0);
    expect([far.asked.length, await states()]).toEqual([3, { a: 'broken' }]);
    expect((await turn(far, step)).claimed).toBe(0);
  });

  it('waits as long as it is told to', async () => {
    await room.add('a');
    const far = new Far();
    far.ask = fails('transient', { retryAfterMs: 90_000 });
    await turn(far);
    expect((await room.lamps())[0]?.due_at?.epochMilliseconds).toBe(room.now().epochMilliseconds + 90_000);
  });

  it('looks up what was not answered, and never says it twice when it arrived', async () => {
    await room.add('a');
    const far = new Far();
    far.ask = (name) => {
      far.has.add(name);
      fails('unknown')();
    };
    await turn(far);
    expect(await states()).toEqual({ a: 'unknown' });
    expect((await turn(far)).claimed).toBe(0);
    room.pass({ minutes: 3 });
    await turn(far);
    expect([far.asked, far.looked, await states()]).toEqual([['a'], ['a'], { a: 'lit' }]);
  });

  it('says it again only when it was absent twice with time between, and counts absence anew each time', async () => {
    await room.add('a');
    const far = new Far();
    far.ask = fails('unknown');
    const step = stepWith({ attempts: 3 });
    const asked: number[] = [];
    for (let times = 0; times < 11; times += 1) {
      await turn(far, step);
      asked.push(far.asked.length);
      room.pass({ minutes: 3 });
    }
    expect(asked).toEqual([1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3]);
    expect([await states(), room.facts.map(({ data }) => data)]).toEqual([{ a: 'broken' }, [{ because: 'never-arrived' }]]);
  });

  it('does not take a refused look-up for a refusal of what was said', async () => {
    await room.add('a');
    const far = new Far();
    far.ask = fails('unknown');
    far.look = fails('refused') as never;
    await turn(far);
    room.pass({ minutes: 3 });
    await turn(far);
    expect([await states(), room.raised.map(({ title }) => title)]).toEqual([{ a: 'unknown' }, ['it is refused']]);
    room.pass({ hours: 24 });
    expect((await turn(far)).claimed).toBe(0);
  });

  it('shows a doubt to a person that looking up has not ended within an hour, and goes on looking', async () => {
    await room.add('a');
    const far = new Far();
    far.ask = (name) => {
      far.has.add(name);
      fails('unknown')();
    };
    far.look = fails('transient') as never;
    for (let times = 0; times < 25; times += 1) {
      await turn(far);
      room.pass({ minutes: 3 });
    }
    expect(room.raised[0]).toMatchObject({ kind: 'doubtful', title: expect.stringContaining('it is transient') });
    far.look = () => null;
    room.pass({ minutes: 15 });
    await turn(far);
    expect([far.asked, await states()]).toEqual([['a'], { a: 'lit' }]);
  });

  it('leaves what only a person can settle to a person, whose word counts either way', async () => {
    const [happened = '', absent = ''] = await room.add('a', 'b');
    const far = new Far();
    far.ask = fails('unknown');
    far.look = () => ({ outcome: 'ask-a-person', why: 'mail cannot be looked up' });
    await turn(far);
    room.pass({ minutes: 3 });
    await turn(far);
    expect(room.raised).toMatchObject([
      { kind: 'doubtful', subject: { id: happened } },
      { kind: 'doubtful', subject: { id: absent } },
    ]);
    room.pass({ hours: 9 });
    expect((await turn(far)).claimed).toBe(0);
    far.ask = () => {};
    await room.tx(async (tx) => {
      await settleByPerson(tx, [`light:${happened}`], 'happened', 'person:p');
      await settleByPerson(tx, [`light:${absent}`], 'did-not-happen', 'person:p');
      await sql`update platform.lamp set due_at = ${tx.now}`.execute(tx.db);
    });
    await turn(far);
    expect([far.asked, await states()]).toEqual([['a', 'b', 'b'], { a: 'lit', b: 'lit' }]);
  });

  it('keeps it done when the other side answered while the wire was silent', async () => {
    const [id] = await room.add('a');
    const far = new Far();
    const step = stepWith({
      ask: async () => {
        await room.tx((tx) => settleByPerson(tx, [`light:${id}`], 'happened', 'their answer'));
        throw new Fault('unknown', 'timeout', 'no answer');
      },
    });
    await turn(far, step);
    room.pass({ minutes: 6 });
    await turn(far, step);
    expect([far.looked, await states(), await effects()]).toMatchObject([[], { a: 'lit' }, [{ state: 'done' }]]);
  });

  it('raises one exception for an account that cannot work, and goes on by itself when it does', async () => {
    await room.add('a', 'b', 'c');
    const far = new Far();
    far.ask = fails('misconfigured');
    await turn(far);
    expect([room.raised.length, await states()]).toEqual([1, { a: 'dark', b: 'dark', c: 'dark' }]);
    far.ask = () => {};
    expect((await turn(far)).claimed).toBe(0);
    room.pass({ minutes: 15 });
    await turn(far);
    expect(await states()).toEqual({ a: 'lit', b: 'lit', c: 'lit' });
  });

  it('sets aside the one whose reply cannot be recorded or judged; the others are recorded', async () => {
    await room.add('a', 'b', 'c');
    const far = new Far();
    const step = stepWith({
      record: async (tx, replies) => {
        await sql`update platform.lamp set watts = case when name = 'b' then -1 else 4 end where id = any(${replies.map(({ thing }) => thing.id)}::uuid[])`.execute(
          tx.db,
        );
      },
      decide: ({ name }) => {
        if (name === 'c') throw new Error('not like this');
        return { to: 'lit', due: null, set: { watts: 4 } };
      },
    });
    expect(await turn(far, step)).toEqual({ claimed: 3, moved: 1, setAside: 2 });
    expect([await states(), room.raised.map(({ kind }) => kind)]).toEqual([
      { a: 'lit', b: 'sending', c: 'sending' },
      ['set_aside', 'set_aside'],
    ]);
    room.pass({ hours: 1 });
    expect((await turn(far, step)).claimed).toBe(0);
  });

  it('judges what the row says now, not what it said before the wire', async () => {
    await room.add('a');
    const step = stepWith({
      ask: async () => {
        await room.tx((tx) => sql`update platform.lamp set watts = 7`.execute(tx.db));
        return { by: 'reply' };
      },
      decide: ({ watts }) => ({ to: 'lit', due: null, because: `${watts} W` }),
    });
    await turn(new Far(), step);
    expect([(await room.lamps())[0]?.watts, room.facts[0]?.data]).toEqual([7, { because: '7 W' }]);
  });

  it('does not compile without a way to settle doubt, or with a transition it has not declared', () => {
    const { settle: _settle, kind: _kind, thing: _thing, ...without } = stepWith();
    // @ts-expect-error how doubt is settled is missing
    outside(lamp, without);
    outside(lamp, {
      ...without,
      settle: 'repeat',
      to: ['lit'],
      // @ts-expect-error dark is not in `to`
      decide: () => ({ to: 'dark' as const }),
      refused: () => ({ to: 'lit' as const }),
    });
    expect(stepWith().attempts).toBe(8);
  });
});
