import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Validator } from '@seriousme/openapi-schema-validator';
import { showId } from '#kernel/id';
import { problem } from '#kernel/problem';
import { type ApiTest, openApi } from '../../../test/setup/api.ts';

let api: ApiTest;
const imported: unknown[] = [];

beforeAll(async () => {
  api = await openApi({
    async importFeed(tenant, { bytes, ...file }) {
      imported.push({ ...file, tenant, text: (await bytes.toArray()).join('') });
      return { run: api.a.shop.run };
    },
  });
});
afterAll(() => api.close());

const ids = (shop: ApiTest['a']['shop']) => ({
  order: showId('order', shop.order),
  purchase: showId('purchase', shop.purchase),
  document: showId('document', shop.document),
  parcel: showId('parcel', shop.parcel),
  exception: showId('exception', shop.exception),
  supplier: showId('supplier', shop.supplier),
  channel: showId('channel', shop.channel),
  variant: showId('variant', shop.variant),
  offer: showId('offer', shop.offer),
  arrival: showId('arrival', shop.arrival),
  run: showId('run', shop.run),
  feed: showId('supplier', shop.supplier),
  feedRun: showId('run', shop.feed),
});

/** Every address under /v1 that answers GET, filled with this shop's ids. */
function everyGet(shop: ApiTest['a']['shop']): string[] {
  const known = ids(shop);
  const kindOf: Record<string, string> = {
    '/v1/orders/:id': known.order,
    '/v1/purchases/:id': known.purchase,
    '/v1/purchases/:id/documents/:document': known.purchase,
    '/v1/parcels/:id': known.parcel,
    '/v1/exceptions/:id': known.exception,
    '/v1/suppliers/:id': known.supplier,
    '/v1/feeds/:id': known.supplier,
    '/v1/feeds/:id/guards': known.supplier,
    '/v1/feeds/:id/compare': known.supplier,
    '/v1/feed-runs/:id': known.feedRun,
    '/v1/feed-runs/:id/changes': known.feedRun,
    '/v1/channels/:id': known.channel,
    '/v1/arrivals/:id': known.arrival,
    '/v1/runs/:id': known.run,
    '/v1/variants/:id': known.variant,
    '/v1/offers/:id': known.offer,
  };
  return api.routes
    .filter(
      ({ method, url }) => method === 'GET' && url !== '/v1/events' && url !== '/v1/demo' && !/feed-runs\/:id\/(file|rejects)$/.test(url),
    )
    .map(({ url }) => {
      if (!url.includes(':')) return url === '/v1/search' ? `${url}?q=${api.markOf(shop)}` : url;
      const id = kindOf[url];
      if (id === undefined) throw new Error(`the test does not know what id ${url} takes`);
      return url.replace(':id', id).replace(':document', known.document);
    });
}

describe('every route', () => {
  it('answers its own tenant, in the shape it promises', async () => {
    for (const url of everyGet(api.a.shop)) {
      const answer = await api.get(url, api.a.key);
      expect([url, answer.statusCode, answer.statusCode === 200 ? '' : answer.body]).toEqual([url, 200, '']);
    }
  });

  it('shows nothing of another tenant, by list or by id', async () => {
    const mark = api.markOf(api.b.shop);
    for (const url of everyGet(api.a.shop)) {
      const answer = await api.get(url, api.a.key);
      expect([url, answer.body.includes(mark)]).toEqual([url, false]);
    }
    for (const url of everyGet(api.b.shop)) {
      const answer = await api.get(url, api.a.key);
      expect([url, answer.body.includes(mark) && !url.includes(mark)]).toEqual([url, false]);
      if (!api.routes.some((route) => route.url === url) && !url.includes('?')) expect([url, answer.statusCode]).toEqual([url, 404]);
    }
    // The absence means something: the other one sees its own.
    expect((await api.get('/v1/orders', api.b.key)).body).toContain(mark);
  });

  it('refuses who does not say who they are, and who lacks the right', async () => {
    for (const { method, url } of api.routes.filter((route) => route.url !== '/v1/session' || route.method !== 'POST')) {
      const bare = await api.app.inject({ method, url: url.replaceAll(/:\w+/g, 'x') });
      expect([method, url, bare.statusCode]).toEqual([method, url, 401]);
      expect(bare.json()).toMatchObject({ code: 'not-signed-in', status: 401, fix: expect.any(String) });
      const powerless = await api.app.inject({
        method,
        url: url.replaceAll(/:\w+/g, 'x'),
        headers: { authorization: `Bearer ${api.powerless}` },
      });
      if (!['/v1/me', '/v1/session'].includes(url)) expect([method, url, powerless.statusCode]).toEqual([method, url, 403]);
    }
  });

  it('changes nothing in another tenant, whatever is posted', async () => {
    const known = ids(api.b.shop);
    for (const { method, url } of api.routes.filter((route) => route.method !== 'GET' && route.url.includes(':id'))) {
      const kind = (url.includes('/feed-runs/') ? 'feedRun' : url.split('/')[2]?.slice(0, -1)) as keyof typeof known;
      const target = url.replace(':id', known[kind] ?? 'key_x').replace(':action', 'dismiss');
      const answer = await api.app.inject({
        method,
        url: target,
        headers: { authorization: `Bearer ${api.a.key}` },
        payload: { text: 'x', until: '2027-01-01T00:00:00Z', name: 'x' },
      });
      expect([target, answer.statusCode < 500 && answer.statusCode >= 400]).toEqual([target, true]);
    }
    expect(api.asked.filter(({ id, tenant }) => tenant !== api.tenantOfSubject(id))).toEqual([]);
  });
});

