import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Tx } from '#platform/db';
import { sleep } from '#platform/time';
import { type ApiTest, openApi } from '../../../test/setup/api.ts';

let api: ApiTest;
let address = '';

beforeAll(async () => {
  // A hundredth of the pace, so that the test need not wait for seconds.
  api = await openApi({
    sleep: (ms, signal) => sleep(ms / 20, signal),
    limits: { requestsPerSecond: 1e6, burst: 1e6, listenersPerTenant: 3 },
  });
  address = await api.app.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(() => api.close());

interface Stream {
  status: number;
  text(): string;
  until(what: string): Promise<void>;
  end(): void;
}

async function listen(key: string, headers: Record<string, string> = {}): Promise<Stream> {
  const stop = new AbortController();
  const answer = await fetch(`${address}/v1/events`, { headers: { authorization: `Bearer ${key}`, ...headers }, signal: stop.signal });
  let said = '';
  let over = false;
  void (async () => {
    const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
    for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) said += part.value;
  })()
    .catch(() => {})
    .finally(() => {
      over = true;
    });
  return {
    status: answer.status,
    text: () => said,
    async until(what) {
      for (let turn = 0; turn < 300 && !said.includes(what) && !over; turn += 1) await sleep(10);
      expect(said).toContain(what);
    },
    end: () => stop.abort(),
  };
}

const happens = (shop: ApiTest['a']['shop'], type: string, number: number | null = null) =>
  api.db.tx(shop.tenant, async (tx: Tx) => {
    await tx.client.query(
      `insert into audit.fact (tenant_id, id, type, subject_kind, subject_id, order_id, at, actor, number) values ($1, $2, $3, 'order', $4, $4, $5, 'step:x', $6)`,
      [tx.tenant, tx.newId(), type, shop.order, tx.now.toString(), number],
    );
  });

it('who listens hears what happens to their tenant, once, and nothing of another', async () => {
  const mine = await listen(api.a.key);
  const theirs = await listen(api.b.key);
  await Promise.all([mine.until('event: tick'), theirs.until('event: tick')]);
  await sleep(120);
  await happens(api.a.shop, 'order.held');
  await mine.until('order.held');
  await happens(api.b.shop, 'order.closed');
  await theirs.until('order.closed');
  // It is numbered a moment later: the same fact, not another one.
  await api.db.tx(api.a.shop.tenant, (tx) => tx.client.query('update audit.fact set number = 2 where number is null'));
  await happens(api.a.shop, 'order.released');
  await mine.until('order.released');
  expect(mine.text().match(/order\.held/g)).toHaveLength(1);
  expect(mine.text()).not.toContain('order.closed');
  expect(theirs.text()).not.toContain('order.held');
  mine.end();
  theirs.end();
});

it('who comes back gets what was missed', async () => {
  await happens(api.a.shop, 'order.missed', 7);
  const again = await listen(api.a.key, { 'last-event-id': '1' });
  await again.until('order.missed');
  expect(again.text()).toContain('id: 7');
  again.end();
});

it('not more than some may listen, and none without the right', async () => {
  const all = [await listen(api.b.key), await listen(api.b.key), await listen(api.b.key)];
  expect((await listen(api.b.key)).status).toBe(429);
  expect((await listen(api.powerless)).status).toBe(403);
  for (const one of all) one.end();
});

it('a server that stops ends its streams', async () => {
  const own = await openApi();
  const where = await own.app.listen({ host: '127.0.0.1', port: 0 });
  const stream = await fetch(`${where}/v1/events`, { headers: { authorization: `Bearer ${own.a.key}` } });
  expect(stream.headers.get('content-type')).toContain('text/event-stream');
  const began = performance.now();
  await own.close();
  expect(performance.now() - began).toBeLessThan(5_000);
  await stream.text().catch(() => '');
});
