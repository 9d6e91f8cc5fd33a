import { describe, expect, it } from 'vitest';
import { deriveToken, hashToken } from './token.ts';

const key = new Uint8Array(32).fill(7);

describe('a derived token', () => {
  it('is the same every time for one subject, and another for another subject, purpose or key', () => {
    const { token, hash } = deriveToken(key, 'tracking-link', 'one');
    expect(deriveToken(key, 'tracking-link', 'one').token).toBe(token);
    expect(token).toMatch(/^[\w-]{43}$/);
    expect(hash).toBe(hashToken(token));
    const others = [
      deriveToken(key, 'tracking-link', 'two'),
      deriveToken(key, 'supplier-link', 'one'),
      deriveToken(new Uint8Array(32), 'tracking-link', 'one'),
    ];
    expect(new Set([token, ...others.map((other) => other.token)]).size).toBe(4);
  });
});
