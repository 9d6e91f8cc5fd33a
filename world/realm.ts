import { happens } from '#kernel/chance';
import type { Clock } from '#kernel/time';
import type { Catalog } from './catalog.ts';
import { characters, type Character } from './characters.ts';
import { dice } from './dice.ts';
import { inventCatalog } from './catalog.ts';
import { emptyMemory, type Memory } from './memory.ts';
import { type Happening, makeScript, type Script } from './script.ts';
import { emptyShops, emptyStore, type Shops } from './shops.ts';
import { makeTrace, type SavedTrace, type Trace } from './trace.ts';
import { type FaultName, type Rates, ratesOf } from './weather.ts';
import type { Scale, WorldOptions } from './words.ts';

/** Everything that changes: plain data, so that a saved world is one JSON text. Bytes are kept in base 64. */
export interface State extends Shops {
  seed: number;
  scale: Scale;
  rates: Rates;
  faults: Record<string, number>;
  memory: Memory;
  counters: Record<string, number>;
}

/** What every part of the world is handed. */
export interface Realm {
  readonly seed: number;
  readonly state: State;
  readonly memory: Memory;
  readonly catalog: Catalog;
  readonly suppliers: readonly Character[];
  readonly script: Script;
  readonly trace: Trace;
  /** Epoch milliseconds: of the happening that runs, or of the clock that was given. */
  now(): number;
  /** Lets a happening run at its own time. */
  at<T>(ms: number, run: () => T): T;
  supplier(code: string): Character;
  /** Whether this fault comes down on the thing named; counted when it does. */
  goesWrong(fault: FaultName, ...names: (string | number)[]): boolean;
  /** Whether something of the given probability is true of the thing named. */
  is(probability: number, ...names: (string | number)[]): boolean;
  /** The next number of a series, from 1. */
  count(series: string): number;
  /** 0 for the first call under this name in the present millisecond, then 1, 2, …: tells tries apart. */
  nth(name: string): number;
  say(who: string, what: string, bytes?: Uint8Array | string): void;
}

export interface SavedWorld {
  version: 1;
  state: State;
  script: { heap: Happening[]; planned: number };
  trace: SavedTrace;
}

const usualScale: Scale = { orders: 200, products: 240, stores: 3, suppliers: 8, kinds: [] };

export function readSaved(text: string): SavedWorld {
  const saved = JSON.parse(text) as SavedWorld;
  if (saved.version !== 1)
    throw new Error(`a saved world of version ${String(saved.version)} cannot be read; this program reads version 1`);
  return saved;
}

export function makeRealm(options: WorldOptions): Realm {
  const saved = options.saved === undefined ? null : readSaved(options.saved);
  const state = saved ? completed(saved.state) : freshState(options);
  const { seed } = state;
  const suppliers = characters.slice(0, state.scale.suppliers);
  const byCode = new Map(suppliers.map((supplier) => [supplier.code, supplier]));
  const clock: Clock = options.clock;
  let during: number | null = null;
  let tries = { at: -1, seen: new Map<string, number>() };
  const now = (): number => during ?? clock.now().epochMilliseconds;
  const trace = makeTrace(saved?.trace);
  return {
    seed,
    state,
    memory: state.memory,
    suppliers,
    trace,
    now,
    catalog: inventCatalog(seed, state.scale.products, suppliers),
    script: makeScript(saved?.script),
    at: (ms, run) => {
      const outer = during;
      during = ms;
      try {
        return run();
      } finally {
        during = outer;
      }
    },
    supplier: (code) => {
      const found = byCode.get(code);
      if (found === undefined) throw new Error(`there is no supplier ${code} in this world; it has ${[...byCode.keys()].join(', ')}`);
      return found;
    },
    goesWrong: (fault, ...names) => {
      const rate = state.rates[fault];
      if (rate === 0 || !happens(dice(seed, fault, ...names), rate)) return false;
      state.faults[fault] = (state.faults[fault] ?? 0) + 1;
      return true;
    },
    is: (probability, ...names) => probability > 0 && happens(dice(seed, 'is', ...names), probability),
    count: (series) => (state.counters[series] = (state.counters[series] ?? 0) + 1),
    nth: (name) => {
      if (tries.at !== now()) tries = { at: now(), seen: new Map() };
      const before = tries.seen.get(name) ?? 0;
      tries.seen.set(name, before + 1);
      return before;
    },
    say: (who, what, bytes) => trace.say(now(), who, what, bytes),
  };
}

function freshState({ seed, weather = 'fair', scale }: WorldOptions): State {
  const given = { ...usualScale, ...scale };
  const whole: Scale = {
    orders: given.orders,
    products: Math.max(24, given.products),
    stores: Math.min(6, Math.max(1, given.stores)),
    kinds: given.kinds,
    suppliers: Math.min(characters.length, Math.max(1, given.suppliers)),
  };
  return { seed, scale: whole, rates: ratesOf(weather, seed), faults: {}, memory: emptyMemory(), counters: {}, ...emptyShops() };
}

/** A world that was saved before stores had shelves, or other tongues, has them as they were. */
function completed(state: State): State {
  state.scale = { ...usualScale, ...state.scale };
  for (const [code, store] of Object.entries(state.stores)) state.stores[code] = { ...emptyStore(), ...store };
  for (const supplier of Object.values(state.suppliers)) supplier.said ??= {};
  state.rates = { ...ratesOf('still', state.seed), ...state.rates };
  state.memory = { ...emptyMemory(), ...state.memory };
  return state;
}

export const isoTime = (ms: number): string => new Date(ms).toISOString();
