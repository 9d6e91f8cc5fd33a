import fastify, { type FastifyInstance } from 'fastify';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readBrand } from '#kernel/brand';
import { seededChance } from '#kernel/chance';
import { after, instant } from '#kernel/time';
import { Unreadable } from '#kernel/unreadable';
import { type Database, openDatabase } from '#platform/db';
import { arrive } from '#platform/inbox';
import { freshDatabase } from '../../../../test/setup/database.ts';
import { fillIn } from '../../../../world/visits.ts';
import { readPortalAnswer, supplierPages } from './index.ts';

/** A tenant per test, as the program may not delete what arrived. */
let tenant = '';
let tenants = 0;
const purchase = '01900000-0000-7000-8000-000000000001';
const other = '01900000-0000-7000-8000-000000000002';
const supplier = '01900000-0000-7000-8000-0000000000f1';
const order = '01900000-0000-7000-8000-0000000000e1';
const token = 'a'.repeat(43);
const path = `/s/${token}`;

let fresh: Awaited<ReturnType<typeof freshDatabase>>;
let database: Database;
let app: FastifyInstance;
let now = instant('2026-11-24T12:00:00Z');

beforeAll(async () => {
  fresh = await freshDatabase();
  database = openDatabase({ url: fresh.url, clock: { now: () => now }, chance: seededChance(4) });
});

afterAll(async () => {
  await database.close();
  await fresh.drop();
});

beforeEach(async () => {
  now = instant('2026-11-24T12:00:00Z');
  tenants += 1;
  tenant = `01900000-0000-7000-8000-${String(tenants).padStart(12, '0')}`;
  await database.tx(tenant, async (tx) => {
    await sql`insert into suppliers.supplier (tenant_id, id, code, name, state, country, currency, time_zone, handling_days, ack_hours, ship_hours, transport, transport_settings, created_at)
      values (${tenant}, ${supplier}, 'ACME', 'Acme <b>Wholesale', 'live', 'DE', 'EUR', 'UTC', 1, 24, 48, 'email', '{}', ${now})`.execute(
      tx.db,
    );
    await sql`insert into orders."order" (tenant_id, id, channel_id, external_id, number, state, status, placed_at, received_at, changed_at, source_at, currency, subtotal_minor, total_minor, payment, customer_name, email, phone, ship_to, country, postcode, likeness)
      values (${tenant}, ${order}, ${order}, 'x1', '#1042', 'in_fulfilment', 'with_supplier', ${now}, ${now}, ${now}, ${now}, 'EUR', 100, 98765, 'paid', 'Ada Lovelace', 'ada@example.com', '', '{}', 'DE', '24103', '')`.execute(
      tx.db,
    );
    for (const [id, number] of [
      [purchase, 'PO-1'],
      [other, 'PO-2'],
    ] as const) {
      await sql`insert into purchasing.purchase (tenant_id, id, number, supplier_id, order_id, transmission, currency, cost_minor, ship_to, service, transport, created_at, changed_at, sent_at, ack_due_at)
        values (${tenant}, ${id}, ${number}, ${supplier}, ${order}, 'sent', 'EUR', 620, '{"name": "Ada <script>alert(1)</script>", "line1": "Holstenstraße 7", "city": "Kiel", "country": "DE", "postcode": "24103"}', 'standard', 'email', ${now}, ${now}, ${now}, ${after(now, { hours: 24 })})`.execute(
        tx.db,
      );
      await sql`insert into purchasing.line (tenant_id, id, purchase_id, position, order_line_id, allocation_id, offer_id, supplier_sku, title, quantity, unit_cost_minor)
        select ${tenant}, gen_random_uuid(), ${id}, n, ${order}, gen_random_uuid(), ${order}, ${number} || '-S' || n, 'Lamp "x" & y', 3, 310 from generate_series(1, 2) n`.execute(
        tx.db,
      );
    }
  });
  app = fastify();
  await app.register(supplierPages, {
    db: database,
    arrive,
    brandOf: async () => readBrand({ supportEmail: 'buy@fernway.test' }, 'Fernway'),
    findDoor: async (given) =>
      given === token
        ? { tenant, purchaseId: purchase, supplierId: supplier }
        : given === 'b'.repeat(43)
          ? { tenant, purchaseId: other, supplierId: order }
          : null,
  });
});

