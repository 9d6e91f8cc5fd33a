import { writeCsv } from '#formats/csv';
import { fromMs, type Instant } from '#kernel/time';
import { hourMs } from './dice.ts';
import type { StoreOrder } from './shops.ts';
import type { Doors, SupplierSetup, World } from './words.ts';

/**
 * A program that is only good enough to drive the world in its own tests: every paid order goes whole to one supplier that stocks
 * it, over all three transports, and nothing is remembered but what the test asks about. It tries again after any fault, which is
 * just what the real program must never do.
 */
export interface NaiveClient {
  now: Instant;
  ordered: string[];
  updates: Record<string, unknown>[];
  letters: string[];
  answers: string[];
  posted: { status: number; type: string }[];
  refused: string[];
}

export async function play(world: World, clock: { at: number }, days: number, doors?: Partial<Doors>): Promise<NaiveClient> {
  const setup = world.setup();
  const client: NaiveClient = { now: fromMs(clock.at), ordered: [], updates: [], letters: [], answers: [], posted: [], refused: [] };
  const seen = new Set<string>();
  const cursors = new Map<string, string>();
  const until = clock.at + days * 24 * hourMs;
  while (clock.at < until) {
    clock.at += hourMs;
    const now = fromMs(clock.at);
    world.step(now);
    await world.goOut(
      {
        post: async (delivery) => {
          client.posted.push({ status: 200, type: delivery.headers['webhook-id'] ?? '' });
          return { status: 200 };
        },
        open: async () => ({ status: 404, body: '' }),
        ...doors,
      },
      now,
    );
    for (const channel of setup.channels.filter(({ kind }) => kind === 'rest')) {
      const since = cursors.get(channel.code) ?? '1970-01-01T00:00:00Z';
      const reply = await ask(
        world,
        `${channel.settings['baseUrl']}orders?updated_after=${since}&limit=250`,
        channel.secrets['token'] ?? '',
      );
      if (reply === null) continue;
      for (const order of (reply as { orders: StoreOrder[] }).orders) {
        cursors.set(channel.code, order.updated_at);
        if (order.financial_status !== 'paid' || order.cancelled_at !== null || seen.has(order.id)) continue;
        seen.add(order.id);
        await buy(world, setup.suppliers, order, client);
      }
    }
    for (const supplier of setup.suppliers) await hear(world, supplier, client, cursors);
  }
  return client;
}

async function ask(world: World, url: string, token: string): Promise<unknown> {
  try {
    const response = await world.fetch(url, { headers: { authorization: `Bearer ${token}` } });
    return response.ok ? await response.json() : null;
  } catch {
    return null;
  }
}

async function buy(world: World, suppliers: SupplierSetup[], order: StoreOrder, client: NaiveClient): Promise<void> {
  const skus = order.lines.map((line) => line.sku);
  const supplier = suppliers.find(
    ({ offers, ships_to: to }) =>
      to.includes(order.shipping_address.country) && skus.every((sku) => offers.some((offer) => offer.variant === sku)),
  );
  if (supplier === undefined) return;
  const number = `PO-${100_001 + client.ordered.length}`;
  client.ordered.push(number);
  const lines = order.lines.map((line, at) => ({
    line: at + 1,
    sku: supplier.offers.find((offer) => offer.variant === line.sku)?.supplier_sku ?? '',
    qty: line.quantity,
    unit_cost: '1.00',
  }));
  for (let tries = 0; tries < 5; tries += 1) {
    try {
      await send(world, supplier, number, order, lines, client);
      return;
    } catch {
      // Once more, right away: as a careless program would.
    }
  }
}

type Lines = { line: number; sku: string; qty: number; unit_cost: string }[];

async function send(
  world: World,
  supplier: SupplierSetup,
  number: string,
  order: StoreOrder,
  lines: Lines,
  client: NaiveClient,
): Promise<void> {
  const to = order.shipping_address;
  if (supplier.transport === 'rest') {
    const body = JSON.stringify({
      po_number: number,
      order_ref: order.number,
      ship_to: to,
      service: 'standard',
      currency: supplier.currency,
      lines,
    });
    const headers = {
      authorization: `Bearer ${supplier.secrets['token'] ?? ''}`,
      'content-type': 'application/json',
      'idempotency-key': number,
    };
    const response = await world.fetch(`${String(supplier.transport_settings['baseUrl'])}v1/orders`, { method: 'POST', headers, body });
    if (response.status >= 500 || response.status === 429) throw new Error(String(response.status));
    if (response.status === 422) client.refused.push(await response.text());
    return;
  }
  const bytes = new TextEncoder().encode(orderFile(supplier, number, order, lines));
  if (supplier.transport === 'file') await world.drop(supplier.code).write('orders', `${number}.csv`, bytes);
  else {
    const links = ['Confirm everything', 'We cannot ship some of it', 'Reject the order', 'Add tracking'].map(
      (label, at) => `${label}: https://shop.example/s/${number}-${at}`,
    );
    await world.sender.send({
      key: `purchase/${number}`,
      from: { name: 'Fernway', address: 'orders@fernway.test' },
      to: { address: supplier.contact_email },
      subject: `Purchase order ${number}`,
      text: `Hello,\n\n${links.join('\n')}\n`,
      attachments: [{ name: `${number}.csv`, type: 'text/csv', bytes }],
    });
  }
}

function orderFile(supplier: SupplierSetup, number: string, order: StoreOrder, lines: Lines): string {
  const profile = supplier.transport_settings['profile'] as { delimiter: string; columns: { order: Record<string, string> } } | undefined;
  const names = ['po_number', 'line', 'sku', 'quantity', 'ship_name', 'ship_city', 'ship_postcode', 'ship_country'];
  const to = order.shipping_address;
  const rows = lines.map(({ line, sku, qty }) => [number, line, sku, qty, to.name, to.city, to.postcode, to.country]);
  return writeCsv(rows, { header: names.map((name) => profile?.columns.order[name] ?? name), delimiter: profile?.delimiter ?? ',' });
}

async function hear(world: World, supplier: SupplierSetup, client: NaiveClient, cursors: Map<string, string>): Promise<void> {
  try {
    if (supplier.transport === 'rest') {
      const reply = await ask(
        world,
        `${String(supplier.transport_settings['baseUrl'])}v1/updates?cursor=${cursors.get(supplier.code) ?? '0'}&limit=100`,
        supplier.secrets['token'] ?? '',
      );
      const page = reply as { updates: Record<string, unknown>[]; cursor: string } | null;
      if (page === null) return;
      client.updates.push(...page.updates);
      cursors.set(supplier.code, page.cursor);
    } else if (supplier.transport === 'file') {
      const drop = world.drop(supplier.code);
      for (const { name } of await drop.list('answers', 100)) {
        client.answers.push(`${name}\n${new TextDecoder().decode(await drop.read('answers', name, 1_000_000))}`);
        await drop.archive('answers', name);
      }
    } else {
      const letters = await world.mailbox.waiting(100);
      client.letters.push(...letters.map(({ bytes }) => new TextDecoder().decode(bytes)));
      await world.mailbox.taken(letters.map(({ uid }) => uid));
    }
  } catch {
    // The next round asks again.
  }
}
