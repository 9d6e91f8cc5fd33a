import { after, type Instant, earliest, latest } from '#kernel/time';
import { plainTrackingNumber, trackingCandidates } from '#kernel/tracking-number';
import type { Fix, NewException, NewFact } from '#platform/work';
import type { NewlyShipped, NewParcel, ShipmentNotice, ShipmentSaid } from './words.ts';

/** A purchase order as far as shipping must know it: what was wanted, and what is on its way already. */
export interface KnownPurchase {
  id: string;
  number: string;
  supplier_id: string;
  order_id: string;
  created_at: Instant;
  country: string;
  /** Days on the way by country, '*' for the rest; as the supplier's row keeps them. */
  transit_days: unknown;
  lines: readonly KnownLine[];
  shipments: readonly { id: string; reference: string }[];
  parcels: readonly KnownParcel[];
}

export interface KnownLine {
  id: string;
  position: number;
  order_line_id: string;
  supplier_sku: string;
  /** Units ordered less those refused or cancelled: no more than these may be on their way. */
  wanted: number;
}

export interface KnownParcel {
  id: string;
  reference: string;
  number: string;
  scanned: boolean;
  replaced: boolean;
  /** Units by purchase line. */
  units: ReadonlyMap<string, number>;
}

/** Rows to write for a set of ship notices. `units` are what each touched parcel holds afterwards; 0 means no longer. */
export interface ShipmentRows {
  shipments: {
    id: string;
    purchase_id: string;
    order_id: string;
    supplier_id: string;
    reference: string;
    shipped_at: Instant;
    received_at: Instant;
  }[];
  parcels: (NewParcel & { label_at: Instant; expected_at: Instant | null; destination: string })[];
  units: { parcel_id: string; purchase_line_id: string; order_line_id: string; quantity: number }[];
  replaced: { id: string; by: string }[];
  shipped: NewlyShipped[];
  facts: NewFact[];
  raise: NewException[];
}

interface OpenParcel extends Omit<KnownParcel, 'units' | 'replaced'> {
  units: Map<string, number>;
  replaced: boolean;
  touched: Set<string>;
}

interface Book {
  purchase: KnownPurchase;
  parcels: OpenParcel[];
  shipments: Map<string, string>;
  shipped: Map<string, number>;
}

type SaidParcel = ShipmentSaid['parcels'][number];

/**
 * What a set of ship notices changes, in the order given. The same said again changes nothing; a number is one parcel within its
 * purchase order, whatever shipment names it; no line is ever shipped beyond what was wanted.
 */
export function decideShipments(
  purchases: readonly KnownPurchase[],
  notices: readonly ShipmentNotice[],
  newId: () => string,
): ShipmentRows {
  const rows: ShipmentRows = { shipments: [], parcels: [], units: [], replaced: [], shipped: [], facts: [], raise: [] };
  const books = new Map(
    purchases.map((purchase) => [`${purchase.supplier_id}:${plainPurchaseNumber(purchase.number)}`, openBook(purchase)]),
  );
  for (const notice of notices) {
    const book = books.get(`${notice.supplierId}:${plainPurchaseNumber(notice.said.purchase)}`);
    if (book) takeNotice(book, notice, rows, newId);
    else rows.raise.push(nothingLikeIt(notice));
  }
  for (const book of books.values()) closeBook(book, rows);
  return rows;
}

export const plainPurchaseNumber = (text: string): string => text.trim().toUpperCase();

const openBook = (purchase: KnownPurchase): Book => ({
  purchase,
  parcels: purchase.parcels.map((known) => ({ ...known, units: new Map(known.units), touched: new Set() })),
  shipments: new Map(purchase.shipments.map(({ id, reference }) => [reference, id])),
  shipped: new Map(),
});

function closeBook({ purchase, parcels, shipped }: Book, rows: ShipmentRows): void {
  const orderLineOf = new Map(purchase.lines.map(({ id, order_line_id }) => [id, order_line_id]));
  for (const { id, units, touched } of parcels) {
    for (const line of touched) {
      rows.units.push({
        parcel_id: id,
        purchase_line_id: line,
        order_line_id: orderLineOf.get(line) ?? '',
        quantity: units.get(line) ?? 0,
      });
    }
  }
  for (const [line, quantity] of shipped) {
    rows.shipped.push({ purchase_id: purchase.id, line_id: line, order_line_id: orderLineOf.get(line) ?? '', quantity });
  }
}

