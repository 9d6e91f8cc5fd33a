/** The text in a field of something that came from outside or from JSON; the other one when it is no text or figure. */
export const textOf = (value: unknown, otherwise = ''): string =>
  typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'bigint' ? String(value) : otherwise;
