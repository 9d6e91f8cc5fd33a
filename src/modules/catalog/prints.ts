const slabPrints = 64 * 1024;

/**
 * Fingerprints of lines: 64 bits each, as two numbers of 32, the low one first. In slabs, as one array that grows is in memory twice
 * while it does.
 */
export class Prints {
  #slabs: { words: Uint32Array; whole: BigInt64Array }[] = [];
  length = 0;

  push(high: number, low: number): void {
    const place = this.length % slabPrints;
    if (place === 0) this.#slabs.push(newSlab());
    const words = this.#slabs.at(-1)?.words as Uint32Array;
    words[2 * place] = low;
    words[2 * place + 1] = high;
    this.length += 1;
  }

  at(place: number): bigint {
    return this.#slabs[Math.floor(place / slabPrints)]?.whole[place % slabPrints] ?? 0n;
  }

  /** The sums of the halves. */
  sums(): { high: bigint; low: bigint } {
    let high = 0n;
    let low = 0n;
    for (const slab of this.parts()) {
      // Numbers hold the sums of one slab exactly, of many they might not.
      let ofHigh = 0;
      let ofLow = 0;
      for (let at = 0; at < slab.length; at += 2) {
        ofLow += slab[at] as number;
        ofHigh += slab[at + 1] as number;
      }
      high += BigInt(ofHigh);
      low += BigInt(ofLow);
    }
    return { high, low };
  }

  /** Leaves those whose place is to stay, in their order and without a second copy of them. */
  keepOnly(stays: (place: number) => boolean): void {
    let kept = 0;
    for (let place = 0; place < this.length; place += 1) {
      if (!stays(place)) continue;
      if (kept < place) {
        const to = this.#slabs[Math.floor(kept / slabPrints)]?.whole as BigInt64Array;
        to[kept % slabPrints] = this.at(place);
      }
      kept += 1;
    }
    this.length = kept;
    this.#slabs.length = Math.ceil(kept / slabPrints);
  }

  /** All of them, slab by slab. */
  *parts(): Generator<Uint32Array> {
    for (const [at, { words }] of this.#slabs.entries()) yield words.subarray(0, 2 * Math.min(slabPrints, this.length - at * slabPrints));
  }
}

function newSlab(): { words: Uint32Array; whole: BigInt64Array } {
  const words = new Uint32Array(2 * slabPrints);
  return { words, whole: new BigInt64Array(words.buffer) };
}

/** One bit for each line, counted from 0. */
export class LineMarks {
  #bits = new Uint8Array(8 * 1024);
  /** The marked line that was asked for last, and the how many-th it is. */
  #line = -1;
  #nth = -1;

  set(line: number): void {
    const at = line >> 3;
    if (at >= this.#bits.length) {
      const larger = new Uint8Array(Math.max(2 * this.#bits.length, at + 1));
      larger.set(this.#bits);
      this.#bits = larger;
    }
    this.#bits[at] = (this.#bits[at] as number) | (1 << (line & 7));
  }

  clear(line: number): void {
    if (this.has(line)) this.#bits[line >> 3] = (this.#bits[line >> 3] as number) & ~(1 << (line & 7));
  }

  has(line: number): boolean {
    return ((this.#bits[line >> 3] ?? 0) & (1 << (line & 7))) !== 0;
  }

  /** The n-th marked line, from 0; −1 when there are not so many. Quick when asked for nearly in order, and for marks that stay. */
  nth(wanted: number): number {
    if (wanted < 0) return -1;
    while (this.#nth > wanted) {
      this.#nth -= 1;
      do this.#line -= 1;
      while (this.#line >= 0 && !this.has(this.#line));
    }
    const end = 8 * this.#bits.length;
    while (this.#nth < wanted) {
      let line = this.#line + 1;
      while (line < end && !this.has(line)) line += 1;
      if (line >= end) return -1;
      this.#line = line;
      this.#nth += 1;
    }
    return this.#line;
  }
}
