import type { Readable } from 'node:stream';
import { type FactsRow, uuidText } from './facts.ts';

/**
 * Rows of facts out of PostgreSQL's binary COPY: after a header of 19 bytes, each row is a count of fields and then, for each, its
 * length (−1: null) and its bytes in network order. The columns are those of `factsColumns`, in that order.
 */
const signature = Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1');
const headerBytes = 19;

export async function readFactsCopy(bytes: Readable, add: (row: FactsRow) => void): Promise<void> {
  let rest: Buffer = Buffer.alloc(0);
  let isBegun = false;
  const words = makeReader();
  for await (const chunk of bytes as AsyncIterable<Buffer>) {
    const buffer = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let at = 0;
    if (!isBegun) {
      if (buffer.length < headerBytes) {
        rest = buffer;
        continue;
      }
      if (!buffer.subarray(0, signature.length).equals(signature)) throw new Error('this is no binary COPY');
      at = headerBytes + buffer.readInt32BE(headerBytes - 4);
      isBegun = true;
    }
    at = readRows(buffer, at, words, add);
    rest = buffer.subarray(at);
  }
}

const fieldCount = 24;

/** As many rows as are whole; returns where the next one begins. */
function readRows(buffer: Buffer, from: number, reader: Reader, add: (row: FactsRow) => void): number {
  let begin = from;
  const starts = new Int32Array(fieldCount);
  const lengths = new Int32Array(fieldCount);
  for (;;) {
    let at = begin;
    if (at + 2 > buffer.length) return begin;
    const fields = buffer.readInt16BE(at);
    // The trailer says −1.
    if (fields === -1) return buffer.length;
    if (fields !== fieldCount) throw new Error(`a row of facts has ${fields} fields, not ${fieldCount}`);
    at += 2;
    for (let field = 0; field < fieldCount; field += 1) {
      if (at + 4 > buffer.length) return begin;
      const length = buffer.readInt32BE(at);
      starts[field] = at + 4;
      lengths[field] = length;
      at += 4 + Math.max(0, length);
    }
    if (at > buffer.length) return begin;
    add(rowOf(buffer, starts, lengths, reader));
    begin = at;
  }
}

interface Reader {
  /** A word that comes again and again is made a string once. */
  word(buffer: Buffer, at: number, length: number): string;
  uuid(buffer: Buffer, at: number): string;
}

function makeReader(): Reader {
  const words = new Map<string, string>();
  const uuids = new Map<string, string>();
  const most = 200_000;
  return {
    word: (buffer, at, length) => {
      if (length <= 0) return '';
      const bytes = buffer.toString('latin1', at, at + length);
      let word = words.get(bytes);
      if (word === undefined) {
        word = buffer.toString('utf8', at, at + length);
        if (words.size < most) words.set(bytes, word);
      }
      return word;
    },
    uuid: (buffer, at) => {
      const bytes = buffer.toString('latin1', at, at + 16);
      let uuid = uuids.get(bytes);
      if (uuid === undefined) {
        uuid = uuidText(buffer.subarray(at, at + 16));
        if (uuids.size < most) uuids.set(bytes, uuid);
      }
      return uuid;
    },
  };
}

function rowOf(buffer: Buffer, starts: Int32Array, lengths: Int32Array, reader: Reader): FactsRow {
  const start = (field: number): number => starts[field] ?? 0;
  const length = (field: number): number => lengths[field] ?? -1;
  const big = (field: number): bigint | null => (length(field) < 0 ? null : buffer.readBigInt64BE(start(field)));
  const int = (field: number): number | null => (length(field) < 0 ? null : buffer.readInt32BE(start(field)));
  const word = (field: number): string | null => (length(field) < 0 ? null : reader.word(buffer, start(field), length(field)));
  return {
    channel_id: reader.uuid(buffer, start(0)),
    sku: buffer.toString('utf8', start(1), start(1) + length(1)),
    brand: word(2) ?? '',
    category: word(3) ?? '',
    tags: word(4) ?? '',
    weight_grams: int(5),
    variant_currency: word(6),
    map_minor: big(7),
    msrp_minor: big(8),
    price_minor: big(9),
    compare_minor: big(10),
    is_published: buffer[start(11)] === 1,
    accepted_cost: big(12),
    accepted_currency: word(13),
    sold: int(14) ?? 0,
    offer_id: length(15) < 0 ? null : buffer.subarray(start(15), start(15) + 16),
    supplier_id: length(16) < 0 ? null : reader.uuid(buffer, start(16)),
    cost_minor: big(17),
    cost_currency: word(18),
    units: int(19),
    stock: int(20),
    offer_map: big(21),
    offer_msrp: big(22),
    is_accepted: buffer[start(23)] === 1,
  };
}
