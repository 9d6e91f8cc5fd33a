import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { problem } from '#kernel/problem';
import { type Log, silentLog } from '#platform/log';
import { sleep } from '#platform/time';
import { rawBodies } from './body.ts';
import { healthRoutes } from './health.ts';
import { answerProblems } from './problems.ts';
import { stopGracefully } from './stop.ts';

let server: FastifyInstance;
let errors: unknown[] = [];
const log: Log = { ...silentLog, error: (_message, fields) => void errors.push(fields) };

beforeEach(() => {
  errors = [];
  server = fastify({ genReqId: () => 'req_1' });
  answerProblems(server, log);
});
afterEach(() => server.close());

describe('trouble', () => {
  it('is answered as RFC 9457, with what to do', async () => {
    server.get('/x', async () => {
      throw problem('wrong-state', 'The order is shipped.', { fix: 'Make a return.', more: { order: 'ord_1' } });
    });
    const reply = await server.inject('/x');
    expect(reply.statusCode).toBe(409);
    expect(reply.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(reply.json()).toMatchObject({
      code: 'wrong-state',
      detail: 'The order is shipped.',
      fix: 'Make a return.',
      order: 'ord_1',
      status: 409,
    });
  });

  it('of our own making shows an id and nothing of its inside', async () => {
    server.get('/x', async () => {
      throw new Error('select secret from platform.vault failed at /srv/app/store.ts');
    });
    const reply = await server.inject('/x');
    expect(reply.statusCode).toBe(500);
    expect(reply.body).toContain('req_1');
    expect(reply.body).not.toMatch(/select|vault|store\.ts/);
    expect(errors).toHaveLength(1);
  });

  it('names the field that did not fit', async () => {
    server.post(
      '/x',
      {
        schema: {
          body: {
            type: 'object',
            required: ['lines'],
            properties: { lines: { type: 'array', items: { type: 'object', properties: { quantity: { type: 'integer' } } } } },
          },
        },
      },
      async () => 'ok',
    );
    const missing = await server.inject({ method: 'POST', url: '/x', payload: {} });
    expect(missing.json()).toMatchObject({ status: 422, code: 'invalid-field', param: 'lines' });
    const wrong = await server.inject({ method: 'POST', url: '/x', payload: { lines: [{ quantity: 'many' }] } });
    expect(wrong.json()).toMatchObject({ status: 422, param: 'lines.0.quantity' });
  });

  it('of the request’s form is told apart: no JSON, no such address, a type nobody reads, a database that is away', async () => {
    server.post('/x', { bodyLimit: 10 }, async () => 'ok');
    server.get('/away', async () => {
      throw Object.assign(new Error('connect ECONNREFUSED 10.0.0.5:5432'), { code: 'ECONNREFUSED' });
    });
    const post = (payload: string, type = 'application/json') =>
      server.inject({ method: 'POST', url: '/x', payload, headers: { 'content-type': type } });
    expect((await post('{"a":')).json()).toMatchObject({ status: 400, code: 'bad-request' });
    expect((await post('{"a":"0123456789"}')).json()).toMatchObject({ status: 413, code: 'too-large' });
    expect((await post('a', 'application/x-odd')).json()).toMatchObject({ status: 415, code: 'unsupported-content' });
    expect((await server.inject('/none')).json()).toMatchObject({ status: 404, code: 'not-found' });
    const away = await server.inject('/away');
    expect(away.json()).toMatchObject({ status: 503, code: 'not-ready' });
    expect(away.body).not.toContain('10.0.0.5');
  });
});

it('gives a hook its body byte for byte, whatever its type, up to the limit', async () => {
  await server.register(async (hooks) => {
    rawBodies(hooks, 100);
    hooks.post('/hook', async (request) => ({ hex: (request.body as Buffer).toString('hex') }));
  });
  for (const type of ['application/json', 'text/plain', 'application/x-odd']) {
    const reply = await server.inject({
      method: 'POST',
      url: '/hook',
      payload: Buffer.from([0x7b, 0xff, 0x00, 0x0d]),
      headers: { 'content-type': type },
    });
    expect(reply.json()).toEqual({ hex: '7bff000d' });
  }
  const long = await server.inject({ method: 'POST', url: '/hook', payload: Buffer.alloc(101), headers: { 'content-type': 'text/plain' } });
  expect(long.statusCode).toBe(413);
  const packed = await server.inject({
    method: 'POST',
    url: '/hook',
    payload: 'x',
    headers: { 'content-type': 'text/plain', 'content-encoding': 'gzip' },
  });
  expect(packed.statusCode).toBe(415);
});

it('is alive while it is not ready, and says only the name of what is missing', async () => {
  let well = false;
  const run = async () => {
    if (!well) throw new Error('password authentication failed for user "x"');
  };
  healthRoutes(server, { checks: [{ name: 'database', run }] });
  expect((await server.inject('/health/live')).statusCode).toBe(200);
  const missing = await server.inject('/health/ready');
  expect([missing.statusCode, missing.json()]).toEqual([503, { status: 'not-ready', missing: ['database'] }]);
  well = true;
  expect((await server.inject('/health/ready')).json()).toEqual({ status: 'ready' });
});

describe('stopping', () => {
  const ask = async (): Promise<string> => {
    const socket = connect((server.server.address() as AddressInfo).port, '127.0.0.1');
    let got = '';
    socket.on('data', (bytes) => (got += bytes)).on('error', () => {});
    socket.write('GET /slow HTTP/1.1\r\nhost: x\r\n\r\n');
    await once(socket, 'close');
    return got;
  };

  it('lets a running request end', async () => {
    server.get('/slow', async () => sleep(150).then(() => 'done'));
    await server.listen({ port: 0, host: '127.0.0.1' });
    const answer = ask();
    await sleep(50);
    await expect(stopGracefully(server, 5_000, sleep)).resolves.toBe('ended');
    expect(await answer).toMatch(/done$/);
  });

  it('cuts off what does not end in time', async () => {
    server.get('/slow', () => new Promise(() => {}));
    await server.listen({ port: 0, host: '127.0.0.1' });
    const answer = ask();
    await sleep(50);
    await expect(stopGracefully(server, 100, sleep)).resolves.toBe('cut off');
    expect(await answer).toBe('');
  });
});
