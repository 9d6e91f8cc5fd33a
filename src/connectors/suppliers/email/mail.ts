import { showDecimal } from '#kernel/money';
import { addressLines } from '#kernel/address-lines';
import { purchaseOrderPdf } from '#formats/pdf';
import type { PurchaseOrder, SaidDocument } from '#ports/supplier';
import { cancelBytes, cancelNameOf, fileNameOf, orderBytes, said, type Settled } from '#connectors/suppliers/file';

/** What goes out: subject, words, and the list as PDF for people and as CSV for machines. The same order gives the same bytes. */
export interface Letter {
  subject: string;
  text: string;
  documents: SaidDocument[];
}

export async function orderLetter(order: PurchaseOrder, list: Settled): Promise<Letter> {
  const text = orderText(order);
  const pdf = await purchaseOrderPdf({
    number: order.number,
    createdAt: order.orderedAt,
    version: order.version,
    buyer: { name: order.buyer.name, lines: [order.buyer.email] },
    supplier: { name: order.supplier.name, lines: [order.supplier.email] },
    shipTo: { name: order.shipTo.name, lines: addressLines(order.shipTo) },
    currency: order.currency,
    lines: order.lines.map(({ supplierSku, title, quantity, unitCostMinor }) => ({
      sku: supplierSku,
      title,
      quantity,
      costMinor: unitCostMinor,
    })),
    service: order.service,
    remarks: [`Please ship to the address above without prices, and put ${order.orderNumber} on the packing slip.`],
  });
  return {
    subject: `Purchase order ${order.number}${order.version > 1 ? ` (version ${order.version})` : ''}`,
    text,
    documents: [
      said(fileNameOf(order, 'pdf'), 'application/pdf', pdf),
      said(fileNameOf(order), 'text/csv', orderBytes(order, list)),
      said(fileNameOf(order, 'txt'), 'text/plain', new TextEncoder().encode(text)),
    ],
  };
}

export function cancelLetter(order: PurchaseOrder, reference: string, list: Settled): Letter {
  const { number, buyer, supplier, answerUrl } = order;
  const text = `Hello ${supplier.name},

please cancel everything of our purchase order ${number}${reference ? ` (your ${reference})` : ''} that has not been shipped yet.

Please tell us whether you can: answer this mail with a list of the columns po_number, outcome (accepted or refused) and reason.
${answerUrl ? `\nIf it is on its way already, add its tracking number: ${answerUrl}#tracking\n` : ''}
${buyer.name}
${buyer.email}
`;
  return {
    subject: `Cancel purchase order ${number}`,
    text,
    documents: [
      said(cancelNameOf(order), 'text/csv', cancelBytes(order, list)),
      said(`${cancelNameOf(order)}.txt`, 'text/plain', new TextEncoder().encode(text)),
    ],
  };
}

function orderText(order: PurchaseOrder): string {
  const { number, version, buyer, supplier, lines, answerUrl } = order;
  const cost = (minor: bigint): string => showDecimal({ minor, currency: order.currency });
  const total = lines.reduce((sum, { unitCostMinor, quantity }) => sum + unitCostMinor * BigInt(quantity), 0n);
  return `Hello ${supplier.name},

please ship our purchase order ${number}${version > 1 ? ` (version ${version}; it replaces the versions before)` : ''}. It is attached as PDF and CSV.

${lines.map((line) => `${line.position}. ${line.quantity} x ${line.supplierSku}  ${oneLine(line.title)}  ${cost(line.unitCostMinor)} ${order.currency}`).join('\n')}
Total: ${cost(total)} ${order.currency}

Ship to (${order.service}):
${[order.shipTo.name, ...addressLines(order.shipTo)].map(oneLine).join('\n')}
Reference for the packing slip: ${order.orderNumber}
${answerUrl ? links(answerUrl) : answerInWriting}
${buyer.name}
${buyer.email}
`;
}

const links = (url: string): string => `
Please tell us what becomes of it; no login is needed:

Confirm all: ${url}#confirm
Can't ship some: ${url}#some
Reject the order: ${url}#reject
Add tracking: ${url}#tracking

Or answer this mail with a list attached: po_number, line, sku, status (accepted, short, backordered, rejected), quantity, expected_date, reason.
`;

const answerInWriting = `
Please answer this mail with a list attached: po_number, line, sku, status (accepted, short, backordered, rejected), quantity, expected_date, reason.
`;

const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();
