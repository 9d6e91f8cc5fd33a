import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { showId } from '#kernel/id';
import { fromMs } from '#kernel/time';
import { addPerson, makeSignIn } from '#modules/identity';
import { systemClock } from '#platform/time';
import { type ApiTest, openApi } from '../../../test/setup/api.ts';

let api: ApiTest;
let ahead = 0;
const clock = { now: () => fromMs(systemClock.now().epochMilliseconds + ahead) };

beforeAll(async () => {
  api = await openApi({ realClock: clock });
});
afterAll(() => api.close());

const own = 'http://localhost:4400';
const link = (person = api.a.shop.person) => api.db.tx(api.a.shop.tenant, (tx) => makeSignIn(tx, person, clock.now()));
const trade = (token: string, headers: Record<string, string> = { origin: own }) =>
  api.app.inject({ method: 'POST', url: '/v1/session', payload: { token }, headers });
async function signIn(person?: string): Promise<string> {
  const answer = await trade(await link(person));
  expect(answer.statusCode).toBe(200);
  return `stockless_session=${answer.cookies[0]?.value}`;
}
const me = (cookie: string) => api.app.inject({ url: '/v1/me', headers: { cookie } });

describe('a session', () => {
  it('comes from a link, in a cookie that no script reads', async () => {
    const answer = await trade(await link());
    expect(answer.cookies).toMatchObject([{ name: 'stockless_session', httpOnly: true, sameSite: 'Lax', path: '/', maxAge: 43_200 }]);
    expect(answer.body).not.toContain(answer.cookies[0]?.value);
    const who = await me(`stockless_session=${answer.cookies[0]?.value}`);
    expect(who.json()).toMatchObject({ tenant: { name: 'Quill' }, person: { email: 'quill@example.org', role: 'owner' } });
  });

  it('is given once for a link, even to two at once', async () => {
    const token = await link();
    const both = await Promise.all([trade(token), trade(token)]);
    expect(both.map(({ statusCode }) => statusCode).toSorted((one, other) => one - other)).toEqual([200, 410]);
    expect((await trade(token)).json()).toMatchObject({ code: 'link-expired' });
  });

  it('is not given for a link older than ten minutes', async () => {
    const token = await link();
    ahead += 10 * 60_000;
    expect((await trade(token)).statusCode).toBe(410);
  });

  it('is not given to another site, which could sign a visitor in as somebody else', async () => {
    expect((await trade(await link(), { origin: 'https://evil.example' })).statusCode).toBe(403);
  });

  it('lasts twelve hours from its last use', async () => {
    const cookie = await signIn();
    ahead += 11 * 3_600_000;
    const renewed = await me(cookie);
    expect(renewed.statusCode).toBe(200);
    expect(renewed.cookies).toMatchObject([{ maxAge: 43_200 }]);
    ahead += 11 * 3_600_000;
    expect((await me(cookie)).statusCode).toBe(200);
    ahead += 12 * 3_600_000 + 1_000;
    expect((await me(cookie)).statusCode).toBe(401);
  });

  it('ends when its person signs out', async () => {
    const cookie = await signIn();
    expect((await me(cookie)).statusCode).toBe(200);
    const out = await api.app.inject({ method: 'DELETE', url: '/v1/session', headers: { cookie, origin: own } });
    expect(out.statusCode).toBe(200);
    expect((await me(cookie)).statusCode).toBe(401);
  });

  it('changes something only from our own page', async () => {
    const cookie = await signIn();
    const url = `/v1/orders/${showId('order', api.a.shop.order)}/hold`;
    const hold = (headers: Record<string, string>) => api.app.inject({ method: 'POST', url, payload: {}, headers: { cookie, ...headers } });
    expect((await hold({ origin: own })).statusCode).toBe(200);
    expect((await hold({ origin: 'https://evil.example' })).statusCode).toBe(403);
    expect((await hold({ 'sec-fetch-site': 'cross-site', origin: own })).statusCode).toBe(403);
    expect((await hold({})).statusCode).toBe(403);
    expect(api.asked.at(-1)?.by).toBe(`person:${api.a.shop.person}`);
  });

  it('of a read-only person shows masked bodies and changes nothing', async () => {
    const person = await api.db.tx(api.a.shop.tenant, async (tx) => {
      const id = tx.newId();
      await addPerson(tx, { id, email: 'Look@Example.org', name: 'Look', role: 'read-only' });
      return id;
    });
    const cookie = await signIn(person);
    const arrival = `/v1/arrivals/${showId('arrival', api.a.shop.arrival)}`;
    const seen = await api.app.inject({ url: arrival, headers: { cookie } });
    expect(seen.json()).toMatchObject({
      body: '{"customer": {"name": "Q…", "email": "a…@example.org"}}',
      headers: { 'webhook-signature': '…' },
    });
    expect((await api.get(arrival, api.a.key)).json().body).toContain('Quill Lovelace');
    const hold = await api.app.inject({ method: 'POST', url: `${arrival}/read-again`, payload: {}, headers: { cookie, origin: own } });
    expect([hold.statusCode, hold.json().right]).toEqual([403, 'arrivals:write']);
    expect((await api.app.inject({ url: '/v1/keys', headers: { cookie } })).statusCode).toBe(403);
  });
});