function takeNotice(book: Book, notice: ShipmentNotice, rows: ShipmentRows, newId: () => string): void {
  const { said } = notice;
  const named = new Set(said.parcels.map(({ number }) => plainTrackingNumber(number)));
  const reference = said.reference.trim() || [...named].sort().join(' ');
  for (const parcel of said.parcels) {
    const number = plainTrackingNumber(parcel.number);
    if (number === '') {
      rows.raise.push(withoutNumber(book.purchase, notice));
      continue;
    }
    const { asked, strange } = linesOf(book, parcel);
    if (strange.length > 0) rows.raise.push(strangeLines(book.purchase, notice, parcel, strange));
    const known = book.parcels.find((ours) => plainTrackingNumber(ours.number) === number);
    if (known?.replaced) continue;
    const target: OpenParcel = known ?? {
      id: newId(),
      reference,
      number,
      scanned: false,
      replaced: false,
      units: new Map(),
      touched: new Set(),
    };
    const { over, donor } = fill(book, target, asked, reference, named);
    if (over > 0) rows.raise.push(tooMany(book.purchase, notice, parcel, over));
    if (!known && target.units.size > 0) addParcel(book, notice, target, parcel, donor, rows, newId);
  }
}

/** Puts the units into the parcel: from what is still to come, else from a parcel of the same shipment that this number corrects. */
function fill(book: Book, target: OpenParcel, asked: ReadonlyMap<string, number>, reference: string, named: ReadonlySet<string>) {
  let over = 0;
  let donor: OpenParcel | null = null;
  for (const [line, quantity] of asked) {
    let open = Math.max(0, quantity - (target.units.get(line) ?? 0));
    const fresh = Math.min(open, roomOf(book, line));
    if (fresh > 0) {
      put(target, line, fresh);
      book.shipped.set(line, (book.shipped.get(line) ?? 0) + fresh);
      open -= fresh;
    }
    for (const other of book.parcels) {
      const held = other.units.get(line) ?? 0;
      // Once scanned it is real, and cannot have been a slip of the pen.
      if (
        open === 0 ||
        held === 0 ||
        other === target ||
        other.scanned ||
        other.reference !== reference ||
        named.has(plainTrackingNumber(other.number))
      )
        continue;
      const moved = Math.min(open, held);
      put(other, line, -moved);
      put(target, line, moved);
      open -= moved;
      if ([...other.units.values()].every((units) => units === 0)) donor = other;
    }
    over += open;
  }
  return { over, donor };
}

function put(parcel: OpenParcel, line: string, units: number): void {
  parcel.units.set(line, (parcel.units.get(line) ?? 0) + units);
  parcel.touched.add(line);
}

function roomOf({ purchase, parcels }: Book, line: string): number {
  const wanted = purchase.lines.find(({ id }) => id === line)?.wanted ?? 0;
  return Math.max(0, wanted - parcels.reduce((sum, { units }) => sum + (units.get(line) ?? 0), 0));
}

function addParcel(
  book: Book,
  notice: ShipmentNotice,
  target: OpenParcel,
  said: SaidParcel,
  donor: OpenParcel | null,
  rows: ShipmentRows,
  newId: () => string,
): void {
  const { purchase } = book;
  const labelAt = latest(purchase.created_at, earliest(notice.said.shippedAt, notice.at));
  let shipment = book.shipments.get(target.reference);
  if (!shipment) {
    shipment = newId();
    book.shipments.set(target.reference, shipment);
    rows.shipments.push({
      id: shipment,
      purchase_id: purchase.id,
      order_id: purchase.order_id,
      supplier_id: purchase.supplier_id,
      reference: target.reference,
      shipped_at: labelAt,
      received_at: notice.at,
    });
  }
  const days = transitDays(purchase);
  const carrier = said.carrier.trim() || trackingCandidates(target.number).find(({ certain }) => certain)?.carrier || 'unknown';
  const number = said.number.trim();
  if (donor) {
    donor.replaced = true;
    rows.replaced.push({ id: donor.id, by: target.id });
  }
  book.parcels.push(target);
  rows.parcels.push({
    id: target.id,
    shipment_id: shipment,
    purchase_id: purchase.id,
    order_id: purchase.order_id,
    supplier_id: purchase.supplier_id,
    carrier,
    number,
    replaces: donor?.id ?? null,
    label_at: labelAt,
    destination: purchase.country,
    expected_at: days === null ? null : after(labelAt, { days }),
  });
  rows.facts.push({
    type: 'parcel.created',
    subject: { kind: 'parcel', id: target.id },
    order: purchase.order_id,
    actor: `supplier:${purchase.supplier_id}`,
    data: { carrier, number, ...(donor ? { replaces: donor.number } : {}) },
  });
}

