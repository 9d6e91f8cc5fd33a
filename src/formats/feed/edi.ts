import { type EdiSegment, readSegments } from '#formats/edi';

/** One line of a stock or price message, by qualifiers: `LIN:VP`, `QTY:33`, `CTP:CON`; what the message says once is on each. */
export interface EdiRecord {
  line: number;
  cells: Map<string, string>;
}

/** Numbers of an article that its seller gives, the surest first; a code for everybody where there is none. */
const sellers = ['LIN:SK', 'LIN:VP', 'LIN:VN', 'LIN:VC', 'PIA:SA', 'LIN:SA', 'LIN:IB', 'LIN:EN', 'LIN:UP', 'LIN:UK', 'LIN:SRV', 'LIN:BP'];
const codes = ['LIN:UK', 'LIN:EN', 'LIN:UP', 'LIN:UI', 'LIN:IB', 'LIN:SRV', 'LIN:EN13'];
/** What can be sold, then what lies there. */
const stocks = ['QTY:33', 'QTY:17', 'QTY:34', 'QTY:QS', 'QTY:145', 'QTY:198'];
/** What the buyer pays, then what is listed. */
const costs = ['CTP:CON', 'CTP:NET', 'CTP:UCP', 'CTP:WHL', 'CTP:WSP', 'CTP:DPR', 'CTP:ACT', 'PRI:AAA', 'PRI:AAB', 'CTP:CAT'];
const titles = ['PID', 'IMD', 'LIN:B7'];
const makers = ['LIN:MF', 'IMD:BRN'];
const makersNumbers = ['LIN:MG', 'LIN:MN', 'PIA:MF'];

/** Columns that a message means without saying so, each by the first of its qualifiers that a line has. */
const derived: readonly (readonly [string, readonly string[]])[] = [
  ['number', sellers],
  ['code', codes],
  ['stock', stocks],
  ['cost', costs],
  ['title', titles],
  ['maker', makers],
  ['makers number', makersNumbers],
];

/** The lines of all 846, 832, INVRPT and PRICAT messages of an interchange, in batches. */
export async function* ediRecords(source: AsyncIterable<string>): AsyncGenerator<EdiRecord[]> {
  let batch: EdiRecord[] = [];
  let currency = '';
  let record: EdiRecord | null = null;
  let wanted = false;
  for await (const segment of readSegments(source)) {
    const { tag } = segment;
    if (tag === 'ST' || tag === 'UNH') [wanted, currency] = [isList(segment), ''];
    const ends = ['LIN', 'CTT', 'SE', 'UNS', 'UNT', 'IEA', 'UNZ', 'ST', 'UNH'].includes(tag);
    if (record && ends) {
      batch.push(completed(record, currency));
      record = null;
    }
    if (!wanted) continue;
    if (tag === 'LIN') record = { line: segment.line, cells: numbersOf(segment) };
    else if (tag === 'CUR' || tag === 'CUX') currency = (tag === 'CUR' ? segment.elements[1]?.[0] : segment.elements[0]?.[1]) ?? currency;
    else if (record) add(record.cells, segment);
    if (batch.length >= 1_000) {
      yield batch;
      batch = [];
    }
  }
  if (record) batch.push(completed(record, currency));
  if (batch.length > 0) yield batch;
}

/** Whether a message tells of stock or prices; others in the same interchange are passed over. */
function isList({ tag, elements }: EdiSegment): boolean {
  const type = tag === 'ST' ? elements[0]?.[0] : elements[1]?.[0];
  return ['846', '832', 'INVRPT', 'PRICAT'].includes(type ?? '');
}

function numbersOf({ elements }: EdiSegment): Map<string, string> {
  const cells = new Map<string, string>();
  // EDIFACT: one code with its kind; X12: pairs of kind and code from the second element on.
  const [code = '', kind = ''] = elements[2] ?? [];
  if ((elements[2]?.length ?? 0) > 1) put(cells, `LIN:${kind}`, code);
  else for (let at = 1; at + 1 < elements.length; at += 2) put(cells, `LIN:${elements[at]?.[0] ?? ''}`, elements[at + 1]?.[0] ?? '');
  return cells;
}

const put = (cells: Map<string, string>, name: string, text: string): void => {
  if (text !== '' && !name.endsWith(':') && !cells.has(name)) cells.set(name, text);
};

function add(cells: Map<string, string>, { tag, elements }: EdiSegment): void {
  const at = (element: number, component = 0): string => elements[element]?.[component] ?? '';
  switch (tag) {
    case 'QTY': {
      const isEdifact = (elements[0]?.length ?? 0) > 1;
      sum(cells, `QTY:${at(0)}`, isEdifact ? at(0, 1) : at(1));
      return;
    }
    case 'CTP':
      return put(cells, `CTP:${at(1)}`, at(2));
    case 'PRI':
      return put(cells, `PRI:${at(0)}`, at(0, 1));
    case 'PID':
      return put(cells, 'PID', at(4) || at(5));
    case 'IMD':
      return put(cells, 'IMD', at(2, 3));
    case 'PIA':
      for (const [code = '', kind = ''] of elements.slice(1)) put(cells, `PIA:${kind}`, code);
      return;
    case 'PO4':
      return put(cells, 'PO4', at(0));
    default:
  }
}

/** The same article may lie in several places, or with several dates. */
function sum(cells: Map<string, string>, name: string, text: string): void {
  const before = cells.get(name);
  const both = before === undefined ? text : String(Number(before) + Number(text));
  if (text !== '') cells.set(name, both === 'NaN' ? text : both);
}

function completed({ line, cells }: EdiRecord, currency: string): EdiRecord {
  for (const [name, qualifiers] of derived) {
    const found = qualifiers.find((qualifier) => cells.has(qualifier));
    if (found) cells.set(name, cells.get(found) ?? '');
  }
  if (currency !== '') cells.set('currency', currency);
  return { line, cells };
}
