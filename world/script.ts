/** Something the world does by itself at its time: data only, so that it can be saved. */
export interface Happening {
  at: number;
  /** Breaks ties: what was planned first happens first. */
  order: number;
  kind: string;
  data: Readonly<Record<string, string | number>>;
}

export interface Script {
  plan(at: number, kind: string, data?: Happening['data']): void;
  nextAt(): number | null;
  /** The first happening due by then, taken out. */
  take(until: number): Happening | null;
  readonly size: number;
  saved(): { heap: Happening[]; planned: number };
}

const before = (one: Happening, other: Happening): boolean => (one.at === other.at ? one.order < other.order : one.at < other.at);

/** A heap by time: ten thousand orders plan some hundred thousand happenings. */
export function makeScript(from?: { heap: Happening[]; planned: number }): Script {
  const heap: Happening[] = from ? [...from.heap] : [];
  let planned = from?.planned ?? 0;
  const rise = (start: number, what: Happening): void => {
    let place = start;
    while (place > 0) {
      const up = (place - 1) >> 1;
      const above = heap[up];
      if (above === undefined || !before(what, above)) break;
      heap[place] = above;
      place = up;
    }
    heap[place] = what;
  };
  const sink = (what: Happening): void => {
    let place = 0;
    for (;;) {
      let down = place * 2 + 1;
      let below = heap[down];
      if (below === undefined) break;
      const right = heap[down + 1];
      if (right !== undefined && before(right, below)) {
        down += 1;
        below = right;
      }
      if (!before(below, what)) break;
      heap[place] = below;
      place = down;
    }
    heap[place] = what;
  };
  return {
    plan: (at, kind, data = {}) => {
      planned += 1;
      const what = { at: Math.round(at), order: planned, kind, data };
      heap.push(what);
      rise(heap.length - 1, what);
    },
    nextAt: () => heap[0]?.at ?? null,
    take: (until) => {
      const first = heap[0];
      if (first === undefined || first.at > until) return null;
      const last = heap.pop();
      if (last !== undefined && heap.length > 0) sink(last);
      return first;
    },
    get size() {
      return heap.length;
    },
    saved: () => ({ heap: [...heap], planned }),
  };
}
