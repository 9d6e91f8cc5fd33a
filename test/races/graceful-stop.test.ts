import { afterEach, expect, it } from 'vitest';
import { systemChance } from '#platform/time';
import { freePort, startProcess, until, wait } from '../setup/processes.ts';
import { openRace, supplierToken } from '../setup/race.ts';
import { openSupplierServer } from '../setup/supplier-server.ts';

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const orders = 400;

it('asked to stop in the middle of its work, the program ends within ten seconds with nothing half done, and goes on when it is started again', {
  timeout: 60_000,
}, async () => {
  // Slow enough that all that waits would take longer than the program may.
  const suppliers = await openSupplierServer({ token: supplierToken, chance: systemChance, slowMs: [300, 900] });
  ends.push(suppliers.close);
  const race = await openRace(suppliers, [{ sku: 'LAMP', stock: [10_000] }]);
  ends.push(race.close);
  const start = async () => {
    const program = startProcess('src/app/main.ts', ['serve'], { ...race.env, STOCKLESS_PORT: String(await freePort()) });
    ends.push(async () => {
      program.kill('SIGKILL');
      await program.ended;
    });
    await program.says(/Stockless listens/);
    return program;
  };
  const first = await start();
  await race.order(Array.from({ length: orders }, (_, n) => ({ id: `G${n}`, lines: [{ sku: 'LAMP', quantity: 1 }] })));
  await until(
    async () => suppliers.taken.length,
    (count) => count > 10,
    15_000,
    'the first purchase orders',
  );
  await wait(300);
  const began = performance.now();
  first.kill('SIGTERM');
  const end = await Promise.race([first.ended, wait(15_000)]);
  const tookMs = performance.now() - began;
  expect(end).toEqual({ code: 0, signal: null });
  expect(tookMs).toBeLessThan(10_000);
  expect(suppliers.taken.length).toBeLessThan(orders);

  // What was said was heard and kept; nothing is on the wire, and nobody holds a job that never ends.
  expect(
    await race.rows(`select key, state from platform.effect where step = 'placePurchase' and state in ('sending', 'unknown')`),
  ).toEqual([]);
  expect(await race.rows(`select number from purchasing.purchase where transmission in ('sending', 'unknown')`)).toEqual([]);
  const sent = await race.rows<{ number: string }>(`select number from purchasing.purchase where transmission in ('sent', 'acknowledged')`);
  expect(sent.map(({ number }) => number).sort()).toEqual(suppliers.taken.map(({ number }) => number).sort());
  expect(await race.rows(`select task_identifier from graphile_worker.jobs where locked_at is not null`)).toEqual([]);

  await start();
  await until(
    async () => suppliers.taken.length,
    (count) => count >= sent.length + 60,
    20_000,
    'it goes on',
  );
  expect(new Set(suppliers.taken.map(({ number }) => number)).size).toBe(suppliers.taken.length);
});
