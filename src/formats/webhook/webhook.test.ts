import { Webhook } from 'standardwebhooks';
import { describe, expect, test } from 'vitest';
import { fromMs } from '#kernel/time';
import { signWebhook, verifyWebhook } from './index.ts';

const nowMs = Date.parse('2026-05-01T10:00:00Z');
const clock = { now: () => fromMs(nowMs) };
/** As far sides make them: `whsec_` and 32 bytes in base64. */
const secretOf = (byte: number): string => `whsec_${Buffer.alloc(32, byte).toString('base64')}`;
const secret = secretOf(1);
const body = '{"type":"order.routed","price":"12.50","name":"Čapek ☃"}';
const headers = signWebhook({ id: 'evt_1', body, secrets: [secret], clock });
const verify = (more: Partial<Parameters<typeof verifyWebhook>[0]> = {}) =>
  verifyWebhook({ headers: { ...headers }, body, secrets: [secret], clock, ...more });

describe('a webhook signature', () => {
  test('fits the bytes it was made for', () => {
    expect(verify()).toBe(true);
    expect(verify({ body: Buffer.from(body) })).toBe(true);
  });

  test.each<[string, Partial<Parameters<typeof verifyWebhook>[0]>]>([
    ['another body', { body: `${body} ` }],
    ['the body re-serialised', { body: JSON.stringify(JSON.parse(body.replace('"12.50"', '12.50'))) }],
    ['an empty body', { body: '' }],
    ['another secret', { secrets: [secretOf(2)] }],
    ['no secret', { secrets: [] }],
    ['an empty secret', { secrets: [''] }],
    ['a secret of the prefix only', { secrets: ['whsec_'] }],
    ['a short secret', { secrets: ['whsec_AAAA'] }],
    ['a secret that is not base64', { secrets: ['whsec_!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!'] }],
    ['a secret that is not text', { secrets: [undefined as unknown as string, null as unknown as string, 7 as unknown as string] }],
    ['no id', { headers: { ...headers, 'webhook-id': undefined } }],
    ['another id', { headers: { ...headers, 'webhook-id': 'evt_2' } }],
    ['an empty id', { headers: { ...headers, 'webhook-id': '' } }],
    ['no timestamp', { headers: { ...headers, 'webhook-timestamp': undefined } }],
    ['a timestamp in words', { headers: { ...headers, 'webhook-timestamp': 'yesterday' } }],
    ['a timestamp in hexadecimal', { headers: { ...headers, 'webhook-timestamp': '0x65' } }],
    ['a negative timestamp', { headers: { ...headers, 'webhook-timestamp': '-1' } }],
    ['the timestamp moved by a second', { headers: { ...headers, 'webhook-timestamp': String(Number(headers['webhook-timestamp']) + 1) } }],
    ['no signature', { headers: { ...headers, 'webhook-signature': undefined } }],
    ['an empty signature', { headers: { ...headers, 'webhook-signature': '' } }],
    ['a signature without its version', { headers: { ...headers, 'webhook-signature': headers['webhook-signature'].slice(3) } }],
    [
      'a signature of another version',
      { headers: { ...headers, 'webhook-signature': headers['webhook-signature'].replace('v1,', 'v1a,') } },
    ],
    ['a signature cut short', { headers: { ...headers, 'webhook-signature': headers['webhook-signature'].slice(0, -8) } }],
    ['an empty signature of the right version', { headers: { ...headers, 'webhook-signature': 'v1,' } }],
    ['a signature with letters added', { headers: { ...headers, 'webhook-signature': `${headers['webhook-signature']}AAAA` } }],
    ['a signature header that came twice', { headers: { ...headers, 'webhook-signature': [headers['webhook-signature'], 'v1,AAAA'] } }],
    ['no headers at all', { headers: {} }],
    ['a message six minutes old', { clock: { now: () => fromMs(nowMs + 360_000) } }],
    ['a message six minutes from the future', { clock: { now: () => fromMs(nowMs - 360_000) } }],
  ])('does not fit %s, and nothing throws', (_, more) => {
    expect(verify(more)).toBe(false);
  });

  test('still fits four minutes later', () => {
    expect(verify({ clock: { now: () => fromMs(nowMs + 240_000) } })).toBe(true);
  });

  test('fits either secret while one is being replaced', () => {
    const next = secretOf(3);
    const both = signWebhook({ id: 'evt_1', body, secrets: [next, secret], clock });
    expect(verify({ headers: { ...both } })).toBe(true);
    expect(verify({ headers: { ...both }, secrets: [next] })).toBe(true);
    expect(verify({ secrets: [next, secret] })).toBe(true);
  });

  test('is not made without a good secret or with an id that would shift the parts', () => {
    expect(() => signWebhook({ id: 'evt_1', body, secrets: [], clock })).toThrow(/at least one secret/);
    expect(() => signWebhook({ id: 'evt_1', body, secrets: ['whsec_AAAA'], clock })).toThrow(/24 to 64 bytes/);
    expect(() => signWebhook({ id: 'evt.1', body, secrets: [secret], clock })).toThrow(/full stop/);
  });
});

describe('with the reference library of Standard Webhooks', () => {
  const realClock = { now: () => Temporal.Now.instant() };

  test('it accepts what we sign', () => {
    const ours = signWebhook({ id: 'evt_9', body, secrets: [secret], clock: realClock });
    expect(new Webhook(secret).verify(body, { ...ours })).toEqual(JSON.parse(body));
    expect(() => new Webhook(secret).verify(`${body} `, { ...ours })).toThrow();
  });

  test('we accept what it signs', () => {
    const at = new Date();
    const theirs = {
      'webhook-id': 'msg_1',
      'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
      'webhook-signature': new Webhook(secret).sign('msg_1', at, body),
    };
    expect(verifyWebhook({ headers: theirs, body, secrets: [secret], clock: realClock })).toBe(true);
    expect(verifyWebhook({ headers: theirs, body: `${body} `, secrets: [secret], clock: realClock })).toBe(false);
  });
});
