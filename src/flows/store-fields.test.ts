import { describe, expect, it } from 'vitest';
import type { StoreKind } from '#ports/store';
import { readFields } from './store-fields.ts';

const kind = {
  name: 'Acme',
  fields: [
    { name: 'baseUrl', label: 'Address', kind: 'url', required: true, hint: 'It stands in the browser.' },
    { name: 'token', label: 'Token', kind: 'secret', required: true, hint: 'Under keys.' },
    { name: 'location', label: 'Location', kind: 'text', required: false, hint: 'Under stock.' },
  ],
} as unknown as StoreKind;

describe('what is given to connect a store', () => {
  it('is cut into settings and secrets, without the spaces of a paste', () => {
    expect(readFields(kind, { baseUrl: ' https://acme.test ', token: ' t\n' })).toEqual({
      settings: { baseUrl: 'https://acme.test' },
      secrets: { token: 't' },
    });
  });

  it.each<[string, Record<string, string>, string]>([
    ['what is missing', { baseUrl: 'https://a.test' }, 'Token is missing.'],
    ['what is empty', { baseUrl: '  ', token: 't' }, 'Address is missing.'],
    ['what is no address', { baseUrl: 'acme.test', token: 't' }, 'Address is no web address: "acme.test".'],
    [
      'an address that is no web address',
      { baseUrl: 'file:///etc/passwd', token: 't' },
      'Address is no web address: "file:///etc/passwd".',
    ],
    ['what nobody asked for', { baseUrl: 'https://a.test', token: 't', colour: 'red' }, 'Acme does not ask for "colour".'],
    ['what is far too long', { baseUrl: 'https://a.test', token: 'x'.repeat(5_000) }, 'Token is longer than 4000 letters.'],
  ])('is refused with words: %s', (_what, given, says) => {
    expect(() => readFields(kind, given)).toThrow(says);
  });

  it('may leave out what is known already', () => {
    expect(readFields(kind, { token: 'new' }, ['baseUrl', 'token'])).toEqual({ settings: {}, secrets: { token: 'new' } });
  });
});
