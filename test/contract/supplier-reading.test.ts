import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instant } from '#kernel/time';
import { Unreadable } from '#kernel/unreadable';
import type { SupplierSaid } from '#ports/supplier';
import { readSupplierDocument, restSupplier, supplierSettingsTrouble } from '#connectors/suppliers';
import { open } from '#world/bench';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const german = open()
  .world.setup()
  .suppliers.find(({ code }) => code === 'NORDLICHT')?.transport_settings;
const file = (text: string | Uint8Array, settings: unknown = {}, name = 'ack.csv') =>
  readSupplierDocument('file', settings, 'EUR', { name, headers: {}, body: typeof text === 'string' ? bytes(text) : text });
const rest = (value: unknown, settings: unknown = {}) =>
  readSupplierDocument('rest', settings, 'EUR', { name: '', headers: {}, body: bytes(JSON.stringify(value)) });

async function troubleOf(reading: Promise<unknown>): Promise<Unreadable> {
  const error = await reading.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof Unreadable)) throw new Error(`it was read, or failed otherwise: ${String(error)}`);
  return error;
}

describe('a list of a supplier', () => {
  it('is read in their own columns, words, figures and dates', async () => {
    const list =
      'Bestellnummer;Position;Artikelnummer;Status;Menge;Liefertermin;Grund\r\nPO-1;1;NL.1.A;Bestaetigt;1.000;;\r\nPO-1;2;NL.2.B;RUECKSTAND;2,0;05.12.2026;"kommt; später"\r\nPO-2;1;;abgelehnt;0;;\r\n';
    expect(await file(list, german)).toEqual([
      {
        what: 'acknowledgement',
        purchase: 'PO-1',
        lines: [
          { position: 1, sku: 'NL.1.A', response: 'accepted', quantity: 1000 },
          {
            position: 2,
            sku: 'NL.2.B',
            response: 'backordered',
            quantity: 2,
            expectedAt: instant('2026-12-05T12:00:00Z'),
            reason: 'kommt; später',
          },
        ],
      },
      { what: 'acknowledgement', purchase: 'PO-2', lines: [{ position: 1, response: 'rejected', quantity: 0 }] },
    ]);
  });

  it('of what was shipped is put together by shipment and parcel', async () => {
    const list = `po_number,shipment,carrier,tracking_number,line,sku,quantity,shipped_at
PO-1,S1,ups,1Z1,1,A,1,2026-11-25T10:00:00Z
PO-1,S1,ups,1Z1,2,B,2,2026-11-25T10:00:00Z
PO-1,S1,UPS,1Z2,2,B,1,2026-11-25T10:00:00Z
PO-2,,dhl,0034,1,A,1,2026-11-25
`;
    const [first, second] = await file(list);
    expect(first).toEqual({
      what: 'shipment',
      purchase: 'PO-1',
      reference: 'S1',
      shippedAt: instant('2026-11-25T10:00:00Z'),
      parcels: [
        {
          carrier: 'ups',
          number: '1Z1',
          lines: [
            { position: 1, sku: 'A', quantity: 1 },
            { position: 2, sku: 'B', quantity: 2 },
          ],
        },
        { carrier: 'UPS', number: '1Z2', lines: [{ position: 2, sku: 'B', quantity: 1 }] },
      ],
    });
    expect(second).toMatchObject({ purchase: 'PO-2', reference: '', shippedAt: instant('2026-11-25T12:00:00Z') });
  });

  it.each<[what: string, list: string, code: string, says: RegExp, line?: number]>([
    [
      'a status nobody agreed on',
      'po_number,line,status\nPO-1,1,accepted\nPO-1,2,maybe\n',
      'cell',
      /^Line 3, column status: "maybe" – .*known: accepted, short/,
      3,
    ],
    [
      'half a unit',
      'po_number,line,status,quantity\nPO-1,1,short,1.5\n',
      'cell',
      /^Line 2, column quantity: "1.5" – not a whole number/,
      2,
    ],
    [
      'a date in another form',
      'po_number,line,status,expected_date\nPO-1,1,accepted,5.12.2026\n',
      'cell',
      /^Line 2, column expected_date: "5.12.2026"/,
      2,
    ],
    ['a line without a name', 'po_number,line,sku,status\nPO-1,,,accepted\n', 'cell', /^Line 2, column line: it is empty/, 2],
    ['a column nobody knows', 'po_number,line,status,Substitute\nPO-1,1,accepted,X\n', 'unknown-column', /"Substitute"/, 1],
    [
      'no header that tells what it is',
      'order,line,state\nPO-1,1,ok\n',
      'columns',
      /none of the columns status \(acknowledgement\), tracking_number/,
      1,
    ],
    [
      'a needed column missing',
      'po_number,tracking_number,line,quantity,shipped_at\nPO-1,1Z,1,1,2026-11-25\n',
      'columns',
      /ship notice has no column carrier/,
      1,
    ],
    [
      'a rounded tracking number',
      'po_number,carrier,tracking_number,line,quantity,shipped_at\nPO-1,dhl,3.40434E+19,1,1,2026-11-25\n',
      'cell',
      /rounded/,
      2,
    ],
    ['a ragged row', 'po_number,line,status\nPO-1,1,accepted\nPO-1,2\n', 'too-few-cells', /Line 3/, 3],
    ['nothing below the header', 'po_number,line,status\n', 'empty', /no rows/],
    ['a spreadsheet file', 'PK\u0003\u0004xx', 'no-list', /no list of rows/],
  ])('with %s is not taken, and says where and what to do', async (_what, list, code, says, line) => {
    const trouble = await troubleOf(file(list));
    expect(trouble).toMatchObject({
      code,
      message: expect.stringMatching(says),
      ...(line ? { place: expect.objectContaining({ line }) } : {}),
    });
    expect(trouble.fix.length).toBeGreaterThan(20);
  });

  it('may have columns that the profile says to leave alone, in any order and letters', async () => {
    expect(await file('STATUS, Colour ,Line,PO_Number\naccepted,red,1,PO-1\n', { profile: { ignore: ['colour'] } })).toEqual([
      { what: 'acknowledgement', purchase: 'PO-1', lines: [{ position: 1, response: 'accepted' }] },
    ]);
  });

  it('reads back what our own guard put before a cell', async () => {
    expect(await file("po_number,sku,status\nPO-1,'-A1,accepted\n")).toMatchObject([{ lines: [{ sku: '-A1' }] }]);
  });
});

