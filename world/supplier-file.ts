import { writeCsv } from '#formats/csv';
import type { Character } from './characters.ts';
import { parseCsv } from './csv.ts';
import { minuteMs } from './dice.ts';
import { leave } from './file-drop.ts';
import { ackColumns, cancelColumns, type FileShape, shapeOf, shipColumns, showDate } from './file-shape.ts';
import type { Realm } from './realm.ts';
import type { Job } from './shops.ts';
import { askCancel, deskOf, type Mouth, type Shipped, type Taken, takeOrder } from './supplier-desk.ts';

const everyMs = 15 * minuteMs;

/** Their import runs every quarter of an hour; a file that was put there waits for the next one. */
export function planCollection(realm: Realm, supplier: Character): void {
  const next = (Math.floor(realm.now() / everyMs) + 1) * everyMs;
  realm.script.plan(next, 'file.collect', { supplier: supplier.code });
}

/** The happening `file.collect`: all files that wait are read and moved to the archive. */
export function collectFiles(realm: Realm, supplier: Character): void {
  const desk = deskOf(realm, supplier.code);
  const shape = shapeOf(supplier);
  for (const file of desk.files[shape.folders.orders] ?? []) {
    if (file.archived) continue;
    file.archived = true;
    const rows = parseCsv(Buffer.from(file.bytes, 'base64').toString('utf8'), shape.delimiter);
    realm.say(`supplier ${supplier.code}`, `collects ${file.name} ${rows.length}`);
    const column = (row: Record<string, string>, name: keyof FileShape['columns']['order']): string =>
      row[shape.columns.order[name]] ?? row[name] ?? '';
    if (/^cancel/i.test(file.name)) {
      const number = rows.map((row) => column(row, 'po_number')).find((text) => text !== '') ?? /PO-\d+/.exec(file.name)?.[0];
      if (number !== undefined) askCancel(realm, supplier, number);
      continue;
    }
    for (const taken of ordersIn(rows, column)) takeOrder(realm, supplier, { ...taken, key: file.name });
  }
}

/** Rows of a file, put together by purchase order. */
export function ordersIn(
  rows: Record<string, string>[],
  column: (row: Record<string, string>, name: keyof FileShape['columns']['order']) => string,
): Omit<Taken, 'key'>[] {
  const orders = new Map<string, Omit<Taken, 'key'>>();
  for (const row of rows) {
    const number = column(row, 'po_number');
    if (number === '') continue;
    const order = orders.get(number) ?? {
      number,
      lines: [],
      service: column(row, 'service') || 'standard',
      links: [],
      to: {
        name: column(row, 'ship_name'),
        city: column(row, 'ship_city'),
        postcode: column(row, 'ship_postcode'),
        country: column(row, 'ship_country'),
      },
    };
    order.lines.push({ line: Number(column(row, 'line')), sku: column(row, 'sku'), quantity: Number(column(row, 'quantity')) });
    orders.set(number, order);
  }
  return [...orders.values()];
}

/** The text of an acknowledgement in that partner's shape; an answer by e-mail carries the same. */
export function ackText(shape: FileShape, job: Job): string {
  const rows = job.lines
    .filter((line) => line.response !== 'cancelled')
    .map((line) => [
      job.number,
      String(line.line),
      line.sku,
      line.response === '' || line.response === 'cancelled' ? '' : shape.words[line.response],
      String(line.accepted),
      line.expectedAt === null ? '' : showDate(shape, line.expectedAt),
      line.reason,
    ]);
  return writeCsv(rows, { header: ackColumns.map((name) => shape.columns.acknowledgement[name]), delimiter: shape.delimiter });
}

export function shipText(shape: FileShape, job: Job, shipped: Shipped): string {
  const rows = shipped.parcels.flatMap(({ carrier, number, lines }) =>
    lines.map(({ line, sku, quantity }) => [
      job.number,
      shipped.shipment,
      carrier,
      number,
      String(line),
      sku,
      String(quantity),
      showDate(shape, shipped.at),
    ]),
  );
  return writeCsv(rows, { header: shipColumns.map((name) => shape.columns.shipment[name]), delimiter: shape.delimiter });
}

export const cancelText = (shape: FileShape, number: string, outcome: string, reason: string): string =>
  writeCsv([[number, outcome, reason]], {
    header: cancelColumns.map((name) => shape.columns.cancellation[name]),
    delimiter: shape.delimiter,
  });

export function fileMouth(realm: Realm): Mouth {
  const answer = (supplier: Character, kind: string, number: string, text: string): void => {
    const name = `${kind}-${number}-${realm.count(`answers/${supplier.code}`)}.csv`;
    leave(realm, supplier.code, deskOf(realm, supplier.code).files, shapeOf(supplier).folders.answers, name, text);
  };
  return {
    acknowledge: (supplier, job) => answer(supplier, 'ack', job.number, ackText(shapeOf(supplier), job)),
    ship: (supplier, job, shipped) => answer(supplier, 'ship', job.number, shipText(shapeOf(supplier), job, shipped)),
    cancelled: (supplier, number, outcome, reason) =>
      answer(supplier, 'cancel', number, cancelText(shapeOf(supplier), number, outcome, reason)),
  };
}
