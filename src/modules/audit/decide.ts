import { createHash } from 'node:crypto';
import { toJson } from '#platform/db';

/** What the hash covers of a fact. */
export interface SealedFact {
  id: string;
  number: bigint;
  type: string;
  subject_kind: string;
  subject_id: string;
  order_id: string | null;
  at: { toString(): string };
  actor: string;
  data: unknown;
}

/** SHA-256 over the hash before and the fact's fields as a JSON array; its keys sorted, as jsonb does not keep their order. */
export function chainHash(before: Uint8Array, fact: SealedFact): Uint8Array {
  const fields = [
    fact.number,
    fact.id,
    fact.type,
    fact.subject_kind,
    fact.subject_id,
    fact.order_id,
    fact.at.toString(),
    fact.actor,
    sorted(fact.data),
  ];
  return createHash('sha256').update(before).update(toJson(fields)).digest();
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, part]) => [key, sorted(part)]),
  );
}
