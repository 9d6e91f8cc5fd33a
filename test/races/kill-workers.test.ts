import { describe, expect, it } from 'vitest';
import { between } from '#kernel/chance';
import { systemChance } from '#platform/time';
import { type Running, startProcess, until, wait } from '../setup/processes.ts';
import { openRace, type Race, type RaceOrder, supplierToken } from '../setup/race.ts';
import { openSupplierServer, type SupplierServer } from '../setup/supplier-server.ts';

type AtEnd = (end: () => Promise<void>) => void;

/** A minute of theirs is a second of ours: a lease of five minutes is over in five seconds. */
const speed = 60;
const entry = 'test/races/worker-process.ts';
const goods = [
  { sku: 'LAMP', stock: [10_000, undefined, 10_000] },
  { sku: 'SHADE', stock: [undefined, 10_000, undefined] },
];
const orderOf = (n: number): RaceOrder => ({
  id: `K${1_000 + n}`,
  lines: [{ sku: 'LAMP', quantity: 1 }, ...(n % 4 === 0 ? [{ sku: 'SHADE', quantity: 2 }] : [])],
});
const someOrders = (count: number): RaceOrder[] => Array.from({ length: count }, (_, n) => orderOf(n));

async function open(atEnd: AtEnd, dropPercent: number): Promise<{ race: Race; server: SupplierServer }> {
  const server = await openSupplierServer({ token: supplierToken, chance: systemChance, slowMs: [20, 400], dropPercent });
  atEnd(server.close);
  const race = await openRace(server, goods, speed);
  atEnd(race.close);
  return { race, server };
}

function start(atEnd: AtEnd, race: Race, more: Record<string, string> = {}): Running {
  const worker = startProcess(entry, [], { ...race.env, ...more });
  atEnd(async () => {
    worker.kill('SIGKILL');
    await worker.ended;
  });
  return worker;
}

/** How many orders have every unit bought, by an order of ours that is known to have gone out. */
const done = async (race: Race): Promise<number> =>
  Number(
    (
      await race.rows<{ count: string }>(`
        select count(*) from orders."order" o
         where o.state = 'in_fulfilment' and exists (select from purchasing.purchase p where p.order_id = o.id)
           and not exists (select from purchasing.purchase p where p.order_id = o.id and p.transmission not in ('sent', 'acknowledged'))`)
    )[0]?.count,
  );

/** What the suppliers took is what we believe to have ordered, each once; nobody was told of trouble, and nothing is in doubt. */
async function isWell(race: Race, server: SupplierServer): Promise<void> {
  const ours = await race.rows<{ name: string }>(
    `select s.code || ' ' || p.number as name from purchasing.purchase p join suppliers.supplier s on s.id = p.supplier_id`,
  );
  expect(server.taken.map(({ supplier, number }) => `${supplier} ${number}`).sort()).toEqual(ours.map(({ name }) => name).sort());
  expect(await race.rows(`select kind, title from exceptions.exception where state <> 'resolved'`)).toEqual([]);
  expect(await race.rows(`select key, state from platform.effect where step = 'placePurchase' and state <> 'done'`)).toEqual([]);
  expect(await race.rows(`select order_id from routing.decision where outcome = 'routed' group by order_id having count(*) > 1`)).toEqual(
    [],
  );
  expect(
    await race.rows(
      `select id from catalog.offer o where reserved <> coalesce((select sum(quantity) from routing.allocation a where a.offer_id = o.id and a.state = 'live'), 0)`,
    ),
  ).toEqual([]);
}

describe.concurrent('a worker that is killed at a bad moment', () => {
  it.for([
    ['intended', [1, 2]],
    ['before-wire', [1, 5]],
    ['after-wire', [1, 5]],
    ['reply-kept', [1, 1]],
    ['before-commit', [1, 1]],
  ] as const)(
    'leaves every purchase order to the next one, who places it once (%s)',
    { timeout: 60_000 },
    async ([moment, hits], { onTestFinished }) => {
      const { race, server } = await open(onTestFinished, 10);
      const rings = ringing(onTestFinished, race);
      await race.order(someOrders(24));
      for (const hit of hits) {
        const doomed = start(onTestFinished, race, { CRASH_AT: `placePurchase/${moment}:${hit}` });
        expect(await Promise.race([doomed.ended, wait(15_000)])).toMatchObject({ signal: 'SIGKILL' });
      }
      start(onTestFinished, race);
      await rings.until(24, 40_000);
      await isWell(race, server);
    },
  );

  it('again and again, at moments of chance, while another works on: everything is ordered once', { timeout: 60_000 }, async ({
    onTestFinished,
  }) => {
    const { race, server } = await open(onTestFinished, 15);
    const rings = ringing(onTestFinished, race);
    let workers = [start(onTestFinished, race), start(onTestFinished, race)];
    let kills = 0;
    let orders = 0;
    for (const began = performance.now(); performance.now() - began < 15_000; orders += 5) {
      await race.order(Array.from({ length: 5 }, (_, n) => orderOf(orders + n)));
      await wait(between(systemChance, 150, 900));
      const [victim, other] = workers;
      victim?.kill('SIGKILL');
      kills += 1;
      await victim?.ended;
      workers = [...(other ? [other] : []), start(onTestFinished, race)];
    }
    await rings.until(orders, 35_000);
    expect(kills).toBeGreaterThan(5);
    expect(server.dropped).toBeGreaterThan(0);
    expect(server.lookedUp).toBeGreaterThan(0);
    await isWell(race, server);
  });
});

/** Rings for what is due, over and over; the program's own sweep comes once a minute of real time only. */
function ringing(atEnd: AtEnd, race: Race): { until(orders: number, withinMs: number): Promise<void> } {
  let on = true;
  const loop = (async () => {
    while (on) {
      await race.sweep();
      await wait(300);
    }
  })();
  atEnd(async () => {
    on = false;
    await loop;
  });
  return {
    until: async (orders, withinMs) =>
      void (await until(
        () => done(race),
        (count) => count === orders,
        withinMs,
        `${orders} orders bought`,
      )),
  };
}