describe('a key', () => {
  it('is shown once, does what it may, and opens nothing once it is taken away', async () => {
    const made = await api.post('/v1/keys', api.a.key, { name: 'reader', scopes: ['orders:read'], expiresInDays: 1 });
    expect(made.statusCode).toBe(201);
    const { key, id, shown } = made.json();
    expect(key).toMatch(/^sk_test_/);
    const list = await api.get('/v1/keys', api.a.key);
    expect(list.body).not.toContain(key);
    expect(list.json().data).toContainEqual(expect.objectContaining({ id, shown, scopes: ['orders:read'] }));
    expect((await api.get('/v1/orders', key)).statusCode).toBe(200);
    expect((await api.get('/v1/purchases', key)).statusCode).toBe(403);
    expect(
      (await api.app.inject({ method: 'DELETE', url: `/v1/keys/${id}`, headers: { authorization: `Bearer ${api.a.key}` } })).statusCode,
    ).toBe(200);
    expect((await api.get('/v1/orders', key)).statusCode).toBe(401);
    expect(
      (await api.app.inject({ method: 'DELETE', url: `/v1/keys/${id}`, headers: { authorization: `Bearer ${api.a.key}` } })).statusCode,
    ).toBe(404);
  });

  it('ends when its time is over', async () => {
    const { key } = (await api.post('/v1/keys', api.a.key, { name: 'short', scopes: ['orders:read'], expiresInDays: 1 })).json();
    ahead += 86_400_000;
    expect((await api.get('/v1/orders', key)).statusCode).toBe(401);
  });

  it('never has a right that its maker lacks', async () => {
    const maker = await api.keyWith(api.a.shop, ['keys:write', 'orders:read']);
    expect((await api.post('/v1/keys', maker, { name: 'x', scopes: ['orders:write'] })).statusCode).toBe(403);
    expect((await api.post('/v1/keys', maker, { name: 'x', scopes: ['orders:read'] })).statusCode).toBe(201);
    expect((await api.post('/v1/keys', maker, { name: 'x', scopes: ['planets:read'] })).json()).toMatchObject({
      code: 'invalid-field',
      param: 'scopes',
    });
  });

  it('is no session, and a session no key', async () => {
    const cookie = await signIn();
    const token = cookie.split('=')[1] ?? '';
    expect((await api.get('/v1/me', token)).statusCode).toBe(401);
    expect((await me(`stockless_session=${api.a.key}`)).statusCode).toBe(401);
  });
});

describe('the rate', () => {
  it('of one caller is bounded, and the answer says until when', async () => {
    const slow = await openApi({ limits: { requestsPerSecond: 1, burst: 3 } });
    try {
      const answers = [];
      for (let turn = 0; turn < 4; turn += 1) answers.push(await slow.get('/v1/me', slow.a.key));
      expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200, 429]);
      expect(answers[3]?.headers).toMatchObject({ 'retry-after': '1', 'ratelimit-limit': '3', 'ratelimit-remaining': '0' });
      expect((await slow.get('/v1/me', slow.b.key)).statusCode).toBe(200);
    } finally {
      await slow.close();
    }
  });
});

describe('the page around it', () => {
  it('is sent with headers that keep others out', async () => {
    const { headers } = await api.app.inject('/');
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY', 'referrer-policy': 'same-origin' });
    expect((await api.get('/v1/me', api.a.key)).headers['cache-control']).toBe('no-store');
  });

  it('does not show a document as a page', async () => {
    const { purchase, document } = api.a.shop;
    const answer = await api.get(`/v1/purchases/${showId('purchase', purchase)}/documents/${showId('document', document)}`, api.a.key);
    expect([answer.body, answer.headers['content-type']]).toEqual(['Quill,1', 'text/csv; charset=utf-8']);
    expect(answer.headers['content-security-policy']).toContain('sandbox');
  });
});
