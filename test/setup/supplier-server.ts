import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { between, type Chance, happens } from '#kernel/chance';

/** An order as the supplier took it: once per POST, whoever sent it how often. */
export interface Taken {
  supplier: string;
  number: string;
  id: string;
  lines: { line: number; sku: string; qty: number }[];
}

export interface SupplierServer {
  /** `127.0.0.1:port`, for the allow list. */
  host: string;
  urlOf(supplier: string): string;
  /** Every POST that was taken, oldest first; it knows no number again, so saying it twice delivers twice. */
  taken: readonly Taken[];
  /** How often an order was taken and the answer never sent. */
  readonly dropped: number;
  /** How often somebody looked an order up. */
  readonly lookedUp: number;
  close(): Promise<void>;
}

export interface SupplierServerOptions {
  token: string;
  chance: Chance;
  /** Each POST is answered after so many milliseconds, from and to. */
  slowMs: readonly [number, number];
  /** How many of a hundred connections break after the order was taken. */
  dropPercent?: number;
}

/** Suppliers with our REST protocol on a real socket, beside a store that has nothing new to tell. They forget nothing. */
export async function openSupplierServer(options: SupplierServerOptions): Promise<SupplierServer> {
  const { token, chance, slowMs, dropPercent = 0 } = options;
  const taken: Taken[] = [];
  const count = { dropped: 0, lookedUp: 0 };

  const answer = async (request: IncomingMessage, reply: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const [, supplier = '', ...rest] = url.pathname.split('/');
    const path = `${request.method} /${rest.join('/')}`;
    if (request.headers.authorization !== `Bearer ${token}`) return say(reply, 401, { error: 'unauthorized' });
    if (path === 'GET /orders') return say(reply, 200, { orders: [], more: false });
    if (path === 'GET /inventory') return say(reply, 200, { items: [], more: false });
    if (path === 'POST /inventory') {
      const { items } = JSON.parse(await bodyOf(request)) as { items: { sku: string }[] };
      return say(reply, 200, { results: items.map(({ sku }) => ({ sku, ok: true })) });
    }
    if (path === 'GET /v1/updates') return say(reply, 200, updatesOf(taken, supplier, Number(url.searchParams.get('cursor') ?? '0')));
    if (path === 'GET /v1/orders') {
      count.lookedUp += 1;
      const number = url.searchParams.get('po_number');
      const found = taken.filter((one) => one.supplier === supplier && one.number === number);
      return say(reply, 200, { orders: found.map((one) => ({ id: one.id, po_number: one.number })) });
    }
    if (path !== 'POST /v1/orders') return say(reply, 404, { error: 'not found' });
    const order = JSON.parse(await bodyOf(request)) as { po_number: string; lines: Taken['lines'] };
    const id = `S${taken.length + 1}`;
    // Before the pause: whoever dies or gives up meanwhile has ordered nevertheless.
    taken.push({ supplier, number: order.po_number, id, lines: order.lines });
    await new Promise((resolve) => setTimeout(resolve, between(chance, slowMs[0], slowMs[1])));
    if (happens(chance, dropPercent / 100)) {
      count.dropped += 1;
      request.socket.destroy();
      return;
    }
    say(reply, 201, { id });
  };

  const server = createServer((request, reply) => {
    answer(request, reply).catch(() => reply.destroy());
  });
  server.keepAliveTimeout = 1_000;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    host,
    urlOf: (supplier) => `http://${host}/${supplier}`,
    taken,
    get dropped() {
      return count.dropped;
    },
    get lookedUp() {
      return count.lookedUp;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function say(reply: ServerResponse, status: number, body: unknown): void {
  reply.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

/** Everything that was taken is acknowledged in full, once per order of theirs. */
function updatesOf(taken: readonly Taken[], supplier: string, cursor: number) {
  const own = taken.filter((one) => one.supplier === supplier);
  const updates = own.slice(cursor, cursor + 100).map((one, place) => ({
    seq: cursor + place + 1,
    type: 'acknowledgement',
    po_number: one.number,
    id: one.id,
    lines: one.lines.map(({ line, sku, qty }) => ({ line, sku, status: 'accepted', qty })),
  }));
  return { updates, cursor: String(cursor + updates.length) };
}
