import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { after, instant } from '#kernel/time';
import { decideShipments, type KnownParcel, type KnownPurchase, type ShipmentRows } from './decide-shipments.ts';
import type { ShipmentNotice, ShipmentSaid } from './words.ts';

const ordered = instant('2026-11-20T09:00:00Z');
const now = instant('2026-11-23T12:00:00Z');

const purchase = (more: Partial<KnownPurchase> = {}): KnownPurchase => ({
  id: 'po',
  number: 'PO-100001',
  supplier_id: 'kestrel',
  order_id: 'order',
  created_at: ordered,
  country: 'DE',
  transit_days: { DE: 3, '*': 9 },
  lines: [
    { id: 'first', position: 1, order_line_id: 'order-first', supplier_sku: 'A-1', wanted: 3 },
    { id: 'second', position: 2, order_line_id: 'order-second', supplier_sku: 'B-2', wanted: 2 },
  ],
  shipments: [],
  parcels: [],
  ...more,
});

const notice = (parcels: ShipmentSaid['parcels'], more: Partial<ShipmentSaid> = {}, supplierId = 'kestrel'): ShipmentNotice => ({
  supplierId,
  arrivalId: 'arrival',
  at: now,
  said: { what: 'shipment', purchase: 'PO-100001', reference: 'S1', shippedAt: instant('2026-11-23T08:00:00Z'), parcels, ...more },
});

const boxed = (number: string, ...lines: [sku: string, quantity: number][]) => ({
  carrier: 'swiftpost',
  number,
  lines: lines.map(([sku, quantity]) => ({ sku, quantity })),
});

function ids(prefix = 'id'): () => string {
  let count = 0;
  return () => `${prefix}${(count += 1)}`;
}

/** What the database would hold after these rows. */
function written(before: KnownPurchase, rows: ShipmentRows): KnownPurchase {
  const parcels = new Map<string, KnownParcel & { units: Map<string, number> }>(
    before.parcels.map((parcel) => [parcel.id, { ...parcel, units: new Map(parcel.units) }]),
  );
  const references = new Map([...before.shipments, ...rows.shipments].map(({ id, reference }) => [id, reference]));
  for (const { id, number, shipment_id } of rows.parcels) {
    parcels.set(id, { id, number, reference: references.get(shipment_id) ?? '', scanned: false, replaced: false, units: new Map() });
  }
  for (const { parcel_id, purchase_line_id, quantity } of rows.units) {
    const units = parcels.get(parcel_id)?.units;
    if (quantity === 0) units?.delete(purchase_line_id);
    else units?.set(purchase_line_id, quantity);
  }
  const replaced = new Set(rows.replaced.map(({ id }) => id));
  return {
    ...before,
    shipments: [...before.shipments, ...rows.shipments],
    parcels: [...parcels.values()].map((parcel) => ({ ...parcel, replaced: parcel.replaced || replaced.has(parcel.id) })),
  };
}

const inParcels = ({ parcels }: KnownPurchase, line: string): number => parcels.reduce((sum, { units }) => sum + (units.get(line) ?? 0), 0);

