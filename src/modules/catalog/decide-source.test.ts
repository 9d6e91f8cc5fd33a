import { describe, expect, it } from 'vitest';
import { after, instant } from '#kernel/time';
import { Fault } from '#kernel/fault';
import { allowedMinutes, decideFetched, decideFetchFailed, decideWaited, nextLook } from './decide-source.ts';
import type { FeedSource } from './source-words.ts';

const now = instant('2026-03-28T20:00:00Z');
const source: FeedSource = {
  id: 's',
  supplier_id: '01900000-0000-7000-8000-00000000000a',
  transport: 'http',
  settings: {},
  secrets: null,
  schedule: { everyMinutes: 30 },
  target_minutes: 60,
  state: 'polled',
  due_at: null,
  seen: {},
  asked_at: after(now, { minutes: -30 }),
  new_at: null,
  fresh_at: after(now, { minutes: -30 }),
  stale_at: null,
  created_at: after(now, { days: -30 }),
  code: 'KESTREL',
  name: 'Kestrel',
  time_zone: 'Europe/Berlin',
  same_is_fresh: true,
  rhythm: [],
};
const fetched = { files: [], seen: {}, isCurrent: true, more: false };

describe('a schedule', () => {
  it('is every so many minutes, and shorter while something changes', () => {
    const schedule = { everyMinutes: 60, whileChangingMinutes: 10 };
    expect(nextLook(schedule, 'UTC', now, null)?.toString()).toBe('2026-03-28T21:00:00Z');
    expect(nextLook(schedule, 'UTC', now, after(now, { minutes: -170 }))?.toString()).toBe('2026-03-28T20:10:00Z');
    expect(nextLook(schedule, 'UTC', now, after(now, { minutes: -190 }))?.toString()).toBe('2026-03-28T21:00:00Z');
    expect(nextLook({}, 'UTC', now, null)).toBeNull();
  });

  it("keeps the supplier's time of day when their clocks change", () => {
    const at = (from: string) => nextLook({ at: ['06:30', '23:15'] }, 'Europe/Berlin', instant(from), null)?.toString();
    expect([at('2026-03-28T05:00:00Z'), at('2026-03-28T20:00:00Z'), at('2026-03-28T22:30:00Z')]).toEqual([
      '2026-03-28T05:30:00Z',
      '2026-03-28T22:15:00Z',
      '2026-03-29T04:30:00Z',
    ]);
  });
});

describe('how old a feed may get', () => {
  it('is what was agreed, else three of its usual intervals, else not known', () => {
    const rhythm = [0, -60, -125, -180, -420].map((minutes) => after(now, { minutes }));
    expect(allowedMinutes({ target_minutes: 90, rhythm })).toBe(90);
    expect(allowedMinutes({ target_minutes: null, rhythm })).toBe(195);
    expect(allowedMinutes({ target_minutes: null, rhythm: rhythm.slice(0, 3) })).toBeNull();
  });

  it('is told of once, and once a day after', () => {
    const late = { ...source, fresh_at: after(now, { minutes: -61 }) };
    expect(decideFetched(source, fetched, now).raise).toEqual([]);
    const first = decideFetched(late, fetched, now);
    expect(first).toMatchObject({
      to: 'polled',
      raise: [{ kind: 'feed_stale', title: 'The feed of Kestrel is 61 min old; it should be 60 min at most.' }],
    });
    expect(decideFetched({ ...late, stale_at: after(now, { hours: -1 }) }, fetched, now).raise).toEqual([]);
    expect(decideFetched({ ...late, stale_at: after(now, { hours: -24 }) }, fetched, now).raise).toHaveLength(1);
  });

  it('has a clock where files are brought to us as well', () => {
    const brought = { ...source, transport: 'upload' as const, state: 'waiting' as const };
    expect(decideWaited(brought, now)).toMatchObject({ to: 'waiting', due: after(now, { minutes: 30 }) });
    expect(decideWaited({ ...brought, fresh_at: after(now, { hours: -3 }) }, now).raise?.[0]?.fixes?.map(({ action }) => action)).toEqual([
      'wait',
    ]);
    expect(decideWaited({ ...brought, target_minutes: null }, now)).toMatchObject({ due: null });
  });
});

describe('a source that does not answer', () => {
  it('is asked again while that may pass, and told of when it does not', () => {
    const down = new Fault('transient', 'http-503', 'they are down');
    expect(decideFetchFailed(source, down, now)).toMatchObject({ to: 'polled', due: after(now, { minutes: 30 }) });
    expect(decideFetchFailed({ ...source, asked_at: after(now, { hours: -4 }) }, down, now)).toMatchObject({ to: 'stopped' });
    const wrong = decideFetchFailed(source, new Fault('misconfigured', 'http-401', 'the key was refused'), now);
    expect(wrong.raise).toMatchObject([{ kind: 'connection_broken', title: 'The feed of Kestrel cannot be fetched: the key was refused' }]);
    expect(
      decideFetchFailed({ ...source, state: 'stopped' }, new Fault('misconfigured', 'http-401', 'the key was refused'), now).raise,
    ).toEqual([]);
  });
});
