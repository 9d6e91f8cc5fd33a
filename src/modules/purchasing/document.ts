import type { PurchaseOrder } from '#ports/supplier';
import type { Change, Purchase } from './words.ts';

/** The same for every try of the same purchase order and version. */
export const placeKey = ({ id, version }: Pick<Purchase, 'id' | 'version'>): string => `place:${id}:${version}`;
export const cancelKey = ({ id }: Pick<Change, 'id'>): string => `cancel:${id}`;

/** The purchase order as it is said, whatever the transport. Nothing in it comes from now: said again it is the same. */
export function documentOf(purchase: Purchase, buyer: { name: string; email: string }, answerUrl: string): PurchaseOrder {
  return {
    number: purchase.number,
    version: purchase.version,
    orderNumber: purchase.order_number,
    orderedAt: purchase.created_at,
    buyer,
    answerUrl,
    supplier: { name: purchase.supplier.name, email: purchase.supplier.contact_email },
    shipTo: purchase.ship_to,
    service: purchase.service,
    currency: purchase.currency,
    lines: purchase.lines.map((line) => ({
      position: line.position,
      supplierSku: line.supplier_sku,
      title: line.title,
      quantity: line.quantity,
      unitCostMinor: line.unit_cost_minor,
    })),
  };
}