function transitDays({ transit_days, country }: KnownPurchase): number | null {
  const days = (typeof transit_days === 'object' && transit_days !== null ? transit_days : {}) as Record<string, unknown>;
  const found = days[country] ?? days['*'];
  return typeof found === 'number' && found >= 0 && found <= 120 ? found : null;
}

/** Units by purchase line. A position and an SKU that contradict each other name no line: guessing would ship the wrong one. */
function linesOf(book: Book, parcel: SaidParcel): { asked: Map<string, number>; strange: SaidParcel['lines'][number][] } {
  const { lines } = book.purchase;
  const asked = new Map<string, number>();
  const strange: SaidParcel['lines'][number][] = [];
  if (parcel.lines.length === 0) {
    const held = book.parcels.find(({ number }) => plainTrackingNumber(number) === plainTrackingNumber(parcel.number));
    for (const { id } of lines) if (!held && roomOf(book, id) > 0) asked.set(id, roomOf(book, id));
    return { asked, strange };
  }
  for (const line of parcel.lines) {
    const fits = lines.filter(
      ({ position, supplier_sku }) =>
        (line.position === undefined || line.position === position) &&
        (line.sku === undefined || plainSku(line.sku) === plainSku(supplier_sku)),
    );
    if (fits.length === 0 || (line.position === undefined && line.sku === undefined) || !(line.quantity > 0)) {
      strange.push(line);
      continue;
    }
    let open = line.quantity;
    fits.forEach(({ id, wanted }, place) => {
      // The same SKU on two of our lines: the first takes what it wanted, the last what is left.
      const units = place === fits.length - 1 ? open : Math.min(open, Math.max(0, wanted - (asked.get(id) ?? 0)));
      if (units > 0) asked.set(id, (asked.get(id) ?? 0) + units);
      open -= units;
    });
  }
  return { asked, strange };
}

const plainSku = (sku: string): string => sku.trim().toUpperCase();

const readAgain: Fix = { action: 'read-again', label: 'Read again', effect: 'The ship notice is read once more, as it came.' };
const dismiss: Fix = { action: 'dismiss', label: 'Dismiss', effect: 'Nothing is changed; the ship notice stays on record.' };

function unmatched(
  notice: ShipmentNotice,
  more: { cause: string; title: string; detail: string; order?: string; evidence?: object },
): NewException {
  return {
    kind: 'answer_unmatched',
    subject: { kind: 'arrival', id: notice.arrivalId },
    cause: `${more.cause}:${notice.supplierId}`,
    title: more.title,
    detail: more.detail,
    evidence: { purchase: notice.said.purchase, reference: notice.said.reference, ...more.evidence },
    fixes: [readAgain, dismiss],
    concerns: { supplier: notice.supplierId, ...(more.order ? { order: more.order } : {}) },
  };
}

const nothingLikeIt = (notice: ShipmentNotice): NewException =>
  unmatched(notice, {
    cause: 'unmatched_shipment',
    title: `A ship notice names purchase order "${notice.said.purchase.slice(0, 60)}", which this supplier never got`,
    detail: 'It was not taken for any other order. Ask the supplier for the right number, or dismiss it.',
  });

const withoutNumber = (purchase: KnownPurchase, notice: ShipmentNotice): NewException =>
  unmatched(notice, {
    cause: 'no_tracking_number',
    title: `${purchase.number} is said to be shipped, without a tracking number`,
    detail:
      'A parcel nobody can follow is not counted as shipped. Ask the supplier for the number; what they send then is read like any notice.',
    order: purchase.order_id,
  });

const strangeLines = (purchase: KnownPurchase, notice: ShipmentNotice, parcel: SaidParcel, lines: readonly object[]): NewException =>
  unmatched(notice, {
    cause: 'unknown_line',
    title: `The ship notice for ${purchase.number} names lines that are not on it`,
    detail: 'The other lines of the parcel were taken. Compare the lines with the purchase order.',
    order: purchase.order_id,
    evidence: { number: parcel.number, lines },
  });

const tooMany = (purchase: KnownPurchase, notice: ShipmentNotice, parcel: SaidParcel, over: number): NewException =>
  unmatched(notice, {
    cause: 'over_shipped',
    title: `${over} more ${over === 1 ? 'unit' : 'units'} shipped on ${purchase.number} than were wanted`,
    detail:
      'Only what was wanted counts as shipped. Ask the supplier whether they sent too much, sent what was cancelled, or wrote the wrong quantity.',
    order: purchase.order_id,
    evidence: { carrier: parcel.carrier, number: parcel.number, over },
  });
