import { describe, expect, it } from 'vitest';
import { seededChance } from '#kernel/chance';
import { fromMs } from '#kernel/time';
import { makeApi, makeBreakers } from '#platform/api';
import type { PurchaseOrder, SupplierDocument, SupplierDoor, SupplierSaid } from '#ports/supplier';
import { emailSupplier, fileSupplier, readSupplierDocument, restSupplier } from '#connectors/suppliers';
import { type Bench, begin, open } from '#world/bench';

/** Pauses between tries are over at once; the end of a call's time never comes. */
const quick = async (ms: number): Promise<void> => {
  if (ms >= 15_000) await new Promise(() => undefined);
};

/** The three ways, each to one supplier of the world, with what a person would type in to connect it. */
function doorTo(bench: Bench, code: string) {
  const { world, clock } = bench;
  const setup = world.setup().suppliers.find((one) => one.code === code);
  if (!setup) throw new Error(`no ${code}`);
  const { transport, transport_settings: profile, secrets } = setup;
  const now = { now: () => fromMs(clock.at) };
  const supplier = { name: setup.name, email: setup.contact_email };
  const api = makeApi(
    {
      tenant: 't',
      name: `supplier:${code}`,
      baseUrl: String(profile['baseUrl']),
      headers: { authorization: `Bearer ${secrets['token']}` },
      keyHeader: 'Idempotency-Key',
    },
    { fetch: world.fetch, clock: now, chance: seededChance(1), sleep: quick, breakers: makeBreakers(now) },
  );
  const door =
    transport === 'rest'
      ? restSupplier({ api, profile })
      : transport === 'file'
        ? fileSupplier({ drop: world.drop(code), profile })
        : emailSupplier({
            messages: world.sender,
            mailbox: world.mailbox,
            profile,
            supplier,
            from: { name: 'Fernway', email: 'orders@fernway.test' },
          });
  const offers = setup.offers.filter(({ quantity }) => quantity > 30).slice(0, 2);
  const order = (more: Partial<PurchaseOrder> = {}): PurchaseOrder => ({
    number: 'PO-100001',
    version: 1,
    orderNumber: '1042',
    orderedAt: fromMs(begin),
    buyer: { name: 'Fernway', email: 'orders@fernway.test' },
    supplier,
    shipTo: {
      name: 'Zoë Weiß',
      line1: 'Hauptstraße 5; Hof',
      city: 'Leipzig',
      postcode: '04109',
      country: setup.ships_to.includes('DE') ? 'DE' : 'US',
      phone: '+49 341 123',
    },
    service: 'standard',
    currency: setup.currency,
    answerUrl: '',
    lines: offers.map(({ supplier_sku, title, cost_minor }, place) => ({
      position: place + 1,
      supplierSku: supplier_sku,
      title,
      quantity: 2,
      unitCostMinor: cost_minor,
    })),
    ...more,
  });
  const read = (document: SupplierDocument) => readSupplierDocument(transport, profile, setup.currency, document);
  return { door, order, read, setup, taken: () => world.memory.purchases[`${code}/PO-100001`]?.acceptedAt.length ?? 0 };
}

/** Fetches as the program does, small pages, until nothing more waits. */
async function all(door: SupplierDoor, cursor = '', limit = 1): Promise<{ documents: SupplierDocument[]; cursor: string }> {
  const documents: SupplierDocument[] = [];
  for (let at = cursor; ; ) {
    const page = await door.fetch(at, limit);
    documents.push(...page.documents);
    at = page.cursor;
    if (!page.more) return { documents, cursor: at };
  }
}

const ways = [
  ['rest', 'KESTREL'],
  ['file', 'HARROW'],
  ['file in German', 'NORDLICHT'],
  ['e-mail', 'PINECREST'],
] as const;

describe.each(ways)('a supplier by %s (%s)', (_way, code) => {
  it('takes a purchase order once, acknowledges it and tells what it shipped', async () => {
    const bench = open();
    const { door, order, read, taken, setup } = doorTo(bench, code);
    const placed = await door.place(order(), 'place:1');
    expect(JSON.parse(JSON.stringify(placed))).toEqual(placed);
    expect(placed.documents.length).toBeGreaterThan(0);
    bench.pass(0.3);
    expect(taken()).toBe(1);
    expect(bench.world.memory.purchases[`${code}/PO-100001`]?.lines).toEqual(
      order().lines.map(({ position, supplierSku, quantity }) => ({ line: position, sku: supplierSku, quantity })),
    );
    expect(bench.world.memory.purchases[`${code}/PO-100001`]?.country).toBe(order().shipTo.country);
    for (let hour = 0; hour < 200; hour += 1) bench.pass(1);
    const { documents, cursor } = await all(door);
    const said: SupplierSaid[] = [];
    for (const document of documents) said.push(...(await read(document)));
    const acknowledged = said.find((one) => one.what === 'acknowledgement');
    expect(acknowledged).toMatchObject({ purchase: 'PO-100001' });
    expect(
      acknowledged?.what === 'acknowledgement' &&
        acknowledged.lines.map(({ position, response, quantity }) => ({ line: position, response, quantity })),
    ).toEqual(bench.world.memory.purchases[`${code}/PO-100001`]?.said);
    const shipped = said.filter((one) => one.what === 'shipment');
    const parcels = shipped.flatMap((one) => one.parcels);
    expect(parcels.map(({ number }) => number).sort()).toEqual(
      Object.values(bench.world.memory.parcels)
        .map(({ number }) => number)
        .sort(),
    );
    expect(parcels.flatMap(({ lines }) => lines).length).toBeGreaterThan(0);
    expect(shipped.every((one) => Temporal.Instant.compare(one.shippedAt, fromMs(begin)) > 0)).toBe(true);
    expect((await door.fetch(cursor, 10)).documents).toEqual([]);
    expect(setup.offers.length).toBeGreaterThan(2);
  });

  it('says the same bytes when it says the same again', async () => {
    const [one, other] = await Promise.all([0, 1].map(async () => doorTo(open(), code)));
    expect(await one?.door.place(one.order(), 'k')).toEqual(await other?.door.place(other.order(), 'k'));
  });

  it('is asked to cancel and answers', async () => {
    const bench = open();
    const { door, order, read } = doorTo(bench, code);
    const { reference } = await door.place(order(), 'place:1');
    bench.pass(0.3);
    await door.cancel(order(), reference, 'cancel:1');
    for (let hour = 0; hour < 60; hour += 1) bench.pass(1);
    const said: SupplierSaid[] = [];
    for (const document of (await all(door)).documents) said.push(...(await read(document)));
    const [outcome] = bench.world.memory.cancels;
    expect(said.find((one) => one.what === 'cancellation')).toMatchObject({ purchase: 'PO-100001', outcome: outcome?.outcome });
  });

  it('gives what it left again until the next fetch says that it is kept', async () => {
    const bench = open();
    const { door, order } = doorTo(bench, code);
    await door.place(order(), 'place:1');
    for (let hour = 0; hour < 200; hour += 1) bench.pass(1);
    const first = await door.fetch('', 10);
    const again = await door.fetch('', 10);
    expect(first.documents.length).toBeGreaterThan(0);
    expect(again.documents).toEqual(first.documents);
    expect((await door.fetch(first.cursor, 10)).documents).toEqual([]);
  });
});

