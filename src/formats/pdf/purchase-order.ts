import { minorDigits, showDecimal } from '#kernel/money';
import type { Instant } from '#kernel/time';
import { latin } from './latin.ts';

/** A name and an address as they are to be printed, line by line. */
export interface Party {
  name: string;
  lines: readonly string[];
}

export interface OrderLine {
  sku: string;
  title: string;
  quantity: number;
  /** Of one unit, in minor units of the order's currency. */
  costMinor: bigint;
}

export interface PurchaseOrderDocument {
  number: string;
  /** When the order was made; also the file's own date. */
  createdAt: Instant;
  /** From 1; a changed order says that it replaces the one before. */
  version: number;
  buyer: Party;
  supplier: Party;
  shipTo: Party;
  currency: string;
  lines: readonly OrderLine[];
  /** What the carrier's service is called, where it was agreed. */
  service?: string;
  shipBy?: string;
  /** What to put into or on the parcel, or to leave out. */
  remarks?: readonly string[];
}

const page = { left: 48, right: 547, top: 48, bottom: 780 } as const;
const columns = {
  sku: { at: 48, width: 110 },
  title: { at: 164, width: 208 },
  quantity: { at: 376, width: 40 },
  cost: { at: 420, width: 58 },
  total: { at: 482, width: 65 },
} as const;
const mostLines = 2_000;
const gray = '#555555';

type Pen = PDFKit.PDFDocument;

/**
 * The order on A4 as PDF bytes. The standard fonts know Western European letters only: others are spelled in Latin ones, and the
 * page says so. Throws RangeError for an order without lines or with more than 2,000.
 */
export async function purchaseOrderPdf(order: PurchaseOrderDocument): Promise<Uint8Array> {
  if (order.lines.length === 0 || order.lines.length > mostLines)
    throw new RangeError(`An order has 1 to ${mostLines} lines, not ${order.lines.length}`);
  const date = new Date(order.createdAt.epochMilliseconds);
  // Loaded when the first one is drawn: it takes 25 MB that many a process never needs.
  const { default: PDFDocument } = await import('pdfkit');
  const pen: Pen = new PDFDocument({
    size: 'A4',
    margins: { top: page.top, bottom: 20, left: page.left, right: page.left },
    bufferPages: true,
    lang: 'en',
    info: { Title: `Purchase order ${order.number}`, Author: order.buyer.name, CreationDate: date, ModDate: date },
  });
  const done = bytesOf(pen);
  const write = writer(pen);
  heading(pen, write, order);
  parties(pen, write, order);
  table(pen, write, order);
  remarks(pen, write, order);
  feet(pen, write, order);
  pen.end();
  return await done;
}

function bytesOf(pen: Pen): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    pen.on('data', (chunk: Buffer) => chunks.push(chunk));
    pen.on('end', () => resolve(new Uint8Array(Buffer.concat(chunks))));
    pen.on('error', reject);
  });
}

interface Writer {
  (
    text: string,
    x: number,
    y: number,
    how?: { width?: number; bold?: boolean; size?: number; color?: string; align?: 'left' | 'right' },
  ): number;
  /** What had to be changed so far. */
  changed: boolean;
  lost: boolean;
}

/** Writes one text and returns the y below it. */
function writer(pen: Pen): Writer {
  const write: Writer = Object.assign(
    (text: string, x: number, y: number, how: Parameters<Writer>[3] = {}): number => {
      const fit = latin(text);
      write.changed ||= fit.changed;
      write.lost ||= fit.lost;
      pen
        .font(how.bold ? 'Helvetica-Bold' : 'Helvetica')
        .fontSize(how.size ?? 9)
        .fillColor(how.color ?? '#000000');
      const width = how.width ?? page.right - x;
      pen.text(fit.text, x, y, { width, align: how.align ?? 'left', lineBreak: true });
      return y + pen.heightOfString(fit.text === '' ? ' ' : fit.text, { width });
    },
    { changed: false, lost: false },
  );
  return write;
}

function heading(pen: Pen, write: Writer, order: PurchaseOrderDocument): void {
  write('Purchase order', page.left, page.top, { bold: true, size: 20, width: 300 });
  write(order.number, 350, page.top + 2, { bold: true, size: 14, width: page.right - 350, align: 'right' });
  const day = order.createdAt.toString({ smallestUnit: 'minute' }).replace('T', ' ').replace('Z', ' UTC');
  write(day, 350, page.top + 22, { color: gray, width: page.right - 350, align: 'right' });
  if (order.version > 1)
    write(`Version ${order.version}. It replaces the versions before.`, page.left, page.top + 26, { bold: true, width: 300 });
  pen
    .moveTo(page.left, page.top + 42)
    .lineTo(page.right, page.top + 42)
    .lineWidth(1)
    .strokeColor('#000000')
    .stroke();
}

