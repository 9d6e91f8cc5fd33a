import { afterEach, expect, it } from 'vitest';
import { between } from '#kernel/chance';
import { signWebhook } from '#formats/webhook';
import { systemChance, systemClock } from '#platform/time';
import { freePort, type Running, startProcess, wait } from '../setup/processes.ts';
import { openRace, type Race, storeOrder, supplierToken } from '../setup/race.ts';
import { openSupplierServer } from '../setup/supplier-server.ts';

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const lanes = 24;
const rounds = 3;

it('a server that is killed under load has kept every webhook that it answered, and takes the others when they come again', {
  timeout: 60_000,
}, async () => {
  const suppliers = await openSupplierServer({ token: supplierToken, chance: systemChance, slowMs: [1, 5] });
  ends.push(suppliers.close);
  const race = await openRace(suppliers, [{ sku: 'LAMP', stock: [10_000] }]);
  ends.push(race.close);
  const port = await freePort();
  const serve = async (): Promise<Running> => {
    const server = startProcess('src/app/main.ts', ['serve', '--no-worker'], { ...race.env, STOCKLESS_PORT: String(port) });
    ends.push(async () => {
      server.kill('SIGKILL');
      await server.ended;
    });
    await server.says(/Stockless listens/);
    return server;
  };
  const sender = senderOf(race, port);
  for (let round = 0; round < rounds; round += 1) {
    const server = await serve();
    const before = sender.answered.size;
    const load = sender.load();
    while (sender.answered.size < before + 50) await wait(20);
    await wait(between(systemChance, 0, 700));
    server.kill('SIGKILL');
    await server.ended;
    await load.stop();
    const kept = await race.rows<{ object: string }>(`select object from platform.arrival`);
    const objects = new Set(kept.map(({ object }) => object));
    expect([...sender.answered].filter((id) => !objects.has(id))).toEqual([]);
    // One content is one arrival, however often it came.
    expect(objects.size).toBe(kept.length);
  }
  // The kills came while some were on their way; otherwise nothing was tried here.
  expect(sender.broken.size).toBeGreaterThan(0);
  await serve();
  await sender.again();
  const [{ count } = { count: 0 }] = await race.rows<{ count: number }>(`select count(*)::int as count from platform.arrival`);
  expect(sender.broken.size).toBe(0);
  expect(count).toBe(sender.answered.size);
});

/** Stores that send signed webhooks and remember which were answered. */
function senderOf(race: Race, port: number) {
  const answered = new Set<string>();
  const broken = new Set<string>();
  let count = 0;
  const path = new URL(race.hookUrl).pathname;
  const at = systemClock.now().toString();
  const send = async (id: string): Promise<void> => {
    const body = JSON.stringify({
      type: 'order.created',
      timestamp: at,
      data: storeOrder({ id, lines: [{ sku: 'LAMP', quantity: 1 }] }, at),
    });
    const signed = signWebhook({ id: `msg_${id}`, body, secrets: [race.webhookSecret], clock: systemClock });
    try {
      const reply = await fetch(`http://127.0.0.1:${port}${path}`, {
        method: 'POST',
        headers: { ...signed, 'content-type': 'application/json' },
        body,
      });
      if (!reply.ok) throw new Error(`answered ${reply.status}`);
      answered.add(id);
      broken.delete(id);
    } catch {
      broken.add(id);
    }
  };
  return {
    answered,
    broken,
    load: () => {
      let on = true;
      const lane = async (): Promise<void> => {
        while (on) {
          await send(`W${(count += 1)}`);
          if (broken.size > 200) await wait(5);
        }
      };
      const all = Promise.all(Array.from({ length: lanes }, lane));
      return {
        stop: async () => {
          on = false;
          await all;
        },
      };
    },
    again: async () => {
      const missed = [...broken];
      for (const id of missed) await send(id);
    },
  };
}
