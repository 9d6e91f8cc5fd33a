/** Quantities are whole units; a case of twelve is a pack size on the offer, never a fraction here. */
export const mostUnits = 1_000_000;

/** Reads "12"; null when it is not a whole number of units from 0 up to a million. */
export function readUnits(text: string): number | null {
  if (!/^\d{1,7}$/.test(text.trim())) return null;
  const units = Number(text);
  return units <= mostUnits ? units : null;
}
