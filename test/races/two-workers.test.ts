import { afterEach, expect, it } from 'vitest';
import { systemChance } from '#platform/time';
import { type Running, startProcess, until, wait } from '../setup/processes.ts';
import { openRace, type Race, type RaceOrder, supplierToken } from '../setup/race.ts';
import { openSupplierServer, type SupplierServer } from '../setup/supplier-server.ts';

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const main = 'src/app/main.ts';
const orders = 240;
const scarce = 50;

it('two workers on one database route every order once and place every purchase order once, and promise no more than there is', {
  timeout: 60_000,
}, async () => {
  const server = await openSupplierServer({ token: supplierToken, chance: systemChance, slowMs: [5, 40] });
  ends.push(server.close);
  const race = await openRace(server, [
    { sku: 'PLENTY', stock: [10_000, 10_000, 10_000] },
    { sku: 'OTHER', stock: [undefined, 10_000, 10_000] },
    // Less than is asked for, in three hands: what two workers see free at once may be taken by one of them only.
    { sku: 'SCARCE', stock: [20, 20, 10] },
  ]);
  ends.push(race.close);
  const workers = [1, 2].map(() => startProcess(main, ['work'], { ...race.env, STOCKLESS_LOG: 'debug' }));
  for (const worker of workers) ends.push(() => endOf(worker));
  // They come while both are at work.
  for (let from = 0; from < orders; from += 20) {
    await race.order(Array.from({ length: 20 }, (_, place) => orderOf(from + place)));
    await wait(150);
  }
  const settled = await allSettled(race);
  // Both of them had a part in it.
  for (const worker of workers) expect(worker.said().match(/Completed task \d+ \(ring/g)?.length ?? 0).toBeGreaterThan(0);

  const placed = await race.rows<{ number: string; code: string }>(
    `select p.number, s.code from purchasing.purchase p join suppliers.supplier s on s.id = p.supplier_id order by p.number`,
  );
  const named = (one: { code: string; number: string }) => `${one.code} ${one.number}`;
  expect(server.taken.map(({ supplier, number }) => named({ code: supplier, number })).sort()).toEqual(placed.map(named).sort());

  expect(await race.rows(`select order_id from routing.decision where outcome = 'routed' group by order_id having count(*) > 1`)).toEqual(
    [],
  );
  expect(
    await race.rows(`select order_id, supplier_id from purchasing.purchase group by order_id, supplier_id having count(*) > 1`),
  ).toEqual([]);
  // No line has more units ordered than the shopper wanted.
  expect(
    await race.rows(
      `select l.id from orders.line l join (select line_id, sum(quantity) as given from routing.allocation group by line_id) a on a.line_id = l.id where a.given <> l.quantity`,
    ),
  ).toEqual([]);
  // Exactly what there is: none twice, and none left while somebody waits for it.
  const [offers] = await race.rows<{ reserved: number; ceiling: number }>(
    `select sum(reserved)::int as reserved, sum(ceiling)::int as ceiling from catalog.offer where supplier_sku like '%SCARCE'`,
  );
  const bought = server.taken
    .flatMap(({ lines }) => lines)
    .filter(({ sku }) => sku.endsWith('SCARCE'))
    .reduce((sum, { qty }) => sum + qty, 0);
  expect(offers).toEqual({ reserved: scarce, ceiling: scarce });
  expect(bought).toBe(scarce);
  expect(await race.rows(`select id from catalog.offer where reserved > ceiling`)).toEqual([]);
  expect(settled).toEqual([
    { state: 'held', count: orders / 3 - scarce },
    { state: 'in_fulfilment', count: orders - (orders / 3 - scarce) },
  ]);
  expect(
    await race.rows(`select kind, title from exceptions.exception where kind in ('set_aside', 'purchase_unconfirmed', 'purchase_failed')`),
  ).toEqual([]);

  await isSeenTwice(race, server, placed[0]?.number ?? '');
});

/** Waits until every order is with its suppliers or held; gives how many are which. */
async function allSettled(race: Race): Promise<{ state: string; count: number }[]> {
  const settled = await until(
    () =>
      race.rows<{ state: string; count: number }>(`select state, count(*)::int as count from orders."order" group by state order by state`),
    (found) =>
      found.length > 0 &&
      found.every(({ state }) => ['in_fulfilment', 'held'].includes(state)) &&
      found.reduce((sum, { count }) => sum + count, 0) === orders,
    40_000,
    'every order with a supplier, or held for want of one',
  );
  await until(
    () => race.rows<{ transmission: string }>(`select distinct transmission from purchasing.purchase`),
    (found) => found.every(({ transmission }) => ['sent', 'acknowledged'].includes(transmission)),
    20_000,
    'every purchase order sent',
  );
  return settled;
}

/** All this would have been seen: a purchase order whose intent is forgotten is ordered a second time. */
async function isSeenTwice(race: Race, server: SupplierServer, number: string): Promise<void> {
  await race.rows(`delete from platform.effect where subject_id = (select id from purchasing.purchase where number = '${number}')`);
  await race.rows(`update purchasing.purchase set transmission = 'queued', due_at = changed_at where number = '${number}'`);
  await race.sweep();
  await until(
    async () => server.taken.filter((one) => one.number === number).length,
    (times) => times === 2,
    10_000,
    'ordered a second time',
  );
}

/** Every third one wants the scarce thing. */
function orderOf(n: number): RaceOrder {
  const lines =
    n % 3 === 0
      ? [{ sku: 'SCARCE', quantity: 1 }]
      : n % 3 === 1
        ? [
            { sku: 'PLENTY', quantity: 2 },
            { sku: 'OTHER', quantity: 1 },
          ]
        : [{ sku: 'PLENTY', quantity: 1 }];
  return { id: `R${1_000 + n}`, lines };
}

async function endOf(worker: Running): Promise<void> {
  worker.kill('SIGKILL');
  await worker.ended;
}