afterEach(() => app.close());

const get = (url = path) => app.inject({ url });
const send = (fields: Record<string, string>, url = path) =>
  app.inject({
    method: 'POST',
    url,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: new URLSearchParams(fields).toString(),
  });
const formOf = (html: string): string => /name="form" value="([^"]+)"/.exec(html)?.[1] ?? '';
const arrivals = () =>
  database.tx(
    tenant,
    async (tx) =>
      (
        await sql<{
          kind: string;
          source: string;
          object: string;
          headers: Record<string, string>;
          body: Uint8Array;
          again: number;
        }>`select kind, source, object, headers, body, again from platform.arrival where tenant_id = ${tenant} order by id`.execute(tx.db)
      ).rows,
  );
const said = async () => (await arrivals()).flatMap(({ body }) => readPortalAnswer(body));
/** As a person of the world does: open, fill in, press. */
async function visit(intent: 'confirm' | 'short' | 'reject' | 'ship', data: Record<string, string>) {
  const page = await get(`${path}#${intent}`);
  const filled = fillIn(
    { id: 'v', supplier: 'ACME', purchase: 'PO-1', intent, at: 0, url: `https://us.test${path}`, tries: 0, data },
    page.body,
  );
  return send(filled?.form ?? {}, filled?.action ?? '/none');
}

describe('the page of a purchase order', () => {
  it('shows what is ordered and where it goes, escaped, and nothing of other orders', async () => {
    const { statusCode, body, headers } = await get();
    expect(statusCode).toBe(200);
    expect(body).toContain('PO-1-S1');
    expect(body).toContain('Lamp &quot;x&quot; &amp; y');
    expect(body).toContain('Ada &lt;script&gt;');
    expect(body).toContain('Please answer by 25 Nov 2026');
    expect(body).not.toMatch(/<script|PO-2|ada@example|987\.65|98765/);
    expect(headers['content-security-policy']).toMatch(
      /^default-src 'none'; style-src 'sha256-[\w+/=]{44}'; img-src 'none'; form-action 'self'/,
    );
    expect(headers).toMatchObject({
      'cache-control': 'private, no-store',
      'referrer-policy': 'no-referrer',
      'x-robots-tag': 'noindex, nofollow',
    });
    expect(headers['set-cookie']).toBeUndefined();
    expect(Buffer.byteLength(body)).toBeLessThan(30_000);
  });

  it.each(['c'.repeat(43), 'short', 'b'.repeat(43)])(
    'says how to get a new link where it opens nothing, or another supplier’s order (%s)',
    async (bad) => {
      const { statusCode, body } = await get(`/s/${bad}`);
      expect(statusCode).toBe(410);
      expect(body).toContain('How to get a new one');
      expect((await send({}, `/s/${bad}`)).statusCode).toBe(410);
    },
  );
});