function parties(pen: Pen, write: Writer, order: PurchaseOrderDocument): void {
  const top = page.top + 54;
  const blocks: readonly (readonly [string, Party])[] = [
    ['Buyer', order.buyer],
    ['Supplier', order.supplier],
    ['Ship to', order.shipTo],
  ];
  let below = top;
  for (const [place, [label, party]] of blocks.entries()) {
    const x = page.left + place * 170;
    write(label, x, top, { color: gray, size: 8, width: 158 });
    let y = write(party.name, x, top + 12, { bold: true, width: 158 }) + 1;
    for (const line of party.lines.slice(0, 10)) y = write(line, x, y, { width: 158 });
    below = Math.max(below, y);
  }
  pen.y = below + 10;
  const agreed = [
    order.service === undefined ? '' : `Service: ${order.service}`,
    order.shipBy === undefined ? '' : `Ship by: ${order.shipBy}`,
  ].filter((text) => text !== '');
  if (agreed.length > 0) pen.y = write(agreed.join('     '), page.left, pen.y, { bold: true }) + 8;
}

function tableHead(pen: Pen, write: Writer): void {
  const { y } = pen;
  const label = (text: string, column: keyof typeof columns, align: 'left' | 'right' = 'left'): void => {
    write(text, columns[column].at, y, { bold: true, size: 8, color: gray, width: columns[column].width, align });
  };
  label('SKU', 'sku');
  label('Article', 'title');
  label('Quantity', 'quantity', 'right');
  label('Unit cost', 'cost', 'right');
  label('Cost', 'total', 'right');
  pen
    .moveTo(page.left, y + 13)
    .lineTo(page.right, y + 13)
    .lineWidth(0.5)
    .strokeColor(gray)
    .stroke();
  pen.y = y + 18;
}

function table(pen: Pen, write: Writer, order: PurchaseOrderDocument): void {
  const plain = (minor: bigint): string => showDecimal({ minor, currency: order.currency });
  tableHead(pen, write);
  let total = 0n;
  let units = 0;
  for (const line of order.lines) {
    const title = line.title.length > 300 ? `${line.title.slice(0, 299)}…` : line.title;
    makeRoom(pen, write, heightOf(pen, line.sku, title), true);
    const { y } = pen;
    const cost = line.costMinor * BigInt(line.quantity);
    const bottoms = [
      write(line.sku, columns.sku.at, y, { width: columns.sku.width }),
      write(title, columns.title.at, y, { width: columns.title.width }),
      write(String(line.quantity), columns.quantity.at, y, { width: columns.quantity.width, align: 'right' }),
      write(plain(line.costMinor), columns.cost.at, y, { width: columns.cost.width, align: 'right' }),
      write(plain(cost), columns.total.at, y, { width: columns.total.width, align: 'right' }),
    ];
    pen.y = Math.max(...bottoms) + 5;
    total += cost;
    units += line.quantity;
  }
  makeRoom(pen, write, 40, false);
  const { y } = pen;
  pen.moveTo(page.left, y).lineTo(page.right, y).lineWidth(1).strokeColor('#000000').stroke();
  write(
    `${order.lines.length} ${order.lines.length === 1 ? 'line' : 'lines'}, ${units} ${units === 1 ? 'unit' : 'units'}`,
    page.left,
    y + 6,
    { width: 250 },
  );
  write(`Total ${order.currency} ${plain(total)}`, 320, y + 6, { bold: true, size: 11, width: page.right - 320, align: 'right' });
  pen.y = y + 30;
}

function heightOf(pen: Pen, sku: string, title: string): number {
  pen.font('Helvetica').fontSize(9);
  return (
    Math.max(
      pen.heightOfString(latin(sku).text, { width: columns.sku.width }),
      pen.heightOfString(latin(title).text, { width: columns.title.width }),
    ) + 5
  );
}

function makeRoom(pen: Pen, write: Writer, height: number, withHead: boolean): void {
  if (pen.y + height <= page.bottom) return;
  pen.addPage();
  pen.y = page.top;
  if (withHead) tableHead(pen, write);
}

function remarks(pen: Pen, write: Writer, order: PurchaseOrderDocument): void {
  for (const remark of (order.remarks ?? []).slice(0, 20)) {
    makeRoom(pen, write, 30, false);
    pen.y = write(remark.slice(0, 1000), page.left, pen.y) + 4;
  }
}

function feet(pen: Pen, write: Writer, order: PurchaseOrderDocument): void {
  const note = write.lost
    ? 'Letters shown as [?] cannot be printed here, and others were put into Latin ones; the data of this order has the originals.'
    : write.changed
      ? 'Some names were put into Latin letters; the data of this order has the originals.'
      : '';
  const { count } = pen.bufferedPageRange();
  for (let at = 0; at < count; at += 1) {
    pen.switchToPage(at);
    if (note !== '') write(note, page.left, 792, { size: 7, color: gray });
    write(
      `${order.number}${order.version > 1 ? ` version ${order.version}` : ''}, all amounts in ${order.currency} (${minorDigits(order.currency)} decimals)`,
      page.left,
      804,
      { size: 7, color: gray, width: 350 },
    );
    write(`Page ${at + 1} of ${count}`, 420, 804, { size: 7, color: gray, width: page.right - 420, align: 'right' });
  }
}
