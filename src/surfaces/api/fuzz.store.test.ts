import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { showId } from '#kernel/id';
import { type ApiTest, openApi } from '../../../test/setup/api.ts';

let api: ApiTest;

beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

const nasty = fc.constantFrom(
  '',
  ' ',
  '\0',
  '%00',
  '\ud800',
  "'",
  '"',
  "' or 1=1--",
  '../../etc/passwd',
  '-1',
  '0',
  '1e99',
  'NaN',
  'null',
  'true',
  '[]',
  '{}',
  '٣',
  '😀'.repeat(30),
  '0000-00-00T00:00:00Z',
  '-271821-04-20T00:00:00Z',
  '+275760-09-13T00:00:00Z',
  '9999-12-31T23:59:60Z',
  'a,b,,c',
  ',',
  'ord_',
  `ord_${'z'.repeat(26)}`,
  `ord_${'0'.repeat(26)}`,
  '00000000-0000-0000-0000-000000000000',
  Buffer.from('["orders","9999-12-31T23:59:59Z","ffffffff-ffff-ffff-ffff-ffffffffffff"]').toString('base64url'),
  Buffer.from('["offers","01900000-0000-7000-8000-000000000000","\\u0000"]').toString('base64url'),
  Buffer.from('["variants","\\ud800"]').toString('base64url'),
);
const text = fc.oneof(nasty, fc.string({ unit: 'binary', maxLength: 80 }), fc.string({ maxLength: 40 }));
const value: fc.Arbitrary<unknown> = fc.oneof(
  text,
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
  fc.array(text, { maxLength: 3 }),
  fc.dictionary(text, text, { maxKeys: 3 }),
);
const encode = (part: string) => encodeURIComponent(part.toWellFormed());

/** The names that each route really takes, so that the arrows hit. */
const names = [
  'limit',
  'after',
  'status',
  'state',
  'channel',
  'supplier',
  'country',
  'hold',
  'test',
  'attention',
  'placed_from',
  'placed_to',
  'q',
  'transmission',
  'order',
  'late',
  'milestone',
  'carrier',
  'number',
  'grouped',
  'kind',
  'cause',
  'sku',
  'gtin',
  'variant',
  'type',
  'actor',
  'dry_run',
  'name',
];

it('no query, id or cursor breaks a route that reads', async () => {
  const gets = api.routes.filter(({ method, url }) => method === 'GET' && url !== '/v1/events');
  const ids = ['order', 'purchase', 'parcel', 'exception', 'supplier', 'channel', 'arrival', 'run'] as const;
  const id = fc.oneof(
    text.filter((one) => one !== ''),
    fc.constantFrom(...ids.map((kind) => showId(kind, api.a.shop[kind]))),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...gets),
      fc.dictionary(fc.constantFrom(...names), text, { maxKeys: 3 }),
      id,
      async ({ url }, query, inPath) => {
        const wanted = Object.entries(query).map(([name, part]) => `${name}=${encode(part)}`);
        const path = url.replaceAll(/:\w+/g, () => encode([...inPath].slice(0, 25).join('')) || 'x');
        const answer = await api.get(`${path}?${wanted.join('&')}`, api.a.key);
        expect(answer.statusCode, `${answer.body}`).toBeLessThan(500);
        if (answer.statusCode >= 400)
          expect(answer.json()).toMatchObject({ code: expect.any(String), detail: expect.any(String), status: answer.statusCode });
      },
    ),
    { numRuns: 1_500 },
  );
}, 120_000);

it('no body breaks a route that writes', async () => {
  const writes = api.routes.filter(({ method, url }) => method !== 'GET' && url !== '/v1/session' && !url.startsWith('/v1/keys'));
  const fields = fc.dictionary(
    fc.constantFrom(
      'text',
      'reason',
      'detail',
      'because',
      'until',
      'action',
      'ids',
      'input',
      'name',
      'rules',
      'minutes',
      'what',
      'lines',
      'state',
      'code',
      'kind',
      'currency',
      '__proto__',
    ),
    value,
    { maxKeys: 4 },
  );
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...writes), fc.oneof(fields, value, fc.constant('{"a"')), text, async ({ method, url }, body, key) => {
      const path = url.replace(':id', showId('order', api.a.shop.order)).replace(':action', 'wait').replace(':supplier', 'x');
      const answer = await api.app.inject({
        method,
        url: path,
        payload: typeof body === 'string' ? body : JSON.stringify(body),
        headers: {
          authorization: `Bearer ${api.a.key}`,
          'content-type': 'application/json',
          'idempotency-key': key.replaceAll(/[^\x21-\x7e]/g, '') || 'k',
        },
      });
      if (answer.statusCode === 503 && url.includes('import')) return;
      expect(answer.statusCode, `${method} ${path} ${JSON.stringify(body)} ${answer.body}`).toBeLessThan(500);
    }),
    { numRuns: 1_000 },
  );
}, 120_000);
