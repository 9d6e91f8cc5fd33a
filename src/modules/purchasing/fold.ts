import { type Instant, latest } from '#kernel/time';
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
  /** Units that are promised by one answer and refused by another: they may be with another supplier by now. */
  contradicted: number;
  /** Units that it refuses although they are on their way. */
  refusedTooLate: number;
  /** Whether anything of it is to be written. */
  changed: boolean;
  /** Whether it says something that was not known, so that others should hear of it. */
  news: boolean;
}

/**
 * What an answer makes of a line. Units that were refused by any answer stay refused, as they may have been ordered elsewhere since;
 * for the others the latest answer counts, and of those of the same instant the one that promises less. So the same answers come to
 * the same in whatever order and however often they are read. What is on its way cannot be refused.
 */
export function foldAnswer(line: LineState, answer: LineAnswer, at: Instant): Folded {
  const { quantity, shipped } = line;
  const wish = promised(answer, quantity);
  const order = line.answered_at === null ? 1 : Temporal.Instant.compare(at, line.answered_at);
  const refused = Math.max(line.refused, Math.min(wish.refused, quantity - shipped));
  const wished = { later: wish.accepted, same: Math.min(wish.accepted, line.accepted), earlier: line.accepted };
  const accepted = Math.max(Math.min(pick(order, wished), quantity - refused), shipped);
  const said = pick(order, {
    later: answer.response,
    same: worse(line.response ?? answer.response, answer.response),
    earlier: line.response ?? answer.response,
  });
  const expected = answer.expectedAt ?? null;
  const reason = answer.reason ?? '';
  const next: LineState = {
    ...line,
    refused,
    accepted,
    response: shown(said, { quantity, refused, accepted }),
    expected_at: pick(order, { later: expected, same: latestOf(line.expected_at, expected), earlier: line.expected_at }),
    reason: pick(order, { later: reason, same: reason > line.reason ? reason : line.reason, earlier: line.reason }),
    answered_at: order > 0 ? at : line.answered_at,
  };
  const news =
    line.answered_at === null ||
    refused !== line.refused ||
    accepted !== line.accepted ||
    next.response !== line.response ||
    !sameInstant(next.expected_at, line.expected_at);
  const most = pick(order, { later: wish.accepted, same: Math.max(wish.accepted, line.accepted), earlier: line.accepted });
  return {
    line: next,
    newlyRefused: refused - line.refused,
    news,
    changed: news || order > 0 || next.reason !== line.reason,
    contradicted: news || order > 0 ? Math.max(0, most - (quantity - refused)) : 0,
    refusedTooLate: news || order > 0 ? Math.max(0, wish.refused - (quantity - shipped)) : 0,
  };
}

const pick = <T>(order: number, of: { later: T; same: T; earlier: T }): T => (order > 0 ? of.later : order < 0 ? of.earlier : of.same);
const sameInstant = (one: Instant | null, other: Instant | null): boolean =>
  one === null || other === null ? one === other : Temporal.Instant.compare(one, other) === 0;
const latestOf = (one: Instant | null, other: Instant | null): Instant | null =>
  one === null || other === null ? (one ?? other) : latest(one, other);

/** From what promises most to what leaves most open. */
const byPromise: readonly LineResponse[] = ['accepted', 'short', 'rejected', 'backordered', 'repriced', 'substituted'];
const worse = (one: LineResponse, other: LineResponse): LineResponse => (byPromise.indexOf(one) > byPromise.indexOf(other) ? one : other);
const leavesOpen = (response: LineResponse): boolean => byPromise.indexOf(response) >= byPromise.indexOf('backordered');

/** Where the answer settled every unit, its counts say what it was; where it left some open, its word does. */
function shown(said: LineResponse, { quantity, refused, accepted }: Pick<LineState, 'quantity' | 'refused' | 'accepted'>): LineResponse {
  if (refused >= quantity) return 'rejected';
  if (leavesOpen(said) && (refused === 0 || refused + accepted < quantity)) return said;
  return refused > 0 ? 'short' : 'accepted';
}

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

/** Whether a line that is still wanted has no answer. */
export const awaitsAnswer = (lines: readonly Pick<LineState, 'quantity' | 'response' | 'refused'>[]): boolean =>
  lines.some(({ quantity, response, refused }) => response === null && refused < quantity);

export function fulfilmentOf(lines: readonly Pick<LineState, 'quantity' | 'refused' | 'shipped'>[]): Fulfilment {
  const shipped = lines.reduce((sum, line) => sum + line.shipped, 0);
  if (shipped === 0) return 'none';
  return lines.every((line) => line.shipped >= line.quantity - line.refused) ? 'shipped' : 'part_shipped';
}
