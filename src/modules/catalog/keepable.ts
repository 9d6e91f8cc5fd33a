/** The same, with texts as the database keeps them: without zero characters and halves of characters, which files full of noise have. */
export function keepable<T>(value: T): T {
  if (typeof value === 'string') return value.replaceAll('\0', '').toWellFormed() as T;
  if (Array.isArray(value)) return value.map(keepable) as T;
  if (typeof value !== 'object' || value === null || value instanceof Temporal.Instant) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [keepable(name), keepable(part)])) as T;
}