describe('a lost answer', () => {
  it('of a REST supplier is found by the number once their look-up shows it, and is not placed twice', async () => {
    const bench = open();
    const { door, order, taken } = doorTo(bench, 'SILVERBAY');
    expect((await door.whatBecameOf(order(), 'place:1')).outcome).toBe('absent');
    bench.world.break('supplier_timeouts');
    bench.pass(0.01);
    await expect(door.place(order(), 'place:1')).rejects.toMatchObject({ kind: 'unknown' });
    expect(taken()).toBe(1);
    bench.pass(0.1);
    const became = await door.whatBecameOf(order(), 'place:1');
    expect(became).toMatchObject({
      outcome: 'happened',
      reply: { reference: bench.world.memory.purchases['SILVERBAY/PO-100001']?.reference },
    });
  });

  it('of a REST supplier that knows numbers again is settled by saying it again', async () => {
    const bench = open();
    const { door, order, taken } = doorTo(bench, 'KESTREL');
    expect((await door.whatBecameOf(order(), 'k')).outcome).toBe('repeat');
    const { reference } = await door.place(order(), 'k');
    expect((await door.place(order(), 'k')).reference).toBe(reference);
    expect(taken()).toBe(1);
  });

  it('of a folder is seen in the folder, and in the archive once they took it', async () => {
    const bench = open();
    const { door, order, taken } = doorTo(bench, 'NORDLICHT');
    expect((await door.whatBecameOf(order(), 'k')).outcome).toBe('absent');
    const placed = await door.place(order(), 'k');
    expect(await door.whatBecameOf(order(), 'k')).toEqual({ outcome: 'happened', reply: placed });
    bench.pass(0.3);
    expect(await door.whatBecameOf(order(), 'k')).toEqual({ outcome: 'happened', reply: placed });
    expect((await door.whatBecameOf(order({ version: 2 }), 'k')).outcome).toBe('absent');
    expect((await door.whatBecameOfCancel(order(), '', 'k')).outcome).toBe('absent');
    expect(taken()).toBe(1);
  });

  it('of a mail server is for a person, as a mail cannot be looked up', async () => {
    const { door, order } = doorTo(open(), 'PINECREST');
    expect(await door.whatBecameOf(order(), 'k')).toMatchObject({ outcome: 'ask-a-person', why: expect.stringContaining('PO-100001') });
  });

  it('a refused look-up proves nothing, and a page in place of an answer is looked up once more', async () => {
    const { order } = doorTo(open(), 'KESTREL');
    const answering = (status: number, body: string) => {
      const clock = { now: () => fromMs(begin) };
      return restSupplier({
        api: makeApi(
          { tenant: 't', name: 's', baseUrl: 'https://s.test', headers: {} },
          {
            fetch: async () => new Response(body, { status }),
            clock,
            chance: seededChance(1),
            sleep: quick,
            breakers: makeBreakers(clock),
          },
        ),
        profile: {},
      });
    };
    expect((await answering(404, '{}').whatBecameOf(order(), 'k')).outcome).toBe('ask-a-person');
    expect((await answering(200, '{"data":[]}').whatBecameOf(order(), 'k')).outcome).toBe('ask-a-person');
    await expect(answering(200, '<p>Back soon').whatBecameOf(order(), 'k')).rejects.toMatchObject({ kind: 'transient' });
    expect((await answering(200, '{"orders":[{"id":"A","po_number":"PO-9"}]}').whatBecameOf(order(), 'k')).outcome).toBe('absent');
    await expect(answering(409, '{"error":"duplicate"}').place(order(), 'k')).rejects.toMatchObject({ kind: 'unknown' });
    await expect(answering(422, '{"error":"unknown_sku"}').place(order(), 'k')).rejects.toMatchObject({ kind: 'refused' });
  });
});
