import type { PriceRules } from '../../api/types.ts';

/** What is being changed on the screen, as the API takes it, and how people write its numbers. Pure. */

export type Policy = PriceRules['policy'];
export type Rule = Policy['rules'][number];
export type Formula = NonNullable<Rule['formula']>;
export type Ending = NonNullable<Formula['ending']>;
export type Kind = 'formula' | 'fixed' | 'keep';

export const kindOf = (rule: Rule): Kind => (rule.formula ? 'formula' : rule.fixed ? 'fixed' : 'keep');

/** How special a rule is follows from what it names: a SKU before a brand before a category. Without a formula a SKU is locked. */
export function levelOf(rule: Rule): Rule['level'] {
  if (rule.skus?.length) return rule.formula ? 'sku' : 'lock';
  if (rule.brands?.length) return 'brand';
  return rule.categories?.length ? 'category' : 'base';
}

export const levelWords: Record<Rule['level'], string> = {
  base: 'All listings',
  category: 'Category',
  brand: 'Brand',
  sku: 'SKU',
  lock: 'Locked',
};

const levels: readonly Rule['level'][] = ['lock', 'sku', 'brand', 'category', 'base'];

/** From the rule that is asked first to the last, as the program does it. */
export const inOrder = (rules: readonly Rule[]): Rule[] =>
  rules.toSorted(
    (one, other) =>
      levels.indexOf(one.level) - levels.indexOf(other.level) ||
      other.priority - one.priority ||
      (one.at === other.at ? 0 : one.at < other.at ? 1 : -1) ||
      (one.id < other.id ? -1 : 1),
  );

/** A name that no other rule has, from what people call it. */
export function idFor(name: string, taken: ReadonlySet<string>): string {
  const plain =
    name
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-+|-+$/g, '')
      .slice(0, 30) || 'rule';
  if (!taken.has(plain)) return plain;
  let number = 2;
  while (taken.has(`${plain}-${number}`)) number += 1;
  return `${plain}-${number}`;
}

export const newRule = (taken: ReadonlySet<string>, at: string): Rule => ({
  id: idFor('rule', taken),
  name: 'New rule',
  level: 'base',
  priority: 0,
  at,
  on: true,
  formula: { base: 'landed', markupBp: 16_000 },
});

export type RuleChange = { [K in keyof Rule]?: Rule[K] | undefined };

/** With what changed, at the level that follows from it; empty lists and empty texts are left out. */
export function changed(rule: Rule, change: RuleChange): Rule {
  const next = Object.fromEntries(
    Object.entries({ ...rule, ...change }).filter(
      ([, value]) => value !== undefined && value !== '' && !(Array.isArray(value) && value.length === 0),
    ),
  ) as Rule;
  return { ...next, name: next.name ?? '', level: levelOf(next) };
}

export const replaced = (policy: Policy, rule: Rule): Policy => ({
  ...policy,
  rules: policy.rules.some(({ id }) => id === rule.id)
    ? policy.rules.map((one) => (one.id === rule.id ? rule : one))
    : [...policy.rules, rule],
});
export const without = (policy: Policy, id: string): Policy => ({ ...policy, rules: policy.rules.filter((rule) => rule.id !== id) });

/** "1.6" for 16000. */
export const showTimes = (bp: number): string => (bp / 10_000).toFixed(4).replace(/0{1,2}$/, '');
/** "22" for 2200. */
export const showPercent = (bp: number): string => String(bp / 100);
export const showShareOf = (bp: number | null): string => (bp === null ? '—' : `${(bp / 100).toFixed(1).replace('-', '\u2212')}\u00a0%`);

/** Basis points of what was typed; null when it is no number within the bounds. A comma counts as a point. */
export function readScaled(text: string, scale: number, most: number): number | null {
  const match = /^\s*(\d{1,7})(?:[.,](\d{0,4}))?\s*$/.exec(text);
  if (!match) return null;
  const value = Math.round(Number(`${match[1]}.${match[2] || '0'}`) * scale);
  return value <= most ? value : null;
}

const digitsOf = (currency: string): number =>
  new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;

/** "12.50" for 1250 cents, and back; null for what is no amount. */
export const showAmount = (minor: number, currency: string): string => (minor / 10 ** digitsOf(currency)).toFixed(digitsOf(currency));
export function readAmount(text: string, currency: string): number | null {
  const digits = digitsOf(currency);
  const match = /^\s*(\d{1,10})(?:[.,](\d{1,4}))?\s*$/.exec(text);
  if (!match || (match[2] ?? '').length > digits) return null;
  return Number(match[1]) * 10 ** digits + Number((match[2] ?? '').padEnd(digits, '0') || '0');
}

export const endings: readonly { name: string; label: string; ending: Ending | null }[] = [
  { name: 'shop', label: 'as the shop rounds', ending: null },
  { name: '.99', label: '.99', ending: { every: 100, end: 99, to: 'nearest' } },
  { name: '.95', label: '.95', ending: { every: 100, end: 95, to: 'nearest' } },
  { name: '.00', label: '.00', ending: { every: 100, end: 0, to: 'nearest' } },
  { name: '9.99', label: '9.99', ending: { every: 1_000, end: 999, to: 'nearest' } },
  { name: '0.05', label: 'the nearest 0.05', ending: { every: 5, end: 0, to: 'nearest' } },
  { name: 'none', label: 'nothing (as it comes)', ending: { every: 1, end: 0, to: 'nearest' } },
];

export const endingName = (ending: Ending | undefined): string =>
  ending === undefined
    ? 'shop'
    : (endings.find((one) => one.ending?.every === ending.every && one.ending.end === ending.end)?.name ?? 'none');

export const baseWords: Record<Formula['base'], string> = {
  landed: 'landed cost',
  cost: 'cost',
  map: 'advertised floor',
  msrp: 'list price',
};

export const heldWords: Record<string, string> = {
  no_offer: 'no offer',
  no_cost: 'no cost',
  zero_cost: 'cost is zero',
  absurd_cost: 'absurd cost',
  rate_missing: 'no exchange rate',
  rate_stale: 'exchange rate too old',
  currency_changed: 'currency changed',
  cost_jump: 'cost jumped',
  no_base: 'no list or advertised price',
  no_fixed_price: 'no fixed price in this currency',
  price_jump: 'price would jump',
  condition_failed: 'condition cannot be answered',
};

/** What a rule says, in one line. */
export function saidBy(rule: Rule): string {
  const { formula } = rule;
  if (!formula) return rule.fixed ? 'Fixed price' : 'Keeps its price';
  const parts = [`${baseWords[formula.base]} × ${showTimes(formula.markupBp)}`];
  if (formula.discountBp) parts.push(`− ${showPercent(formula.discountBp)} %`);
  if (formula.minMarginBp) parts.push(`at least ${showPercent(formula.minMarginBp)} %`);
  return parts.join(', ');
}

/** The next time that clocks show this hour in a zone, as an instant: the zone's offset is found by asking what it shows then. */
export function nextHour(now: string, hour: number, timeZone: string): string {
  const start = new Date(now);
  for (let ahead = 1; ahead <= 26 * 60; ahead += 1) {
    const then = new Date(Math.floor(start.getTime() / 60_000) * 60_000 + ahead * 60_000);
    const shown = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(then);
    if (shown === `${String(hour).padStart(2, '0')}:00`) return then.toISOString();
  }
  return start.toISOString();
}
