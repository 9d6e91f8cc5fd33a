import { sql } from 'kysely';
import type { Acknowledged, CancelAnswered, LineAnswer, SupplierSaid } from '#ports/supplier';
import {
  type Answered,
  type AnswersTaken,
  type Draft,
  draft,
  type Purchase,
  purchase,
  recordShipped,
  takeAnswers,
} from '#modules/purchasing';
import { desk, id, inTx, order, run } from './purchase-desk.ts';

type Ordered = [sku: string, quantity: number][];
const three: Ordered = [
  ['A-1', 3],
  ['B-2', 2],
];

export const drafted = (supplierId = desk.kestrel, lines = three): Draft => ({
  orderId: order,
  supplierId,
  currency: 'EUR',
  shipTo: { name: 'Ada', line1: 'Kai 5', city: 'Kiel', postcode: '24103', country: 'DE' },
  service: 'standard',
  transport: supplierId === desk.kestrel ? 'rest' : 'email',
  lines: lines.map(([supplierSku, quantity], place) => ({
    orderLineId: id(100 + place),
    allocationId: id(200 + place),
    offerId: id(300 + place),
    supplierSku,
    title: `Thing ${supplierSku}`,
    quantity,
    unitCostMinor: 250n,
  })),
});

/** A purchase order that waits to be sent: three of A-1 and two of B-2, unless said otherwise. */
export async function queued(supplierId = desk.kestrel, lines = three): Promise<{ id: string; number: string }> {
  const [made] = await inTx((tx) => draft(tx, [drafted(supplierId, lines)]));
  if (!made) throw new Error('nothing was drafted');
  return made;
}

/** The same, once the far side was asked, whatever it said. */
export async function sent(supplierId = desk.kestrel, lines = three): Promise<{ id: string; number: string }> {
  const made = await queued(supplierId, lines);
  await run('placePurchase');
  return made;
}

export async function load(purchaseId: string): Promise<Purchase> {
  const [found] = await inTx((tx) => purchase.load(tx, [purchaseId]));
  if (!found) throw new Error('there is none');
  return found;
}

/** Response and units accepted, refused and shipped, by line. */
export const lines = async (purchaseId: string) =>
  (await load(purchaseId)).lines.map(({ response, accepted, refused, shipped }) => [response, accepted, refused, shipped]);

export const documents = (purchaseId: string) =>
  inTx(async (tx) => {
    const { rows } = await sql<{ kind: string; name: string; text: string }>`
      select direction || ' ' || kind as kind, name, convert_from(bytes, 'UTF8') as text
        from purchasing.document
       where tenant_id = ${tx.tenant} and purchase_id = ${purchaseId}
       order by id`.execute(tx.db);
    return rows;
  });

export const changesOf = (purchaseId: string) =>
  inTx(async (tx) => {
    const { rows } = await sql<{ state: string; due: boolean }>`
      select state, due_at is not null as due
        from purchasing.change
       where tenant_id = ${tx.tenant} and purchase_id = ${purchaseId}
       order by created_at, id`.execute(tx.db);
    return rows;
  });

/** Units of a line, by its position, are on their way. */
export async function ship(purchaseId: string, position: number, quantity: number): Promise<void> {
  const line = (await load(purchaseId)).lines.find((one) => one.position === position);
  await inTx((tx) => recordShipped(tx, [{ purchase_id: purchaseId, line_id: line?.id ?? '', quantity }]));
}

let arrivals = 0;
export function answered(said: SupplierSaid, supplierId = desk.kestrel, more: Partial<Answered> = {}): Answered {
  arrivals += 1;
  const document = { name: 'ack.csv', type: 'text/csv', bytes: Buffer.from('po,line') };
  return { supplierId, arrivalId: id(9_000 + arrivals), at: desk.now, said, document, ...more };
}
export const take = (...given: Answered[]): Promise<AnswersTaken> => inTx((tx) => takeAnswers(tx, given));

export const acknowledged = (number: string, said: LineAnswer[], more: Partial<Acknowledged> = {}): Acknowledged => ({
  what: 'acknowledgement',
  purchase: number,
  lines: said,
  ...more,
});
export const accepted = (number: string, more: Partial<Acknowledged> = {}): Acknowledged =>
  acknowledged(number, [], { all: 'accepted', ...more });
export const rejected = (number: string, more: Partial<Acknowledged> = {}): Acknowledged =>
  acknowledged(number, [], { all: 'rejected', ...more });

export const cancelled = (number: string, outcome: CancelAnswered['outcome'], reason = ''): CancelAnswered => ({
  what: 'cancellation',
  purchase: number,
  outcome,
  ...(reason ? { reason } : {}),
});