describe('an action', () => {
  it('is done as who asked, and says what came of it', async () => {
    const answer = await api.post(`/v1/orders/${ids(api.a.shop).order}/hold`, api.a.key, { reason: 'manual', detail: 'look' });
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toMatchObject({ dryRun: false, said: 'hold done', facts: [{ type: 'order.held' }] });
    expect(api.asked.at(-1)).toMatchObject({
      kind: 'order',
      action: 'hold',
      id: api.a.shop.order,
      input: { reason: 'manual', detail: 'look' },
    });
    expect(api.asked.at(-1)?.by).toMatch(/^key:/);
  });

  it('leaves nothing behind when it is a dry run', async () => {
    const before = await api.notes();
    const answer = await api.post(`/v1/orders/${ids(api.a.shop).order}/note?dry_run=true`, api.a.key, { text: 'only thought' });
    expect(answer.json()).toMatchObject({ dryRun: true, said: 'note done' });
    expect(await api.notes()).toBe(before);
    await api.post(`/v1/orders/${ids(api.a.shop).order}/note`, api.a.key, { text: 'said' });
    expect(await api.notes()).toBe(before + 1);
  });

  it('is done once however often it is sent under one key', async () => {
    const url = `/v1/orders/${ids(api.a.shop).order}/note`;
    const before = await api.notes();
    const first = await api.post(url, api.a.key, { text: 'once' }, { 'idempotency-key': 'k1' });
    const again = await api.post(url, api.a.key, { text: 'once' }, { 'idempotency-key': 'k1' });
    expect(again.json()).toEqual(first.json());
    expect([first.headers['idempotent-replay'], again.headers['idempotent-replay']]).toEqual([undefined, 'true']);
    expect(await api.notes()).toBe(before + 1);
    const other = await api.post(url, api.a.key, { text: 'twice' }, { 'idempotency-key': 'k1' });
    expect([other.statusCode, other.json().code]).toEqual([409, 'idempotency-mismatch']);
    // The same key of another tenant is another key.
    const theirs = await api.post(`/v1/orders/${ids(api.b.shop).order}/note`, api.b.key, { text: 'twice' }, { 'idempotency-key': 'k1' });
    expect(theirs.statusCode).toBe(200);
  });

  it('is done once by ten who send it at the same moment', async () => {
    const before = await api.notes();
    const url = `/v1/orders/${ids(api.a.shop).order}/note`;
    const all = await Promise.all(
      Array.from({ length: 10 }, () => api.post(url, api.a.key, { text: 'race' }, { 'idempotency-key': 'k2' })),
    );
    expect(await api.notes()).toBe(before + 1);
    for (const answer of all) expect([200, 409]).toContain(answer.statusCode);
    expect(all.filter(({ statusCode }) => statusCode === 200).length).toBeGreaterThan(0);
  });

  it('that was refused may be sent again under its key', async () => {
    const url = `/v1/orders/${ids(api.a.shop).order}/route`;
    api.refuseNext(problem('wrong-state', 'The order is closed.', { fix: 'Nothing to do.' }));
    const refused = await api.post(url, api.a.key, {}, { 'idempotency-key': 'k3' });
    expect([refused.statusCode, refused.headers['content-type'], refused.json().code]).toEqual([
      409,
      'application/problem+json; charset=utf-8',
      'wrong-state',
    ]);
    expect((await api.post(url, api.a.key, {}, { 'idempotency-key': 'k3' })).statusCode).toBe(200);
  });

  it('to many succeeds or fails for each of them', async () => {
    const before = await api.notes();
    const missing = showId('order', '00000000-0000-7000-8000-000000000001');
    const answer = await api.post('/v1/orders/bulk', api.a.key, {
      action: 'note',
      ids: [ids(api.a.shop).order, missing, 'ord_no'],
      input: { text: 'all' },
    });
    expect(answer.json()).toMatchObject({
      done: 1,
      failed: 2,
      results: [{ problem: null }, { problem: { code: 'not-found' } }, { problem: { code: 'not-found' } }],
    });
    expect(await api.notes()).toBe(before + 1);
  });

  it('of an exception is one of its fixes', async () => {
    const url = `/v1/exceptions/${ids(api.a.shop).exception}/actions`;
    expect((await api.post(`${url}/wait`, api.a.key, {})).statusCode).toBe(200);
    expect((await api.post(`${url}/explode`, api.a.key, {})).statusCode).toBe(404);
  });

  it.each([
    ['a field nobody knows', { text: 'x', extra: 1 }, 'extra'],
    ['a missing field', {}, 'text'],
    ['a field of the wrong type', { text: 5 }, 'text'],
    ['a zero byte', { text: 'a\0b' }, 'text'],
    ['half a character', { text: 'a\ud800b' }, 'text'],
  ])('says which field is wrong: %s', async (_what, body, param) => {
    const answer = await api.post(`/v1/orders/${ids(api.a.shop).order}/note`, api.a.key, body);
    expect([answer.statusCode, answer.json().code, answer.json().param]).toEqual([422, 'invalid-field', param]);
    expect(answer.json()).toMatchObject({
      type: expect.any(String),
      title: expect.any(String),
      detail: expect.any(String),
      request_id: expect.any(String),
    });
  });
});