describe('settings of a supplier', () => {
  it('are good as the world gives them, and when they say nothing', () => {
    for (const one of open().world.setup().suppliers) expect(supplierSettingsTrouble(one.transport, one.transport_settings)).toEqual([]);
    expect(['rest', 'file', 'email'].flatMap((transport) => supplierSettingsTrouble(transport, {}))).toEqual([]);
  });

  it.each<[string, unknown, RegExp]>([
    ['file', { profile: { delimiter: ';;' } }, /profile\.delimiter /],
    ['file', { profile: { colums: {} } }, /profile /],
    ['file', { profile: { timeZone: 'Mars/North' } }, /profile\.timeZone is "Mars\/North"/],
    ['file', { profile: { encoding: 'klingon' } }, /profile\.encoding is "klingon"/],
    ['file', { profile: { columns: { order: { sku: 'A' } } } }, /has no po_number/],
    ['file', { profile: { words: { accepted: 'ok', short: 'OK' } } }, /"ok" twice/],
    ['email', { address: 'not an address' }, /address /],
    ['rest', { paths: { cancel: '/cancel' } }, /no \{id\}/],
    ['rest', { fields: { update: { lines: '__proto__.x' } } }, /fields\.update\.lines /],
    ['fax', {}, /"fax" is no way/],
  ])('of %s that cannot be used say so: %j', async (transport, settings, says) => {
    expect(supplierSettingsTrouble(transport, settings).join(' ')).toMatch(says);
    expect((await troubleOf(readSupplierDocument(transport, settings, 'USD', { name: '', headers: {}, body: bytes('') }))).message).toMatch(
      says,
    );
  });

  it('stop the connection, not the purchase order', async () => {
    const door = restSupplier({ api: {} as never, profile: { paths: { orders: 'no slash' } } });
    await expect(door.fetch('', 1)).rejects.toMatchObject({
      kind: 'misconfigured',
      message: expect.stringContaining('paths.orders'),
    });
  });
});

