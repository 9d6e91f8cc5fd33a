import { describe, expect, it } from 'vitest';
import { after, instant } from '#kernel/time';
import { isSameOrigin, judgeDoor, renewed, rightsOf, rightsOfKey } from './decide.ts';
import { type Door, resources } from './words.ts';

const now = instant('2026-05-01T10:00:00Z');
const door = (more: Partial<Door> = {}): Door => ({
  hash: 'h',
  tenant: 't',
  mode: 'test',
  purpose: 'session',
  subject: 's',
  scope: {},
  created: now,
  expires: after(now, { hours: 12 }),
  used: null,
  revoked: null,
  ...more,
});

describe('a door', () => {
  it.each<[string, Door | null, Door['purpose'], string | null]>([
    ['opens for what it was made for', door(), 'session', null],
    ['that nobody made', null, 'session', 'unknown'],
    ['for another purpose', door({ purpose: 'hook' }), 'session', 'wrong-purpose'],
    ['that was taken away', door({ revoked: now }), 'session', 'revoked'],
    ['at the very end of its time', door({ expires: now }), 'session', 'expired'],
    ['a moment before', door({ expires: after(now, { ms: 1 }) }), 'session', null],
    ['without an end', door({ expires: null, purpose: 'hook' }), 'hook', null],
    ['a sign-in link used before', door({ purpose: 'sign-in', used: now }), 'sign-in', 'used'],
    ['a session used before', door({ used: now }), 'session', null],
  ])('%s', (_what, given, purpose, refusal) => {
    expect(judgeDoor(given, purpose, now)).toBe(refusal);
  });

  it('of a session lasts twelve hours from its last use, written at most every five minutes', () => {
    expect(renewed(door(), after(now, { minutes: 4 }))).toBeNull();
    expect(renewed(door(), after(now, { minutes: 6 }))).toEqual(after(now, { minutes: 6, hours: 12 }));
    expect(renewed(door({ used: after(now, { minutes: 5 }) }), after(now, { minutes: 6 }))).toBeNull();
  });
});

describe('rights', () => {
  it('of read-only change nothing, and of operations neither keys, channels nor the policy', () => {
    expect([...rightsOf['read-only']].filter((right) => right.endsWith(':write'))).toEqual([]);
    expect([...rightsOf.operations].filter((right) => /^(keys|channels|routing|facts):write$/.test(right))).toEqual([]);
    expect(rightsOf.operations.has('orders:write')).toBe(true);
    expect(rightsOf.owner.size).toBe(resources.length * 2);
  });

  it('of a key are those it was given, and nothing that is none', () => {
    expect([...rightsOfKey({ scopes: ['orders:read', 'all:write', 7, 'orders'] })]).toEqual(['orders:read']);
    expect([...rightsOfKey({})]).toEqual([]);
    expect([...rightsOfKey({ scopes: 'orders:read' })]).toEqual([]);
  });
});

describe('a change by cookie', () => {
  const own = 'https://ops.example.com';
  it.each<[string, Parameters<typeof isSameOrigin>[0], boolean]>([
    ['from our page', { origin: own, fetchSite: 'same-origin', host: 'ops.example.com' }, true],
    ['from our page in an older browser', { origin: own, fetchSite: undefined, host: 'ops.example.com' }, true],
    [
      'from our page under another of its names',
      { origin: 'http://127.0.0.1:4400', fetchSite: 'same-origin', host: '127.0.0.1:4400' },
      true,
    ],
    ['from another site', { origin: 'https://evil.example', fetchSite: 'cross-site', host: 'ops.example.com' }, false],
    ['from a sibling host', { origin: 'https://shop.example.com', fetchSite: 'same-site', host: 'ops.example.com' }, false],
    ['from another site in an older browser', { origin: 'https://evil.example', fetchSite: undefined, host: 'ops.example.com' }, false],
    ['typed into the address bar', { origin: undefined, fetchSite: 'none', host: 'ops.example.com' }, false],
    ['from a page without an origin', { origin: 'null', fetchSite: undefined, host: 'ops.example.com' }, false],
    ['from who says nothing', { origin: undefined, fetchSite: undefined, host: 'ops.example.com' }, false],
  ])('%s', (_what, request, allowed) => {
    expect(isSameOrigin(request, own)).toBe(allowed);
  });
});
