import type { ExceptionGroup, ExceptionRow } from '../../api/types.ts';
import type { Deed } from '../../parts/act.tsx';
import { counted, showStamp } from '../../parts/format.ts';

/** How a cause is acted on: one fix for all that wait because of it. Pure. */
export type Fix = ExceptionGroup['fixes'][number];
/** The API takes this many at once. */
const most = 200;

/** The bodies of one fix to many: those that want the same input go together, as each may name its own lines. */
export function bodiesOf(
  action: string,
  items: readonly ExceptionRow[],
): { action: string; ids: string[]; input: Record<string, unknown> }[] {
  const together = new Map<string, { action: string; ids: string[]; input: Record<string, unknown> }>();
  for (const { id, fixes } of items) {
    const input = fixes.find((fix) => fix.action === action)?.input ?? {};
    const name = JSON.stringify(input);
    const body = together.get(name) ?? { action, ids: [], input };
    body.ids.push(id);
    together.set(name, body);
  }
  return [...together.values()].flatMap((body) =>
    Array.from({ length: Math.ceil(body.ids.length / most) }, (_, part) => ({
      ...body,
      ids: body.ids.slice(part * most, (part + 1) * most),
    })),
  );
}

export function fixDeed({ action, label, effect }: Fix, items: readonly ExceptionRow[], after: () => void): Deed {
  const number = items.length > 1 ? ` (${counted(items.length, 'exception')})` : '';
  return {
    path: '/exceptions/bulk',
    bodies: bodiesOf(action, items),
    label: `${label}${number}`,
    ask: true,
    danger: action.startsWith('cancel'),
    warning: effect,
    after,
  };
}

export interface Nap {
  label: string;
  until: string;
}
const hour = 3_600_000;

/** Until when things may be put off, from now on: always a time at which somebody looks again. */
export function naps(now: string, dueAt: string | null): Nap[] {
  const at = Date.parse(now);
  const iso = (ms: number): string => new Date(ms).toISOString();
  const morning = new Date(at + 24 * hour);
  morning.setHours(8, 0, 0, 0);
  const monday = new Date(at);
  monday.setDate(monday.getDate() + ((8 - monday.getDay()) % 7 || 7));
  monday.setHours(8, 0, 0, 0);
  const due =
    dueAt !== null && Date.parse(dueAt) - hour > at
      ? [{ label: 'Until an hour before it is due', until: iso(Date.parse(dueAt) - hour) }]
      : [];
  const set = [
    { label: 'For 1 hour', until: iso(at + hour) },
    { label: 'For 4 hours', until: iso(at + 4 * hour) },
    ...due,
    { label: 'Until tomorrow morning', until: morning.toISOString() },
    { label: 'Until Monday', until: monday.toISOString() },
  ];
  return set.map(({ label, until }) => ({ label: `${label}, ${showStamp(until, now)}`, until }));
}

export const napDeed = (items: readonly ExceptionRow[], { until }: Nap, after: () => void): Deed => ({
  path: '/exceptions/bulk',
  bodies: [{ action: 'snooze', ids: items.slice(0, most).map(({ id }) => id), input: { until } }],
  label: `Snooze ${counted(items.length, 'exception')}`,
  after,
});

/** Most money at risk first; of equals the one whose clock ends first. Unlike currencies are not compared: the largest sum counts. */
export function bySeverity(groups: readonly ExceptionGroup[]): ExceptionGroup[] {
  const risk = ({ money }: ExceptionGroup): bigint => money.reduce((top, { minor }) => (BigInt(minor) > top ? BigInt(minor) : top), 0n);
  return groups.toSorted((one, other) => {
    const more = risk(other) - risk(one);
    if (more !== 0n) return more > 0n ? 1 : -1;
    return (one.dueAt ?? '9') < (other.dueAt ?? '9') ? -1 : 1;
  });
}