describe('somebody at the supplier', () => {
  it('confirms everything, and it is kept like a document of theirs', async () => {
    const { statusCode, body } = await visit('confirm', {});
    expect([statusCode, body]).toEqual([200, expect.stringContaining('Everything that is ordered is confirmed.')]);
    expect(await arrivals()).toMatchObject([
      { kind: 'acknowledgement', source: `supplier:${supplier}`, object: `link:${purchase}`, headers: { transport: 'portal' } },
    ]);
    expect(await said()).toEqual([{ what: 'acknowledgement', purchase: 'PO-1', all: 'accepted', lines: [] }]);
  });

  it('says line by line what is short', async () => {
    const { body } = await visit('short', {
      'quantity/1/PO-1-S1': '2',
      'response/1/PO-1-S1': 'short',
      'quantity/2/PO-1-S2': '0',
      'response/2/PO-1-S2': 'rejected',
      reason: 'not enough',
    });
    expect(body).toContain('PO-1-S1 (line 1): 2 of 3, the rest not. Reason: not enough.');
    expect(await said()).toEqual([
      {
        what: 'acknowledgement',
        purchase: 'PO-1',
        lines: [
          { position: 1, response: 'short', quantity: 2, reason: 'not enough' },
          { position: 2, response: 'rejected', quantity: 0, reason: 'not enough' },
        ],
      },
    ]);
  });

  it('says when the rest will be there: less than all waits for that day, all of it is promised for it', async () => {
    const form = formOf((await get()).body);
    await send({ form, intent: 'some', quantity_1: '1', date_1: '2026-12-05', quantity_2: '3', date_2: '2026-12-06' });
    expect(await said()).toMatchObject([
      {
        lines: [
          { position: 1, response: 'backordered', quantity: 3, expectedAt: instant('2026-12-05T12:00:00Z') },
          { position: 2, response: 'accepted', quantity: 3, expectedAt: instant('2026-12-06T12:00:00Z') },
        ],
      },
    ]);
  });

  it('rejects with a reason', async () => {
    await visit('reject', { reason: 'discontinued' });
    expect(await said()).toEqual([{ what: 'acknowledgement', purchase: 'PO-1', all: 'rejected', lines: [], reason: 'discontinued' }]);
  });

  it('adds a parcel with what is in it', async () => {
    const { body } = await visit('ship', { carrier: 'dhl', tracking: ' 0034 12 ', 'quantity/1/PO-1-S1': '3' });
    expect(body).toContain('On its way: dhl 0034 12 with 3 × PO-1-S1 (line 1).');
    expect(await said()).toEqual([
      {
        what: 'shipment',
        purchase: 'PO-1',
        reference: '0034 12',
        shippedAt: now,
        parcels: [{ carrier: 'dhl', number: '0034 12', lines: [{ position: 1, quantity: 3 }] }],
      },
    ]);
    expect((await arrivals())[0]?.kind).toBe('ship-notice');
  });

  it('who presses twice has answered once, and who comes back to the same answer has answered again', async () => {
    const form = formOf((await get()).body);
    await send({ form, intent: 'confirm' });
    now = after(now, { minutes: 1 });
    expect((await send({ form, intent: 'confirm' })).body).toContain('We had this already');
    expect(await arrivals()).toMatchObject([{ again: 1 }]);
    await send({ form: formOf((await get()).body), intent: 'reject' });
    now = after(now, { minutes: 1 });
    await send({ form: formOf((await get()).body), intent: 'confirm' });
    expect((await said()).map((one) => one.what === 'acknowledgement' && one.all)).toEqual(['accepted', 'rejected', 'accepted']);
  });

  it('sees the earlier answer, and what a new one changes', async () => {
    await visit('confirm', {});
    await database.tx(tenant, (tx) =>
      sql`update purchasing.line set response = 'accepted', accepted = 3, answered_at = ${now} where tenant_id = ${tenant} and purchase_id = ${purchase}`.execute(
        tx.db,
      ),
    );
    const { body } = await get();
    expect(body).toContain('What you told us here');
    expect(body).toContain('Everything that is ordered is confirmed.');
    expect(body).toContain('all confirmed');
    const { body: after } = await visit('short', { 'quantity/1/PO-1-S1': '1', 'quantity/2/PO-1-S2': '3' });
    expect(after).toContain('<bdi>PO-1-S1 (line 1)</bdi>: before all confirmed; now 1 confirmed, 2 declined');
    expect(after).not.toContain('PO-1-S2 (line 2)</bdi>: before');
  });

  it('gets a form with mistakes back as it was filled in, with each mistake named, and nothing is kept', async () => {
    const form = formOf((await get()).body);
    const { statusCode, body } = await send({
      form,
      intent: 'some',
      quantity_1: '4',
      quantity_2: '2',
      date_2: '2020-01-01',
      reason_2: '"><i>',
    });
    expect(statusCode).toBe(422);
    expect(body).toContain('<a href="#quantity_1">Line 1: give a whole number from 0 to 3.</a>');
    expect(body).toContain('<a href="#date_2">');
    expect(body).toContain('value="&quot;&gt;&lt;i&gt;"');
    expect((await send({ form, intent: 'ship', carrier: '', tracking: '', quantity_1: '0' })).statusCode).toBe(422);
    expect((await send({ form, intent: 'ship', carrier: 'ups', tracking: '1Z', quantity_1: '0' })).body).toContain(
      'Say what is in the parcel',
    );
    expect((await send({ form, intent: 'dance' })).statusCode).toBe(422);
    expect(await arrivals()).toEqual([]);
  });

  it.each<[string, (form: string) => string | Promise<string>]>([
    ['without its token', () => ''],
    ['with a token of its own making', (form) => form.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'))],
    ['of a page opened days ago', (form) => ((now = after(now, { hours: 25 })), form)],
    [
      'of an order that has changed',
      async (form) => {
        await database.tx(tenant, (tx) =>
          sql`update purchasing.purchase set version = 2 where tenant_id = ${tenant} and id = ${purchase}`.execute(tx.db),
        );
        return form;
      },
    ],
    [
      'of an order that was cancelled',
      async (form) => {
        await database.tx(tenant, (tx) =>
          sql`update purchasing.purchase set transmission = 'cancelled' where tenant_id = ${tenant} and id = ${purchase}`.execute(tx.db),
        );
        return form;
      },
    ],
  ])('a form %s is not recorded, and says so', async (_what, change) => {
    const form = await change(formOf((await get()).body));
    const { statusCode, body } = await send({ form, intent: 'confirm' });
    expect([statusCode, body]).toEqual([409, expect.stringContaining('Nothing was recorded')]);
    expect(await arrivals()).toEqual([]);
  });

  it('reads a long order in parts, each below 30 kB, and answers the lines of one part at a time', async () => {
    await database.tx(tenant, (tx) =>
      sql`insert into purchasing.line (tenant_id, id, purchase_id, position, order_line_id, allocation_id, offer_id, supplier_sku, title, quantity, unit_cost_minor, reason)
        select ${tenant}, gen_random_uuid(), ${purchase}, n, ${order}, gen_random_uuid(), ${order}, repeat('&', 100) || n, repeat('"', 300), 3, 310, '' from generate_series(3, 40) n`.execute(
        tx.db,
      ),
    );
    for (const part of [1, 2, 4]) {
      const { body } = await get(`${path}?part=${part}`);
      expect(Buffer.byteLength(body)).toBeLessThan(30_000);
    }
    const { body } = await get(`${path}?part=4`);
    expect(body).toContain('Lines 31 to 40 of 40');
    await send(
      { form: formOf(body), intent: 'some', quantity_37: '3', quantity_38: '3', quantity_39: '3', quantity_40: '2' },
      `${path}?part=4`,
    );
    expect(await said()).toMatchObject([
      { lines: [{ position: 37 }, { position: 38 }, { position: 39 }, { position: 40, response: 'short' }] },
    ]);
  });
});

describe('what was kept of an answer', () => {
  it.each([
    '',
    '{}',
    '[]',
    '{"intent":"confirm","opened":"x","said":[]}',
    '{"intent":"ship","opened":"2026-11-24T12:00:00Z","said":[{"what":"shipment"}]}',
  ])('is refused when it is not what the page writes: %s', (text) => {
    expect(() => readPortalAnswer(new TextEncoder().encode(text))).toThrow(Unreadable);
  });
});
