import type { Instant } from '#kernel/time';
import type { Tx } from '#platform/db';

/** What a row is about, as facts, effects and exceptions name it. */
export interface Subject {
  kind: string;
  id: string;
}

/** A kind of row that lives: it has a state, and an instant when it is due to be looked at. */
export interface Thing<T extends { id: string }, S extends string> {
  /** One word, as in `docs/words.md`; facts begin with it. */
  name: string;
  /** Schema and table. */
  table: string;
  /** The column that holds the state. */
  stateColumn: string;
  states: readonly S[];
  /** Whether the row has a `changed_at`. */
  dated: boolean;
  /** Columns, with their types, that a plan may `set` with the move. */
  columns?: Readonly<Record<string, string>>;
  /** Loads things by id, in one statement. */
  load(tx: Tx, ids: readonly string[]): Promise<T[]>;
  /** The order whose story it belongs to, for the order's timeline. */
  orderOf?(thing: T): string | null;
}

export interface NewFact {
  /** What happened, past tense: `order.routed`. */
  type: string;
  subject: Subject;
  order?: string | null;
  /** Who did it; the runner fills in the step. */
  actor?: string;
  data?: Readonly<Record<string, unknown>>;
}

export interface Fix {
  /** The action's name in the API. */
  action: string;
  label: string;
  /** What pressing it will do, before it is pressed. */
  effect: string;
  input?: Readonly<Record<string, unknown>>;
}

/** Something the program cannot go on with by itself. */
export interface NewException {
  kind: string;
  subject: Subject;
  /** What groups it with others of the same root, such as `rejected:<supplier>`. */
  cause: string;
  /** What was tried and what was found, in a sentence. */
  title: string;
  detail?: string;
  evidence?: Readonly<Record<string, unknown>>;
  /** The first is recommended. */
  fixes?: readonly Fix[];
  money?: { minor: bigint; currency: string };
  /** When a person should have acted. */
  due?: Instant;
  /** Ids of what it concerns: order, supplier, channel. */
  concerns?: Readonly<Record<string, string>>;
}

/** What was decided for one thing. `due` left out means at once; null means that only something else wakes it. */
export interface Plan<To extends string, Made = undefined> {
  to: To;
  due?: Instant | null;
  /** Other columns of the row, written with the move; those left out stay as they are. */
  set?: Readonly<Record<string, unknown>> | object;
  /** Left out: one fact, the thing's name and the new state, when the state changes. */
  facts?: readonly NewFact[];
  /** Goes into the default fact. */
  because?: string;
  raise?: readonly NewException[];
  /** Kinds of exception about this thing that are over by this. */
  resolve?: readonly string[];
  made?: Made;
}

export interface Planned<T, To extends string, Made> {
  thing: T;
  plan: Plan<To, Made>;
}

/** How the machinery tells the domain; wired once, in `app/compose.ts`. */
export interface WorkHooks {
  facts(tx: Tx, facts: readonly (NewFact & { actor: string })[]): Promise<void>;
  raise(tx: Tx, exceptions: readonly NewException[]): Promise<void>;
  resolve(tx: Tx, over: readonly { kind: string; subject: string; how: string; actor: string }[]): Promise<void>;
}

/** What one turn of a step did. */
export interface Turn {
  claimed: number;
  moved: number;
  setAside: number;
}
