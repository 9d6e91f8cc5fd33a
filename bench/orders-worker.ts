import { makeProgram } from '#app/program';
import type { Address } from '#kernel/address';
import { between, seededChance } from '#kernel/chance';
import { arrive } from '#platform/inbox';
import { makeSealer, newMasterKey, readMasterKey } from '#platform/secrets';
import { sleep, systemChance, systemClock } from '#platform/time';
import { localDrop } from '#platform/files';

/** One of the processes that take orders in and bring them to their purchase orders: `url tenant channel first count skus`. */
const [url = '', tenant = '', channel = '', first = '0', count = '0', skus = '1'] = process.argv.slice(2);
const chance = seededChance(Number(first) + 1);
const unused = async () => Promise.reject(new Error('nothing goes out in this bench'));

const program = makeProgram({
  url,
  clock: systemClock,
  chance: systemChance,
  sleep,
  linkKey: Buffer.alloc(32, 1),
  publicUrl: 'https://bench.example',
  mailFrom: 'bench@bench.example',
  concurrency: 1,
  connections: 2,
  sealer: makeSealer([readMasterKey(newMasterKey())]),
  outsideOf: () => ({
    fetch: unused,
    drop: () => localDrop('/nonexistent'),
    messages: { send: unused },
    mailbox: { waiting: async () => [], taken: async () => {} },
    carrier: null,
  }),
});
const life = ['readArrival', 'screenOrder', 'routeOrder', 'draftPurchases'];
const perBatch = 400;

const bodies = Array.from({ length: Number(count) }, (_, place) => orderBody(Number(first) + place));
process.send?.('ready');
process.once('message', () => void work());

async function work(): Promise<void> {
  for (let from = 0; from < bodies.length; from += perBatch) {
    const batch = bodies.slice(from, from + perBatch);
    await program.db.tx(tenant, (tx) =>
      arrive(
        tx,
        batch.map(({ id, body }) => ({
          kind: 'order',
          source: `channel:${channel}`,
          object: id,
          name: 'order.created',
          headers: {},
          body,
        })),
      ),
    );
    for (const step of life) await program.work.drain(step, tenant, 4);
  }
  // What the other process left while it held the rows.
  for (const step of life) await program.work.drain(step, tenant, 1_000);
  await program.close();
  process.send?.('done');
  process.disconnect?.();
}

function orderBody(nth: number): { id: string; body: Uint8Array } {
  const at = systemClock.now().toString();
  const lines = [0, 1].map((place) => ({
    id: `${nth}-${place}`,
    sku: `SKU-${between(chance, 0, Number(skus) - 1)}`,
    title: 'Desk lamp, oak and brass',
    quantity: between(chance, 1, 3),
    unit_price: '24.90',
    discount: '0.00',
    tax: '0.00',
    cancelled_quantity: 0,
  }));
  const total = (lines.reduce((sum, { quantity }) => sum + quantity * 2490, 0) / 100).toFixed(2);
  const address: Address = {
    name: `Ada Miller ${nth}`,
    line1: `${between(chance, 1, 900)} Cedar Street`,
    city: 'Portland',
    region: 'OR',
    postcode: '97205',
    country: 'US',
    phone: '+1 503 555 0100',
  };
  const order = {
    id: `o-${nth}`,
    number: `#${nth}`,
    created_at: at,
    updated_at: at,
    currency: 'USD',
    financial_status: 'paid',
    cancelled_at: null,
    test: false,
    customer: { name: address.name, email: `ada.${nth}@example.com`, phone: '' },
    shipping_address: address,
    shipping_service: 'standard',
    lines,
    subtotal: total,
    discount_total: '0.00',
    shipping_total: '0.00',
    tax_total: '0.00',
    total,
    note: '',
    tags: [],
  };
  return { id: order.id, body: new TextEncoder().encode(JSON.stringify({ type: 'order.created', timestamp: at, data: order })) };
}