describe('an update by REST', () => {
  it('is read with their names and words', async () => {
    const update = {
      head: { kind: 'ACK', order: 'PO-1' },
      id: 77,
      rows: [{ no: '1', state: 'Confirmed', n: '2', cost: '3.10' }],
      t: '2026-11-25T10:00:00+01:00',
    };
    const profile = {
      fields: {
        update: {
          type: 'head.kind',
          purchase: 'head.order',
          lines: 'rows',
          position: 'no',
          status: 'state',
          quantity: 'n',
          unitCost: 'cost',
          at: 't',
        },
      },
      words: { kinds: { acknowledgement: 'ack' }, responses: { accepted: ['confirmed', 'ok'] } },
    };
    expect(await rest(update, profile)).toEqual([
      {
        what: 'acknowledgement',
        purchase: 'PO-1',
        reference: '77',
        at: instant('2026-11-25T09:00:00Z'),
        lines: [{ position: 1, response: 'accepted', quantity: 2, unitCostMinor: 310n }],
      },
    ]);
  });

  it.each<[unknown, RegExp]>([
    [{ type: 'news', po_number: 'PO-1' }, /^type \("news"\) is no kind of update/],
    [{ type: 'acknowledgement' }, /^po_number is missing/],
    [
      { type: 'acknowledgement', po_number: 'PO-1', lines: [{ line: 1, status: 'perhaps' }] },
      /^lines\[0\]\.status \("perhaps"\) is no status/,
    ],
    [{ type: 'acknowledgement', po_number: 'PO-1', lines: [{ status: 'accepted' }] }, /^lines\[0\]\.line is missing, and so is the SKU/],
    [{ type: 'shipment', po_number: 'PO-1', shipped_at: 'today', parcels: [] }, /^shipped_at \("today"\) is no instant/],
    [
      {
        type: 'shipment',
        po_number: 'PO-1',
        shipped_at: '2026-11-25',
        parcels: [{ carrier: 'ups', tracking_number: '1', lines: [{ line: 1, qty: -1 }] }],
      },
      /^parcels\[0\]\.lines\[0\]\.qty/,
    ],
    [{ type: 'cancellation', po_number: 'PO-1', outcome: 'hm' }, /^outcome \("hm"\) is neither/],
    [null, /^type is missing/],
  ])('that does not fit names the member: %j', async (update, says) => {
    expect((await troubleOf(rest(update))).message).toMatch(says);
  });
});

describe('whatever comes', () => {
  const onlyUnreadable = async (reading: Promise<SupplierSaid[]>): Promise<void> => {
    await reading.catch((error: unknown) => {
      if (!(error instanceof Unreadable)) throw error;
    });
  };
  const cell = fc.oneof(
    fc.constantFrom('PO-1', '1', 'accepted', 'maybe', '2026-11-25', '2', '"', "'=1", '', '1Z', 'ups'),
    fc.string({ maxLength: 12 }),
  );
  const header = fc.constantFrom(
    'po_number,line,sku,status,quantity,expected_date,reason',
    'po_number,shipment,carrier,tracking_number,line,sku,quantity,shipped_at',
    'po_number,outcome,reason',
  );

  it('a reader of lists throws nothing but Unreadable, and what it reads is whole', async () => {
    await fc.assert(
      fc.asyncProperty(
        header,
        fc.array(fc.array(cell, { minLength: 1, maxLength: 9 }), { maxLength: 4 }),
        fc.uint8Array({ maxLength: 40 }),
        async (first, rows, tail) => {
          const text = `${first}\n${rows.map((row) => row.join(',')).join('\n')}\n`;
          await onlyUnreadable(file(text));
          await onlyUnreadable(file(Buffer.concat([Buffer.from(text), tail]), german));
          await onlyUnreadable(file(tail));
          await onlyUnreadable(readSupplierDocument('email', {}, 'EUR', { name: '', headers: {}, body: tail }));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('a reader of updates throws nothing but Unreadable', async () => {
    const line = fc.record(
      {
        line: fc.anything(),
        sku: fc.anything(),
        status: fc.oneof(fc.constant('accepted'), fc.anything()),
        qty: fc.anything(),
        expected: fc.anything(),
        unit_cost: fc.anything(),
      },
      { requiredKeys: [] },
    );
    const update = fc.record(
      {
        type: fc.constantFrom('acknowledgement', 'shipment', 'cancellation', 'x'),
        po_number: fc.oneof(fc.constant('PO-1'), fc.anything()),
        lines: fc.oneof(fc.array(line, { maxLength: 3 }), fc.anything()),
        shipped_at: fc.oneof(fc.constant('2026-11-25'), fc.anything()),
        parcels: fc.oneof(
          fc.array(fc.record({ carrier: fc.anything(), tracking_number: fc.anything(), lines: fc.array(line, { maxLength: 2 }) })),
          fc.anything(),
        ),
        outcome: fc.anything(),
        at: fc.anything(),
        reason: fc.anything(),
      },
      { requiredKeys: ['type'] },
    );
    await fc.assert(
      fc.asyncProperty(fc.oneof(update, fc.anything()), async (value) => {
        let text: string | undefined;
        try {
          text = JSON.stringify(value);
        } catch {
          return;
        }
        await onlyUnreadable(readSupplierDocument('rest', {}, 'EUR', { name: '', headers: {}, body: bytes(text ?? '') }));
      }),
      { numRuns: 500 },
    );
  });
});
