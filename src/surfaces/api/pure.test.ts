import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fastify from 'fastify';
import { describe, expect, it } from 'vitest';
import { after, instant } from '#kernel/time';
import { consoleRoutes, secureHeaders } from './console.ts';
import { measuresFrom, readinessFrom, startOfDay } from './home.ts';
import { makeLimiter } from './limit.ts';
import { asText, maskBody, maskHeaders } from './mask.ts';

const now = instant('2026-05-01T10:00:00Z');

describe('the limiter', () => {
  it('lets a burst through, then as many as the rate gives, and counts each caller alone', () => {
    const limit = makeLimiter({ perSecond: 2, burst: 3 });
    const allowed = (caller: string, seconds: number) => limit(caller, after(now, { seconds })).allowed;
    expect([0, 0, 0, 0].map((at) => allowed('a', at))).toEqual([true, true, true, false]);
    expect(allowed('b', 0)).toBe(true);
    expect([0.5, 0.5].map((at) => allowed('a', at))).toEqual([true, false]);
    expect(limit('a', after(now, { seconds: 60 }))).toMatchObject({ allowed: true, remaining: 2 });
  });

  it('gives nothing for a clock that goes back', () => {
    const limit = makeLimiter({ perSecond: 1, burst: 1 });
    expect(limit('a', now).allowed).toBe(true);
    expect(limit('a', after(now, { seconds: -60 })).allowed).toBe(false);
  });
});

describe('a masked body', () => {
  it('keeps its shape and amounts, not who it is about', () => {
    const body =
      '{"id":"9001","created_at":"2026-05-01T10:00:00Z","customer":{"name":"Ada \\"L\\" Lovelace","email":"ada@example.org","phone":"+39 06 555 0101"},"total":"27.00"}';
    expect(JSON.parse(maskBody(body))).toEqual({
      id: '9001',
      created_at: '2026-05-01T10:00:00Z',
      customer: { name: 'A…', email: 'a…@example.org', phone: '+…' },
      total: '27.00',
    });
    expect(maskBody('Call +39 06 555 0101 or ada.lovelace@example.org')).toBe('Call …01 or a…@example.org');
  });

  it('is masked in a time that grows with its length only', () => {
    const began = performance.now();
    maskBody(`"name": "${'\\'.repeat(100_000)} ${'a'.repeat(100_000)}@${'1 '.repeat(100_000)}`);
    expect(performance.now() - began).toBeLessThan(1_500);
  });

  it('never shows a signature or key', () => {
    expect(
      maskHeaders({ 'Webhook-Signature': 'v1,x', 'x-shop-hmac-sha256': 'x', authorization: 'Bearer x', 'content-type': 'text/csv' }),
    ).toEqual({
      'Webhook-Signature': '…',
      'x-shop-hmac-sha256': '…',
      authorization: '…',
      'content-type': 'text/csv',
    });
  });

  it('is text or is not', () => {
    expect(asText(Buffer.from('a;b\r\nč;☃'))).toEqual({ text: 'a;b\r\nč;☃', isText: true });
    expect(asText(Uint8Array.from({ length: 300 }, (_, place) => place % 256)).isText).toBe(false);
  });
});

describe('home', () => {
  it('shows a measure day by day, and nothing where nothing was', () => {
    const rows = [
      { name: 'fill_rate', day: 0, period: 0, value: 0.5, n: 2 },
      { name: 'fill_rate', day: 27, period: 0, value: 1, n: 1 },
      { name: 'fill_rate', day: null, period: 0, value: 0.75, n: 3 },
      { name: 'fill_rate', day: null, period: 1, value: 0.9, n: 9 },
    ];
    const [fill, ship] = measuresFrom(rows);
    expect(fill).toMatchObject({ name: 'fill_rate', value: 0.75, previous: 0.9, n: 3 });
    expect([fill?.spark.length, fill?.spark[0], fill?.spark[26], fill?.spark[27]]).toEqual([28, 1, null, 0.5]);
    expect(ship).toMatchObject({ name: 'order_to_ship', value: null, previous: null, n: 0 });
  });

  it('says what keeps orders from flowing, the most blocking first', () => {
    const all = { channels: 1, channels_failing: 0, suppliers: 1, untransported: null, policies: 1, offers: true };
    expect(readinessFrom(all)).toEqual({ ready: true, missing: [] });
    expect(readinessFrom({ ...all, channels: 0, suppliers: 0, policies: 0 }).missing.map(({ what }) => what)).toEqual([
      'channel',
      'supplier',
      'policy',
    ]);
    expect(readinessFrom({ ...all, untransported: 'Kestrel' }).missing[0]?.say).toContain('Kestrel');
  });

  it('begins its day at midnight where the shop is, also when the clocks change', () => {
    expect(startOfDay(now, 'America/New_York').toString()).toBe('2026-05-01T04:00:00Z');
    expect(startOfDay(instant('2026-03-29T10:00:00Z'), 'Europe/Rome').toString()).toBe('2026-03-28T23:00:00Z');
    expect(startOfDay(now, 'Nowhere/Land').toString()).toBe('2026-05-01T00:00:00Z');
  });
});

describe('the console', () => {
  it('is its files by name and its page for every address of its own', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'stockless-console-'));
    try {
      mkdirSync(join(folder, 'assets'));
      writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Stockless</title>');
      writeFileSync(join(folder, 'assets', 'main-abc123.js'), 'let a');
      writeFileSync(join(folder, 'icon.svg'), '<svg/>');
      const app = fastify();
      secureHeaders(app, true);
      app.setErrorHandler((error: { code?: string }, _request, reply) =>
        reply.code(error.code === 'not-found' ? 404 : 500).send({ code: error.code }),
      );
      consoleRoutes(app, folder);
      const get = async (url: string) => {
        const { statusCode, headers, body } = await app.inject(url);
        return { statusCode, headers, body };
      };
      for (const url of ['/', '/orders/ord_1?tab=money', '/index.html', '/sign-in']) {
        const page = await get(url);
        expect([url, page.statusCode, page.body.includes('Stockless'), page.headers['cache-control']]).toEqual([
          url,
          200,
          true,
          'no-cache',
        ]);
        expect(page.headers['content-security-policy']).toMatch(/script-src 'self';/);
      }
      expect((await get('/assets/main-abc123.js')).headers).toMatchObject({
        'cache-control': 'public, max-age=31536000, immutable',
        'strict-transport-security': 'max-age=31536000',
      });
      expect((await get('/icon.svg')).headers['content-type']).toContain('svg');
      for (const url of ['/assets/none.js', '/v1/nothing', '/assets/..%2f..%2fpackage.json', '/hooks/x', '/assets/.hidden']) {
        expect([url, (await get(url)).statusCode]).toEqual([url, 404]);
      }
      expect((await get('/..%2f..%2fetc%2fpasswd')).body).not.toContain('root:');
      await app.close();
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
