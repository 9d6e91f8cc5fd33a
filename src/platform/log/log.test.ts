import { describe, expect, it } from 'vitest';
import { instant } from '#kernel/time';
import { makeLog } from './log.ts';
import { mask, maskText } from './mask.ts';

const clock = { now: () => instant('2026-11-25T09:30:00.123Z') };

function logged(write: (log: ReturnType<typeof makeLog>) => void, pretty = false): string {
  let out = '';
  write(makeLog({ clock, pretty, level: 'debug', out: { write: (text) => (out += text) } }));
  return out;
}

describe('a line', () => {
  it('is one JSON object with level, time and what the child carries', () => {
    const out = logged((log) => log.child({ tenant: 'ten_1', step: 'routeOrder' }).warn('Slow\nturn', { ms: 900, minor: 5n }));
    expect(out.endsWith('\n')).toBe(true);
    expect(out.trimEnd()).not.toContain('\n');
    expect(JSON.parse(out)).toEqual({
      level: 'warn',
      at: '2026-11-25T09:30:00.123Z',
      tenant: 'ten_1',
      step: 'routeOrder',
      ms: 900,
      minor: '5',
      message: 'Slow\nturn',
    });
  });

  it('cannot be made to look like another by its fields', () => {
    expect(JSON.parse(logged((log) => log.info('real', { message: 'fake', level: 'error', at: 'never' })))).toMatchObject({
      level: 'info',
      message: 'real',
      message_: 'fake',
    });
  });

  it('carries errors with their causes, masked', () => {
    const error = new Error('for jo@example.com', { cause: Object.assign(new Error('deep'), { password: 'hunter2' }) });
    const out = logged((log) => log.error('Broke', { error }));
    expect(JSON.parse(out)).toMatchObject({ error: { message: 'for [e-mail]', cause: { message: 'deep', password: '[masked]' } } });
    expect(out).not.toMatch(/jo@|hunter2/);
  });

  it('is for people on a terminal, and draws nothing that came from outside', () => {
    const out = logged((log) => log.info('Order \u001b[31mred\nline', { order: 'ord_1', name: 'x y' }), true);
    expect(out).toContain('09:30:00.123');
    expect(out).toContain('order=ord_1');
    expect(out).not.toContain('\u001b[31mred');
    expect(out.trimEnd()).not.toContain('\n');
  });
});

describe('masking', () => {
  const canaries: [string, unknown][] = [
    ['password', { password: 'canary' }],
    ['nested token', { a: [{ access_token: 'canary' }] }],
    ['header', { headers: { 'X-Shopify-Access-Token': 'canary' } }],
    ['authorization text', 'Authorization: Bearer canary-canary'],
    ['address of a database', 'postgres://user:canary@host/db'],
    ['query', '/x?api_key=canary&y=1'],
    ['JSON in text', '{"email":"canary","total":1}'],
    ['e-mail', 'to canary@example.com now'],
    ['person', { first_name: 'canary', address1: 'canary', phone: 'canary', zip: 'canary' }],
    ['token of a known form', 'shpat_canary1234567'],
    ['map', new Map([['secret', 'canary']])],
    ['JSON web token', `eyJhbGciOiJIUzI1NiJ9.canarycanary.canary`],
    ['private key', '-----BEGIN PRIVATE KEY-----\ncanary\n-----END PRIVATE KEY-----'],
    ['bytes', new TextEncoder().encode('canary')],
  ];
  it.each(canaries)('leaves nothing of a %s', (_what, value) => {
    expect(JSON.stringify(mask(value))).not.toContain('canary');
  });

  it('leaves ids, numbers and codes as they are', () => {
    const value = {
      order: 'ord_01k',
      purchase: 'PO-2026-0001',
      status: 422,
      code: 'http-422',
      at: '2026-11-25T09:30:00Z',
      tracking: '1Z999AA10123456784',
      sku: 'LAMP-12',
    };
    expect(mask(value)).toEqual(value);
  });

  it('ends with deep, wide and round values', () => {
    const round: Record<string, unknown> = { wide: Array.from({ length: 1_000 }, () => 'x') };
    round['self'] = round;
    expect(JSON.stringify(mask(round)).length).toBeLessThan(20_000);
  });

  it('stays quick with text made to be slow', () => {
    const startedAt = performance.now();
    for (const evil of [
      'a'.repeat(100_000),
      'a@'.repeat(50_000),
      '+1 '.repeat(30_000),
      '"token'.repeat(20_000),
      '?key'.repeat(20_000),
      '-----BEGIN PRIVATE KEY-----'.repeat(4_000),
      'http://'.repeat(10_000),
      'a-'.repeat(50_000),
    ])
      maskText(evil);
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });
});
