import type { TSchema, Static } from 'typebox';

/**
 * The far side's door, as a connector sees it. Rate budget, time-out, retry, breaker, tracing, redaction and the four kinds
 * of fault live behind it. A reply is checked against the schema that the caller names; a misfit is a fault with the place and the
 * reason, never a guess: `refused` for a GET, `unknown` for a POST or PUT, which was answered 2xx and so has happened.
 */
export interface Api {
  get<S extends TSchema>(path: string, reply: S, query?: Readonly<Record<string, string>>): Promise<Static<S>>;
  /** A POST that changes nothing, as GraphQL asks its questions: repeated and judged like a GET. */
  ask<S extends TSchema>(path: string, reply: S, body: unknown): Promise<Static<S>>;
  /** `key` goes to the far side as its idempotency header where it has one. Not repeated by itself: the step settles doubt. */
  post<S extends TSchema>(path: string, reply: S, body: unknown, key: string): Promise<Static<S>>;
  put<S extends TSchema>(path: string, reply: S, body: unknown, key: string): Promise<Static<S>>;
}
