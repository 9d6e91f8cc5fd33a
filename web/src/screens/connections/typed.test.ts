import { describe, expect, it } from 'vitest';
import type { StoreKindRow } from '../../api/types.ts';
import { bodyOf, shortOf } from './typed.ts';

const kind = { kind: 'acme', name: 'Acme', fields: [{ name: 'baseUrl' }, { name: 'token' }] } as unknown as StoreKindRow;
const now = Temporal.Instant.from('2026-11-25T12:00:00Z');

describe('what is sent to connect a shop', () => {
  it('has its fields apart, and holds orders of before unless they are to be ordered', () => {
    const given = {
      kind: 'acme',
      baseUrl: 'https://a.test',
      token: 't',
      name: 'Fernway Café',
      currency: 'EUR',
      since: '30',
      history: 'hold',
    };
    expect(bodyOf(kind, given, now)).toEqual({
      kind: 'acme',
      name: 'Fernway Café',
      code: 'fernway-cafe',
      currency: 'EUR',
      fields: { baseUrl: 'https://a.test', token: 't' },
      since: '2026-10-26T12:00:00Z',
      actFrom: '2026-11-25T12:00:00Z',
    });
  });

  it('reads all there are, and acts on them, when that is chosen', () => {
    expect(bodyOf(kind, { baseUrl: 'https://a.test', token: 't', currency: 'USD', history: 'act' }, now)).toEqual({
      kind: 'acme',
      name: 'Acme',
      code: 'acme',
      currency: 'USD',
      fields: { baseUrl: 'https://a.test', token: 't' },
    });
  });

  it.each([
    ['Fernway Home', 'fernway-home'],
    ['  Ü & Co. ', 'u-co'],
    ['山', 'shop'],
  ])('calls %s %s', (name, short) => expect(shortOf(name)).toBe(short));
});
