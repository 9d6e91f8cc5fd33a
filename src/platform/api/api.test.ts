import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import Type from 'typebox';
import { afterEach, describe, expect, it } from 'vitest';
import { seededChance } from '#kernel/chance';
import { Fault } from '#kernel/fault';
import { sleep, systemClock } from '#platform/time';
import { type Account, type ApiDeps, type CallRecord, makeApi, templateOf } from './api.ts';
import { makeBreakers } from './breaker.ts';
import { readAllowList } from './guard.ts';
import { type GuardedFetch, guardedFetch } from './guarded-fetch.ts';

const Order = Type.Object({ id: Type.Integer(), name: Type.String() });
const good = JSON.stringify({ id: 7, name: 'seven' });

let server: Server | undefined;
let door: GuardedFetch | undefined;

afterEach(async () => {
  await door?.close();
  door = undefined;
  server?.closeAllConnections();
  server?.close();
});

interface Far {
  seen: { method: string; url: string; headers: IncomingMessage['headers']; body: string }[];
  calls: CallRecord[];
  pauses: number[];
  api: ReturnType<typeof makeApi>;
}

type Answer = (request: IncomingMessage, reply: ServerResponse, nth: number) => void;

/** A real server, and an Api to it through the guard that is allowed to call it. Pauses between tries are noted, not waited for. */
async function farSide(answer: Answer, more: Partial<Account> = {}, deps: Partial<ApiDeps> = {}): Promise<Far> {
  const far: Omit<Far, 'api'> = { seen: [], calls: [], pauses: [] };
  server = createServer((request, reply) => {
    let body = '';
    request.on('data', (chunk) => (body += chunk));
    request.on('end', () => {
      far.seen.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, body });
      answer(request, reply, far.seen.length);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  door = guardedFetch(readAllowList([`127.0.0.1:${port}`]));
  const api = makeApi(
    {
      tenant: 't',
      name: 'supplier:acme',
      baseUrl: `http://127.0.0.1:${port}/v1/`,
      headers: { authorization: 'Bearer secret-of-acme' },
      timeoutMs: 1_000,
      ...more,
    },
    {
      fetch: door.fetch,
      clock: systemClock,
      chance: seededChance(1),
      // Time-outs carry a signal and are real; pauses do not.
      sleep: async (ms, signal) => (signal ? sleep(ms, signal) : void far.pauses.push(ms)),
      breakers: makeBreakers(systemClock),
      trace: (call) => void far.calls.push(call),
      ...deps,
    },
  );
  return { ...far, api };
}

const faultOf = async (asking: Promise<unknown>): Promise<Fault> => {
  const error = await asking.then(
    () => new Error('no fault'),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof Fault)) throw error;
  return error;
};

describe('one call', () => {
  it('carries the account’s headers, the query and the key, and gives back what was checked', async () => {
    const far = await farSide((_request, reply) => reply.end(good), { keyHeader: 'Idempotency-Key' });
    await expect(far.api.get('/orders/7.json', Order, { fields: 'a b' })).resolves.toEqual({ id: 7, name: 'seven' });
    await far.api.post('/orders', Order, { total: 5n, to: 'Zoë' }, 'po-1');
    expect(far.seen[0]).toMatchObject({
      method: 'GET',
      url: '/v1/orders/7.json?fields=a+b',
      headers: { authorization: 'Bearer secret-of-acme' },
    });
    expect(far.seen[1]).toMatchObject({
      method: 'POST',
      url: '/v1/orders',
      body: '{"total":"5","to":"Zoë"}',
      headers: { 'idempotency-key': 'po-1', 'content-type': 'application/json' },
    });
  });

  it('leaves a trace without ids, bodies or secrets', async () => {
    const far = await farSide((_request, reply) => reply.end(good));
    await far.api.get('/orders/450789469/refunds', Order, { email: 'jo@example.com' });
    expect(far.calls).toMatchObject([
      { account: 'supplier:acme', method: 'GET', path: '/orders/:id/refunds', attempt: 1, status: 200, bytes: good.length },
    ]);
    expect(JSON.stringify(far.calls)).not.toMatch(/450789469|jo@|secret/);
  });

  it('gives text where the schema wants text, and sends text as XML', async () => {
    const far = await farSide((_request, reply) => reply.end('<ok/>'));
    await expect(far.api.post('/xml', Type.String(), '<order/>', 'k')).resolves.toBe('<ok/>');
    expect(far.seen[0]).toMatchObject({ body: '<order/>', headers: { 'content-type': 'text/xml; charset=utf-8' } });
  });

  it('never leaves the account’s address by its path', async () => {
    const far = await farSide((_request, reply) => reply.end(good));
    for (const path of ['https://evil.example/', '//evil.example/', '/a/../../x', '/a/%2e%2e/x', '/a\\b', 'orders']) {
      await expect(far.api.get(path, Order)).rejects.toThrow(/path begins with one/);
    }
    expect(far.seen).toHaveLength(0);
  });
});

describe('the kind of a fault', () => {
  it.each([
    [400, 'refused', 'refused'],
    [404, 'refused', 'refused'],
    [409, 'refused', 'refused'],
    [422, 'refused', 'refused'],
    [401, 'misconfigured', 'misconfigured'],
    [403, 'misconfigured', 'misconfigured'],
    [301, 'misconfigured', 'misconfigured'],
    [303, 'misconfigured', 'unknown'],
    [429, 'transient', 'transient'],
    [500, 'transient', 'unknown'],
    [502, 'transient', 'unknown'],
    [503, 'transient', 'unknown'],
    [504, 'transient', 'unknown'],
    [501, 'refused', 'refused'],
  ])('%i is %s for a GET and %s for a POST', async (status, get, post) => {
    const far = await farSide((_request, reply) => reply.writeHead(status, { location: 'https://elsewhere.example/' }).end('why not'));
    expect(await faultOf(far.api.get('/x', Order))).toMatchObject({ kind: get, code: `http-${status}` });
    far.seen.length = 0;
    expect(await faultOf(far.api.post('/x', Order, {}, 'k'))).toMatchObject({ kind: post, code: `http-${status}` });
    expect(far.seen).toHaveLength(1);
  });

  it('is unknown for a POST that arrived and was not answered, and the same for a PUT', async () => {
    const far = await farSide((request) => request.socket.destroy());
    expect(await faultOf(far.api.post('/x', Order, {}, 'k'))).toMatchObject({ kind: 'unknown', code: 'broke-off' });
    expect(await faultOf(far.api.put('/x', Order, {}, 'k'))).toMatchObject({ kind: 'unknown', code: 'broke-off' });
    expect(far.seen).toHaveLength(2);
  });

  it('is unknown for a POST that was not answered in time, transient for a GET', async () => {
    const far = await farSide(() => {}, { timeoutMs: 80 });
    expect(await faultOf(far.api.post('/x', Order, {}, 'k'))).toMatchObject({ kind: 'unknown', code: 'timeout' });
    expect(await faultOf(far.api.get('/x', Order))).toMatchObject({ kind: 'transient', code: 'timeout' });
  });

  it('is unknown for a POST whose answer broke off half-way', async () => {
    const far = await farSide((request, reply) => {
      reply.writeHead(200, { 'content-length': '500' }).write('{"id":');
      setTimeout(() => request.socket.destroy(), 20);
    });
    expect(await faultOf(far.api.post('/x', Order, {}, 'k'))).toMatchObject({ kind: 'unknown', code: 'broke-off' });
  });

  it('is transient when nobody listens, no such name is known, or TLS fails: nothing was sent', async () => {
    const far = await farSide((_request, reply) => reply.end(good));
    const port = (server?.address() as AddressInfo | null)?.port ?? 0;
    const probe = createServer().listen(0, '127.0.0.1');
    await once(probe, 'listening');
    const { port: closed } = probe.address() as AddressInfo;
    probe.close();
    const to = (baseUrl: string, allowed: string) => {
      const fetch = guardedFetch(readAllowList([allowed])).fetch;
      const account = { tenant: 't', name: 'supplier:acme', baseUrl, headers: {}, timeoutMs: 2_000 };
      return makeApi(account, { fetch, clock: systemClock, chance: seededChance(1), sleep, breakers: makeBreakers(systemClock) });
    };
    for (const [baseUrl, allowed] of [
      [`http://127.0.0.1:${closed}`, `127.0.0.1:${closed}`],
      ['https://no-such-name.invalid', 'no-such-name.invalid'],
      [`https://127.0.0.1:${port}`, `127.0.0.1:${port}`],
    ] as const) {
      expect(await faultOf(to(baseUrl, allowed).post('/x', Order, {}, 'k'))).toMatchObject({ kind: 'transient', code: 'not-connected' });
    }
    expect(far.seen).toHaveLength(0);
  });

  it('says where a reply did not fit; of a POST that happened all the same it is unknown', async () => {
    const far = await farSide((_request, reply) => reply.end('{"id":"7","name":"x"}'));
    expect(await faultOf(far.api.get('/x', Order))).toMatchObject({ kind: 'refused', code: 'reply-misfit', evidence: { place: '/id' } });
    expect(await faultOf(far.api.post('/x', Order, {}, 'k'))).toMatchObject({ kind: 'unknown', code: 'reply-misfit' });
    expect(far.seen).toHaveLength(2);
  });

  it('masks what the far side says before it becomes part of a message', async () => {
    const far = await farSide((_request, reply) =>
      reply.writeHead(422).end('{"email":"jo@example.com","access_token":"abcdef123456"} jo@example.com'),
    );
    const fault = await faultOf(far.api.get('/x', Order));
    expect(`${fault.message} ${JSON.stringify(fault.evidence)}`).not.toMatch(/jo@|abcdef/);
  });

  it('stops reading an answer at its limit, counted after unpacking', async () => {
    const bomb = gzipSync(Buffer.alloc(5_000_000, ' '));
    const far = await farSide((_request, reply) => reply.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb), { mostBytes: 100_000 });
    expect(await faultOf(far.api.get('/x', Order))).toMatchObject({ kind: 'refused', code: 'reply-too-long' });
    expect(far.calls[0]?.bytes).toBeLessThan(1_000_000);
  });
});

