import type { Decision } from '../../api/types.ts';
import { showHours, showMoney } from '../../parts/format.ts';

/** Why a line went where it went, from the decisions as they were kept. Pure. */
export type DecidedLine = Decision['lines'][number];
export type Candidate = DecidedLine['candidates'][number];

/** The newest decision about a line, with the decision it was part of. */
export function decidedFor(decisions: readonly Decision[], line: string): { decision: Decision; decided: DecidedLine } | null {
  for (const decision of decisions.toSorted((one, other) => other.attempt - one.attempt)) {
    const decided = decision.lines.find((one) => one.line === line);
    if (decided) return { decision, decided };
  }
  return null;
}

export const lineWhy = (decisions: readonly Decision[], line: string): string =>
  decidedFor(decisions, line)?.decided.sentence ?? 'Not routed yet.';

/** The gate that stopped a candidate; null when it passed them all. */
export const stoppedBy = ({ gates }: Candidate): Candidate['gates'][number] | null => gates.find(({ passed }) => !passed) ?? null;

const number = (value: unknown): number | null => (typeof value === 'number' ? value : null);
const moneyOf = (minor: unknown, currency: unknown): string =>
  typeof minor === 'string' && typeof currency === 'string' ? showMoney({ minor, currency }) : '—';

export interface Shown {
  cost: string;
  landed: string;
  days: string;
  stock: string;
  age: string;
}
/** The numbers a candidate was judged by, as they were then. */
export function numbersOf({ numbers }: Candidate): Shown {
  const days = number(numbers['days']);
  const stock = number(numbers['stock']);
  const age = number(numbers['age_hours']);
  return {
    cost: moneyOf(numbers['cost_minor'], numbers['currency']),
    landed: moneyOf(numbers['landed_minor'], numbers['currency']),
    days: days === null ? '—' : `${days} d`,
    stock: stock === null ? '—' : String(stock),
    age: age === null ? '—' : showHours(age),
  };
}
