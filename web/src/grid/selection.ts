/** What is selected in a list, by id. Pure. */
export type Selection = ReadonlySet<string>;
export const nothing: Selection = new Set();

export function withToggled(selection: Selection, id: string): Selection {
  const next = new Set(selection);
  if (!next.delete(id)) next.add(id);
  return next;
}

/** From the row last chosen to this one, both included. */
export function withRange(selection: Selection, ids: readonly string[], from: string | null, to: string): Selection {
  const end = ids.indexOf(to);
  const start = from === null ? end : ids.indexOf(from);
  if (end < 0) return selection;
  const [low, high] = start < 0 ? [end, end] : [Math.min(start, end), Math.max(start, end)];
  return new Set([...selection, ...ids.slice(low, high + 1)]);
}

/** Where the mark goes: by steps, to an end, or by a page; always within the list. */
export function step(ids: readonly string[], active: string | null, by: number | 'first' | 'last'): string | null {
  if (ids.length === 0) return null;
  if (by === 'first') return ids[0] ?? null;
  if (by === 'last') return ids.at(-1) ?? null;
  const place = active === null ? -1 : ids.indexOf(active);
  if (place < 0) return ids[0] ?? null;
  return ids[Math.max(0, Math.min(ids.length - 1, place + by))] ?? null;
}