describe('a feed file', () => {
  it('is handed on as it comes, under its supplier, and answered with its run', async () => {
    const answer = await api.app.inject({
      method: 'POST',
      url: `/v1/feeds/${ids(api.a.shop).supplier}/import?name=stock.csv`,
      payload: 'sku,qty\nA,1\n',
      headers: { authorization: `Bearer ${api.a.key}`, 'content-type': 'text/csv; charset=utf-8' },
    });
    expect([answer.statusCode, answer.json()]).toEqual([202, { run: ids(api.a.shop).run }]);
    const { supplier, tenant } = api.a.shop;
    expect(imported).toEqual([
      { supplier, tenant, name: 'stock.csv', type: 'text/csv', by: expect.stringMatching(/^key:/), text: 'sku,qty\nA,1\n' },
    ]);
  });

  it('is read only in the types that a feed has', async () => {
    const answer = await api.post(`/v1/feeds/${ids(api.a.shop).supplier}/import`, api.a.key, { sku: 'A' });
    expect([answer.statusCode, answer.json().code]).toEqual([415, 'unsupported-content']);
  });
});

describe('the description', () => {
  it('is valid OpenAPI 3.1 and names every route', async () => {
    const document = (await api.app.inject('/openapi.json')).json();
    const { valid, errors } = await new Validator().validate(document);
    expect(errors ?? []).toEqual([]);
    expect(valid).toBe(true);
    const described = Object.entries(document.paths).flatMap(([url, methods]) =>
      Object.keys(methods as object).map((method) => `${method.toUpperCase()} ${url}`),
    );
    expect(described.toSorted()).toEqual(api.routes.map(({ method, url }) => `${method} ${url.replaceAll(/:(\w+)/g, '{$1}')}`).toSorted());
    expect(document.components.schemas.OrderDetail.properties.items).toMatchObject({ items: { $ref: '#/components/schemas/OrderLine' } });
  });
});
