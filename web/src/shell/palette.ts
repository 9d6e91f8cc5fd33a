/** What the palette offers, and how typing narrows it. */
export interface Item {
  id: string;
  group: string;
  title: string;
  detail?: string;
  kind?: string;
  hint?: string;
  act: () => void;
}

/** How well words answer what was typed: 0 not at all; whole beginnings before beginnings of words before letters in their order. */
export function fits(title: string, typed: string): number {
  const words = title.toLowerCase();
  const wanted = typed.toLowerCase();
  if (wanted === '') return 1;
  if (words.startsWith(wanted)) return 4;
  if (words.split(/\s+/).some((word) => word.startsWith(wanted))) return 3;
  if (words.includes(wanted)) return 2;
  let at = -1;
  for (const letter of wanted) {
    at = words.indexOf(letter, at + 1);
    if (at < 0) return 0;
  }
  return wanted.length < 3 ? 0 : 1;
}

/** What fits, group by group: the group with the best answer first, and in it the best first. */
export function matching(items: readonly Item[], typed: string): Item[] {
  const scored = items.map((item) => ({ item, score: fits(item.title, typed) })).filter(({ score }) => score > 0);
  const groups = [...Map.groupBy(scored, ({ item }) => item.group).values()].map((group) =>
    group.toSorted((one, other) => other.score - one.score),
  );
  return groups.toSorted((one, other) => (other[0]?.score ?? 0) - (one[0]?.score ?? 0)).flatMap((group) => group.map(({ item }) => item));
}

/** Where the mark goes with this key, round the ends; null when the key does not move it. */
export function moved(key: string, place: number, length: number): number | null {
  if (length === 0) return null;
  if (key === 'ArrowDown') return (place + 1) % length;
  if (key === 'ArrowUp') return (place + length - 1) % length;
  if (key === 'Home') return 0;
  if (key === 'End') return length - 1;
  return null;
}
