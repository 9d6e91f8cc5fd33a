import type { Fault } from '#kernel/fault';
import type { Instant } from '#kernel/time';
import type { Tx } from '#platform/db';
import type { NewException, Plan, Planned, Thing } from './words.ts';

/** Our own tables, one transaction: every due thing in `from` is decided purely, and all results are written as sets. */
export interface InsideStep<
  T extends { id: string } = never,
  From extends string = string,
  To extends string = string,
  Looked = unknown,
  Made = unknown,
> {
  kind: 'inside';
  name: string;
  thing: Thing<T, From | To>;
  from: readonly From[];
  to: readonly To[];
  batch: number;
  look?: ((tx: Tx, things: readonly T[]) => Promise<Looked>) | undefined;
  decide: (thing: T, looked: Looked, now: Instant) => Plan<NoInfer<To>, Made>;
  /** What the next thing of the batch must know of this decision, such as stock that is taken. */
  carry?: ((looked: Looked, thing: T, plan: Plan<To, Made>) => void) | undefined;
  record?: ((tx: Tx, plans: readonly Planned<T, To, Made>[], looked: Looked) => Promise<void>) | undefined;
}

export type Settled<Reply> =
  | { outcome: 'happened'; reply: Reply }
  /** The far side does not know of it. Twice, with time between, and it may be said again. */
  | { outcome: 'absent' }
  /** Saying it again under the same key is harmless. */
  | { outcome: 'repeat' }
  | { outcome: 'ask-a-person'; why: string };

/** How a step finds out what became of something that was said and not answered. There is no default. */
export type Settle<T, Far, Reply> = 'repeat' | ((far: Far, thing: T, key: string) => Promise<Settled<Reply>>);

/** Something said to the outside, between two transactions: the intent before the wire, the reply before the judgement. */
export interface OutsideStep<
  T extends { id: string } = never,
  S extends string = string,
  To extends string = string,
  Far = never,
  Reply = unknown,
  Made = unknown,
> {
  kind: 'outside';
  name: string;
  thing: Thing<T, S>;
  from: readonly S[];
  /** The state while it is on the wire. */
  during: S;
  /** The state while nobody knows. */
  doubt: S;
  to: readonly To[];
  batch: number;
  leaseMs: number;
  attempts: number;
  /** The same for every try: thing, version and purpose. */
  key: (thing: T) => string;
  /** Whose door it is: one broken account is one exception. */
  account: (thing: T) => string;
  ask: (far: Far, thing: T, key: string) => Promise<Reply>;
  settle: Settle<T, Far, Reply>;
  record?: ((tx: Tx, replies: readonly { thing: T; reply: Reply }[]) => Promise<void>) | undefined;
  decide: (thing: T, reply: Reply, now: Instant) => Plan<NoInfer<To>, Made>;
  refused: (thing: T, fault: Fault, now: Instant) => Plan<NoInfer<To>, Made>;
  /** The exception for a person when the settling ends without an answer. */
  doubtful: (thing: T, why: string, now: Instant) => NewException;
  /** The one exception for a connection that cannot work until a setting changes. */
  misconfigured: (thing: T, fault: Fault, now: Instant) => NewException;
}

/** Reading from the outside changes nothing there, so it needs neither a key nor a way to settle doubt: it is done again. */
export interface ReadStep<
  T extends { id: string } = never,
  S extends string = string,
  To extends string = string,
  Far = never,
  Reply = unknown,
  Made = unknown,
> {
  kind: 'read';
  name: string;
  thing: Thing<T, S>;
  from: readonly S[];
  to: readonly To[];
  batch: number;
  leaseMs: number;
  account: (thing: T) => string;
  ask: (far: Far, thing: T) => Promise<Reply>;
  record?: ((tx: Tx, replies: readonly { thing: T; reply: Reply }[]) => Promise<void>) | undefined;
  decide: (thing: T, reply: Reply, now: Instant) => Plan<NoInfer<To>, Made>;
  refused: (thing: T, fault: Fault, now: Instant) => Plan<NoInfer<To>, Made>;
}

// The runner treats every step alike; what varies in their types has been checked where each was written.
/* oxlint-disable no-explicit-any */
export type AnyStep =
  | InsideStep<any, any, any, any, any>
  | OutsideStep<any, any, any, any, any, any>
  | ReadStep<any, any, any, any, any, any>;
/* oxlint-enable no-explicit-any */

type Optional<T, K extends keyof T> = Omit<T, K> & Partial<Pick<T, K>>;

/** Declares an inside step. A `to` that is not listed does not compile. */
export function inside<
  T extends { id: string },
  S extends string,
  const From extends S,
  const To extends S,
  Looked = undefined,
  Made = undefined,
>(
  thing: Thing<T, S>,
  step: Optional<Omit<InsideStep<T, From, To, Looked, Made>, 'kind' | 'thing'>, 'batch'>,
): InsideStep<T, From, To, Looked, Made> {
  return { kind: 'inside', batch: 200, ...step, thing: thing as Thing<T, From | To> };
}

/** Declares an outside step. Without `settle` it does not compile. */
export function outside<T extends { id: string }, S extends string, const To extends S, Far, Reply, Made = undefined>(
  thing: Thing<T, S>,
  step: Optional<Omit<OutsideStep<T, S, To, Far, Reply, Made>, 'kind' | 'thing'>, 'batch' | 'leaseMs' | 'attempts'>,
): OutsideStep<T, S, To, Far, Reply, Made> {
  return { kind: 'outside', batch: 50, leaseMs: 300_000, attempts: 8, ...step, thing };
}

/** Declares a step that only reads from the outside. */
export function reading<T extends { id: string }, S extends string, const To extends S, Far, Reply, Made = undefined>(
  thing: Thing<T, S>,
  step: Optional<Omit<ReadStep<T, S, To, Far, Reply, Made>, 'kind' | 'thing'>, 'batch' | 'leaseMs'>,
): ReadStep<T, S, To, Far, Reply, Made> {
  return { kind: 'read', batch: 50, leaseMs: 120_000, ...step, thing };
}