describe('trying again', () => {
  it('asks a GET up to three times, with pauses of chance', async () => {
    const far = await farSide((_request, reply, nth) => (nth < 3 ? reply.writeHead(503).end() : reply.end(good)));
    await expect(far.api.get('/x', Order)).resolves.toMatchObject({ id: 7 });
    expect(far.pauses).toHaveLength(2);
    expect(far.calls.map(({ attempt, fault }) => [attempt, fault])).toEqual([
      [1, 'transient http-503'],
      [2, 'transient http-503'],
      [3, undefined],
    ]);
  });

  it('waits as long as the far side asks for, and leaves a long wait to the step', async () => {
    const short = await farSide((_request, reply, nth) =>
      nth === 1 ? reply.writeHead(429, { 'retry-after': '5' }).end() : reply.end(good),
    );
    await short.api.get('/x', Order);
    expect(short.pauses).toEqual([5_000]);
    await door?.close();
    server?.close();
    const long = await farSide((_request, reply) => reply.writeHead(429, { 'retry-after': '900' }).end());
    expect(await faultOf(long.api.get('/x', Order))).toMatchObject({ kind: 'transient', retryAfterMs: 900_000 });
    expect(long.seen).toHaveLength(1);
  });

  it('opens the breaker after five failures, then asks nothing until it is time, then one', async () => {
    let now = Temporal.Instant.from('2026-11-25T09:00:00Z');
    const clock = { now: () => now };
    let well = false;
    const far = await farSide(
      (_request, reply) => (well ? reply.end(good) : reply.writeHead(500).end()),
      {},
      { clock, breakers: makeBreakers(clock) },
    );
    for (let nth = 0; nth < 5; nth += 1) await faultOf(far.api.post('/x', Order, {}, `k${nth}`));
    expect(await faultOf(far.api.post('/x', Order, {}, 'k'))).toMatchObject({
      kind: 'transient',
      code: 'breaker-open',
      retryAfterMs: 15_000,
    });
    expect(far.seen).toHaveLength(5);
    now = now.add({ seconds: 16 });
    well = true;
    await expect(far.api.post('/x', Order, {}, 'k')).resolves.toMatchObject({ id: 7 });
    await expect(far.api.get('/x', Order)).resolves.toMatchObject({ id: 7 });
  });

  it('does not open the breaker for answers that say no', async () => {
    const far = await farSide((_request, reply) => reply.writeHead(422).end());
    for (let nth = 0; nth < 8; nth += 1)
      expect(await faultOf(far.api.post('/x', Order, {}, `k${nth}`))).toMatchObject({ code: 'http-422' });
  });
});

it('takes for an id what has a digit or is long, and leaves versions', () => {
  expect(templateOf('/v2/orders/A-17/lines?since=4')).toBe('/v2/orders/:id/lines');
  expect(templateOf('/admin/2026-10/orders/5.json')).toBe('/admin/2026-10/orders/:id.json');
  expect(templateOf('/customers/jo@example.com')).toBe('/customers/:id');
});
