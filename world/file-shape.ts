import type { Character } from './characters.ts';
import { isoTime } from './realm.ts';

/** How one partner writes its files: its own column names, signs and words. The program gets the same as the supplier's profile. */
export interface FileShape {
  delimiter: string;
  decimal: '.' | ',';
  dateFormat: 'iso' | 'dd.mm.yyyy';
  folders: { orders: string; answers: string; stock: string };
  columns: {
    order: Record<OrderColumn, string>;
    acknowledgement: Record<AckColumn, string>;
    shipment: Record<ShipColumn, string>;
    cancellation: Record<CancelColumn, string>;
  };
  words: Record<'accepted' | 'short' | 'backordered' | 'rejected', string>;
}

const orderColumns = [
  'po_number',
  'order_ref',
  'line',
  'sku',
  'title',
  'quantity',
  'unit_cost',
  'currency',
  'ship_name',
  'ship_company',
  'ship_line1',
  'ship_line2',
  'ship_city',
  'ship_region',
  'ship_postcode',
  'ship_country',
  'ship_phone',
  'service',
] as const;
export const ackColumns = ['po_number', 'line', 'sku', 'status', 'quantity', 'expected_date', 'reason'] as const;
export const shipColumns = ['po_number', 'shipment', 'carrier', 'tracking_number', 'line', 'sku', 'quantity', 'shipped_at'] as const;
export const cancelColumns = ['po_number', 'outcome', 'reason'] as const;
type OrderColumn = (typeof orderColumns)[number];
type AckColumn = (typeof ackColumns)[number];
type ShipColumn = (typeof shipColumns)[number];
type CancelColumn = (typeof cancelColumns)[number];

const same = <C extends string>(columns: readonly C[]): Record<C, string> => {
  const names = {} as Record<C, string>;
  for (const column of columns) names[column] = column;
  return names;
};

const plain: FileShape = {
  delimiter: ',',
  decimal: '.',
  dateFormat: 'iso',
  folders: { orders: 'orders', answers: 'answers', stock: 'stock' },
  columns: { order: same(orderColumns), acknowledgement: same(ackColumns), shipment: same(shipColumns), cancellation: same(cancelColumns) },
  words: { accepted: 'accepted', short: 'short', backordered: 'backordered', rejected: 'rejected' },
};

const german: FileShape = {
  ...plain,
  delimiter: ';',
  decimal: ',',
  dateFormat: 'dd.mm.yyyy',
  columns: {
    order: {
      po_number: 'Bestellnummer',
      order_ref: 'Referenz',
      line: 'Position',
      sku: 'Artikelnummer',
      title: 'Bezeichnung',
      quantity: 'Menge',
      unit_cost: 'Einzelpreis',
      currency: 'Waehrung',
      ship_name: 'Name',
      ship_company: 'Firma',
      ship_line1: 'Strasse',
      ship_line2: 'Zusatz',
      ship_city: 'Ort',
      ship_region: 'Region',
      ship_postcode: 'PLZ',
      ship_country: 'Land',
      ship_phone: 'Telefon',
      service: 'Versandart',
    },
    acknowledgement: {
      po_number: 'Bestellnummer',
      line: 'Position',
      sku: 'Artikelnummer',
      status: 'Status',
      quantity: 'Menge',
      expected_date: 'Liefertermin',
      reason: 'Grund',
    },
    shipment: {
      po_number: 'Bestellnummer',
      shipment: 'Lieferung',
      carrier: 'Dienstleister',
      tracking_number: 'Sendungsnummer',
      line: 'Position',
      sku: 'Artikelnummer',
      quantity: 'Menge',
      shipped_at: 'Versandt',
    },
    cancellation: { po_number: 'Bestellnummer', outcome: 'outcome', reason: 'Grund' },
  },
  words: { accepted: 'bestaetigt', short: 'teilweise', backordered: 'rueckstand', rejected: 'abgelehnt' },
};

export const shapeOf = (supplier: Pick<Character, 'code'>): FileShape => (supplier.code === 'NORDLICHT' ? german : plain);

export function showDate(shape: FileShape, ms: number): string {
  if (shape.dateFormat === 'iso') return isoTime(ms);
  const [year = '', month = '', day = ''] = isoTime(ms).slice(0, 10).split('-');
  return `${day}.${month}.${year}`;
}
