import type { Instant } from '#kernel/time';
import type { LineAnswer, LineResponse } from '#ports/supplier';
import type { Fulfilment, PurchaseResponse } from './words.ts';

/** What is known of one line of a purchase order. */
export interface LineState {
  quantity: number;
  response: LineResponse | null;
  accepted: number;
  refused: number;
  shipped: number;
  expected_at: Instant | null;
  reason: string;
  answered_at: Instant | null;
}

export interface Folded {
  line: LineState;
  /** Units refused by this answer that were not before. */
  newlyRefused: number;
  /** Units now promised that had been refused: they may be with another supplier by now. */
  takenBack: number;
  changed: boolean;
}

/**
 * What an answer makes of a line. A later answer counts over an earlier one, and at the same instant the one that promises less;
 * what was refused stays refused and what was shipped stays accepted, so that saying the same again changes nothing.
 */
export function foldAnswer(line: LineState, answer: LineAnswer, at: Instant): Folded {
  const same: Folded = { line, newlyRefused: 0, takenBack: 0, changed: false };
  const order = line.answered_at === null ? 1 : Temporal.Instant.compare(at, line.answered_at);
  if (order < 0) return same;
  const wish = promised(answer, line.quantity);
  if (order === 0 && wish.accepted >= line.accepted && wish.refused <= line.refused) return same;
  const refused = Math.min(Math.max(line.refused, wish.refused), line.quantity - line.shipped);
  const accepted = Math.max(Math.min(wish.accepted, line.quantity - refused), line.shipped);
  const next: LineState = {
    ...line, refused, accepted, answered_at: at, expected_at: answer.expectedAt ?? line.expected_at, reason: answer.reason ?? line.reason,
    response: refused > 0 && accepted > 0 ? 'short' : refused >= line.quantity ? 'rejected' : answer.response === 'rejected' && accepted > 0 ? 'accepted' : answer.response,
  };
  const changed = next.refused !== line.refused || next.accepted !== line.accepted || next.response !== line.response || sameInstant(next.expected_at, line.expected_at) === false;
  return { line: next, newlyRefused: refused - line.refused, takenBack: Math.max(0, wish.accepted - (line.quantity - line.refused)), changed };
}

const sameInstant = (one: Instant | null, other: Instant | null): boolean => (one === null || other === null ? one === other : Temporal.Instant.compare(one, other) === 0);

/** Back-ordered, substituted and repriced units are neither promised nor refused: they wait for a date or for a person. */
function promised(answer: LineAnswer, quantity: number): { accepted: number; refused: number } {
  const units = answer.quantity === undefined ? undefined : Math.max(0, Math.min(quantity, answer.quantity));
  switch (answer.response) {
    case 'accepted':
      return { accepted: units ?? quantity, refused: quantity - (units ?? quantity) };
    case 'short':
      return { accepted: units ?? 0, refused: quantity - (units ?? 0) };
    case 'rejected':
      return { accepted: 0, refused: quantity };
    case 'backordered':
    case 'substituted':
    case 'repriced':
      return { accepted: 0, refused: 0 };
  }
}

/** The lines' answers together: the worst that a person should know first. */
export function responseOf(lines: readonly Pick<LineState, 'quantity' | 'response' | 'accepted' | 'refused'>[]): PurchaseResponse {
  if (lines.every(({ quantity, refused }) => refused === quantity)) return 'rejected';
  if (lines.some(({ response }) => response === 'substituted' || response === 'repriced')) return 'changed';
  if (lines.some(({ response }) => response === 'backordered')) return 'backordered';
  if (lines.some(({ refused }) => refused > 0)) return 'short';
  return lines.every(({ quantity, accepted }) => accepted === quantity) ? 'accepted' : 'awaited';
}

export function fulfilmentOf(lines: readonly Pick<LineState, 'quantity' | 'refused' | 'shipped'>[]): Fulfilment {
  const shipped = lines.reduce((sum, line) => sum + line.shipped, 0);
  if (shipped === 0) return 'none';
  return lines.every((line) => line.shipped >= line.quantity - line.refused) ? 'shipped' : 'part_shipped';
}
