import { Fault } from '#kernel/fault';
import { showDecimal } from '#kernel/money';
import { type CsvCell, writeCsv } from '#formats/csv';
import type { PurchaseOrder, PurchaseOrderLine, SaidDocument } from '#ports/supplier';
import type { OrderColumn, Settled } from './profile.ts';

/** "PO-100001.csv"; a later version has a name of its own, as a file of another content may not take the place of the first. */
export const fileNameOf = ({ number, version }: Pick<PurchaseOrder, 'number' | 'version'>, ending = 'csv'): string =>
  `${number.replaceAll(/[^\w.-]/g, '_')}${version > 1 ? `-v${version}` : ''}.${ending}`;

export const cancelNameOf = (order: Pick<PurchaseOrder, 'number' | 'version'>): string => `CANCEL-${fileNameOf({ ...order, version: 1 })}`;

/** The purchase order in the partner's columns, one row per line. The same order gives the same bytes. */
export function orderBytes(order: PurchaseOrder, profile: Settled): Uint8Array {
  return listOf(order, order.lines, profile.order, profile);
}

/** Asks for everything of it that is not shipped yet to be cancelled: the order's number, ours and the shopper's. */
export function cancelBytes(order: PurchaseOrder, profile: Settled): Uint8Array {
  const columns = profile.order.filter(([column]) => column === 'po_number' || column === 'order_ref');
  return listOf(order, order.lines.slice(0, 1), columns, profile);
}

function listOf(order: PurchaseOrder, lines: readonly PurchaseOrderLine[], columns: Settled['order'], profile: Settled): Uint8Array {
  const rows = lines.map((line) => columns.map(([column]) => cell(column, order, line, profile)));
  const text = writeCsv(rows, { header: columns.map(([, name]) => name), delimiter: profile.delimiter, formulaGuard: !profile.raw });
  return encode(text, profile.encoding);
}

function cell(column: OrderColumn, order: PurchaseOrder, line: PurchaseOrderLine, { decimal }: Settled): CsvCell {
  const { shipTo } = order;
  switch (column) {
    case 'po_number':
      return order.number;
    case 'order_ref':
      return order.orderNumber;
    case 'line':
      return line.position;
    case 'sku':
      return line.supplierSku;
    case 'title':
      return line.title;
    case 'quantity':
      return line.quantity;
    case 'unit_cost':
      return showDecimal({ minor: line.unitCostMinor, currency: order.currency }).replace('.', decimal);
    case 'currency':
      return order.currency;
    case 'service':
      return order.service;
    case 'ship_name':
      return shipTo.name;
    case 'ship_company':
      return shipTo.company;
    case 'ship_line1':
      return shipTo.line1;
    case 'ship_line2':
      return shipTo.line2;
    case 'ship_city':
      return shipTo.city;
    case 'ship_region':
      return shipTo.region;
    case 'ship_postcode':
      return shipTo.postcode;
    case 'ship_country':
      return shipTo.country;
    case 'ship_phone':
      return shipTo.phone;
  }
}

/** UTF-8, or one of the encodings of a byte per letter; a letter it has no byte for is a `refused` fault, never a question mark. */
function encode(text: string, encoding: string): Uint8Array {
  const decoder = new TextDecoder(encoding);
  if (decoder.encoding === 'utf-8') return new TextEncoder().encode(text);
  const table = new Map<string, number>();
  if (!/^(utf-16|gb|big5|euc|shift|iso-2022)/.test(decoder.encoding)) {
    for (let byte = 0; byte < 256; byte += 1) table.set(decoder.decode(Uint8Array.of(byte)), byte);
  }
  return Uint8Array.from([...text.normalize('NFC')], (letter) => {
    const byte = table.get(letter);
    if (byte !== undefined) return byte;
    throw new Fault(
      'refused',
      'letter-not-in-encoding',
      `The order has the letter "${letter}", which ${decoder.encoding} cannot write. Agree on UTF-8 with this supplier, or place the order by hand.`,
    );
  });
}

export const said = (name: string, type: string, bytes: Uint8Array): SaidDocument => ({
  name,
  type,
  base64: Buffer.from(bytes).toString('base64'),
});