describe('a ship notice', () => {
  it('makes a parcel with the units in it, a label time and a date to expect it', () => {
    const rows = decideShipments([purchase()], [notice([boxed('N1', ['A-1', 2])])], ids());
    expect(rows.shipments).toMatchObject([{ reference: 'S1', purchase_id: 'po' }]);
    expect(rows.parcels).toMatchObject([
      {
        carrier: 'swiftpost',
        number: 'N1',
        destination: 'DE',
        label_at: instant('2026-11-23T08:00:00Z'),
        expected_at: instant('2026-11-26T08:00:00Z'),
      },
    ]);
    expect(rows.shipped).toEqual([{ purchase_id: 'po', line_id: 'first', order_line_id: 'order-first', quantity: 2 }]);
    expect(rows.facts).toMatchObject([{ type: 'parcel.created', actor: 'supplier:kestrel', data: { carrier: 'swiftpost', number: 'N1' } }]);
    expect(rows.raise).toEqual([]);
  });

  it('never lets a label be older than its purchase order, or younger than the notice', () => {
    for (const [said, taken] of [
      [instant('2026-01-01T00:00:00Z'), ordered],
      [after(now, { days: 4 }), now],
    ] as const) {
      const [parcel] = decideShipments([purchase()], [notice([boxed('N1', ['A-1', 1])], { shippedAt: said })], ids()).parcels;
      expect(parcel?.label_at).toEqual(taken);
    }
  });

  it('that comes again, under another reference or with its number written in another way, changes nothing', () => {
    const said = notice([boxed('1Z 999', ['A-1', 2])]);
    const once = written(purchase(), decideShipments([purchase()], [said], ids()));
    for (const again of [said, notice([boxed('1z999', ['A-1', 2])]), notice([boxed('1Z 999', ['A-1', 2])], { reference: 'S2' })]) {
      const rows = decideShipments([once], [again], ids('new'));
      expect(rows).toEqual({ shipments: [], parcels: [], units: [], replaced: [], shipped: [], facts: [], raise: [] });
    }
  });

  it('with more than was wanted counts only what was wanted, and tells a person', () => {
    const rows = decideShipments([purchase()], [notice([boxed('N1', ['A-1', 5])])], ids());
    expect(rows.shipped).toMatchObject([{ line_id: 'first', quantity: 3 }]);
    expect(rows.raise).toMatchObject([{ kind: 'answer_unmatched', cause: 'over_shipped:kestrel', evidence: { over: 2 } }]);
  });

  it('of a purchase order that was cancelled ships nothing, and tells a person', () => {
    const none = purchase({ lines: purchase().lines.map((line) => ({ ...line, wanted: 0 })) });
    const rows = decideShipments([none], [notice([boxed('N1', ['A-1', 3])])], ids());
    expect(rows).toMatchObject({ parcels: [], shipped: [], raise: [{ cause: 'over_shipped:kestrel' }] });
  });

  it('is not believed about another supplier’s purchase order', () => {
    const rows = decideShipments([purchase()], [notice([boxed('N1', ['A-1', 1])], {}, 'someone-else')], ids());
    expect(rows).toMatchObject({ parcels: [], raise: [{ kind: 'answer_unmatched', cause: 'unmatched_shipment:someone-else' }] });
  });

  it('takes the lines it knows and shows those it does not', () => {
    const strange = {
      carrier: 'swiftpost',
      number: 'N1',
      lines: [
        { position: 1, sku: 'B-2', quantity: 1 },
        { position: 2, quantity: 1 },
      ],
    };
    const rows = decideShipments([purchase()], [notice([strange])], ids());
    expect(rows.shipped).toMatchObject([{ line_id: 'second', quantity: 1 }]);
    expect(rows.raise).toMatchObject([{ cause: 'unknown_line:kestrel', evidence: { lines: [{ position: 1, sku: 'B-2' }] } }]);
  });

  it('without lines means all that is still to come; without a number it counts for nothing', () => {
    const all = decideShipments([purchase()], [notice([boxed('N1')])], ids());
    expect(all.shipped).toMatchObject([
      { line_id: 'first', quantity: 3 },
      { line_id: 'second', quantity: 2 },
    ]);
    const none = decideShipments([purchase()], [notice([boxed(' - ')])], ids());
    expect(none).toMatchObject({ parcels: [], shipped: [], raise: [{ cause: 'no_tracking_number:kestrel' }] });
  });

  it('with a corrected number makes a new parcel that takes the units over; the old number stays out of it for good', () => {
    const wrong = notice([boxed('N1', ['A-1', 3])]);
    const right = notice([boxed('N2', ['A-1', 3])]);
    const before = written(purchase(), decideShipments([purchase()], [wrong], ids()));
    const rows = decideShipments([before], [right], ids('new'));
    expect(rows).toMatchObject({ parcels: [{ number: 'N2', replaces: 'id1' }], shipped: [], raise: [], replaced: [{ id: 'id1' }] });
    expect(rows.facts).toMatchObject([{ data: { number: 'N2', replaces: 'N1' } }]);
    const corrected = written(before, rows);
    expect(inParcels(corrected, 'first')).toBe(3);
    expect(decideShipments([corrected], [wrong], ids('newest'))).toMatchObject({ parcels: [], units: [], raise: [] });
  });

  it('cannot correct a number that a carrier has scanned: that is one parcel more', () => {
    const before = written(purchase(), decideShipments([purchase()], [notice([boxed('N1', ['A-1', 3])])], ids()));
    const scanned = { ...before, parcels: before.parcels.map((parcel) => ({ ...parcel, scanned: true })) };
    expect(decideShipments([scanned], [notice([boxed('N2', ['A-1', 3])])], ids('new'))).toMatchObject({
      parcels: [],
      replaced: [],
      raise: [{ cause: 'over_shipped:kestrel' }],
    });
  });
});

describe('any ship notices, in any order and however often', () => {
  const parcelSaid = fc.record({
    carrier: fc.constantFrom('swiftpost', 'Northbay'),
    number: fc.constantFrom('N1', 'n 1', 'N2', 'N3', ''),
    lines: fc.array(fc.record({ sku: fc.constantFrom('A-1', 'B-2', 'Z-9'), quantity: fc.integer({ min: 0, max: 5 }) }), { maxLength: 3 }),
  });
  const anyNotice = fc
    .record({ parcels: fc.array(parcelSaid, { maxLength: 3 }), reference: fc.constantFrom('S1', 'S2', '') })
    .map(({ parcels, reference }) => notice(parcels, { reference }));

  it('never ship more than was wanted, count each unit once, and say the same thing only once', () => {
    fc.assert(
      fc.property(fc.array(anyNotice, { maxLength: 6 }), (notices) => {
        const newId = ids();
        let known = purchase();
        const told = new Map<string, number>();
        for (const said of [...notices, ...notices]) {
          const rows = decideShipments([known], [said], newId);
          for (const { line_id, quantity } of rows.shipped) told.set(line_id, (told.get(line_id) ?? 0) + quantity);
          known = written(known, rows);
          const repeated = decideShipments([known], [said], newId);
          expect(repeated).toMatchObject({ shipments: [], parcels: [], units: [], shipped: [] });
        }
        for (const { id, wanted } of known.lines) {
          expect(inParcels(known, id)).toBe(told.get(id) ?? 0);
          expect(inParcels(known, id)).toBeLessThanOrEqual(wanted);
        }
      }),
      { numRuns: 300 },
    );
  });
});
