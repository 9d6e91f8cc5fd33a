/** What is filtered, as the address holds it: `status=on_hold,no_supplier&supplier=sup_…`. Pure. */
export interface Option {
  value: string;
  label: string;
}
export interface Filter {
  /** Its name in the address and for the API. */
  key: string;
  label: string;
  options: readonly Option[];
  /** Several values, any of which will do. */
  many?: boolean;
}
export interface View {
  label: string;
  /** What the address says in this view; every other filter is unset. */
  search: Readonly<Record<string, string>>;
}
export type Address = Readonly<Record<string, string>>;

export const valuesOf = (address: Address, key: string): string[] => (address[key] ?? '').split(',').filter((value) => value !== '');

/** The filter's text after one option was ticked or unticked. */
export function toggled(address: Address, { key, many }: Filter, value: string): string {
  const values = valuesOf(address, key);
  if (!many) return values[0] === value ? '' : value;
  return (values.includes(value) ? values.filter((one) => one !== value) : [...values, value]).join(',');
}

export interface Chip {
  key: string;
  text: string;
}
/** One chip per filter that is set: `Status: On hold or No supplier`. */
export function chipsOf(address: Address, filters: readonly Filter[]): Chip[] {
  return filters.flatMap(({ key, label, options }) => {
    const values = valuesOf(address, key);
    if (values.length === 0) return [];
    const words = values.map((value) => options.find((option) => option.value === value)?.label ?? value);
    const said = words.length > 3 ? `${words.slice(0, 2).join(', ')} and ${words.length - 2} more` : words.join(' or ');
    return [{ key, text: said === 'Yes' ? label : `${label}: ${said}` }];
  });
}

/** The view that the address is exactly; null when it is none. */
export function viewOf(address: Address, filters: readonly Filter[], views: readonly View[]): View | null {
  const set = filters.filter(({ key }) => valuesOf(address, key).length > 0).map(({ key }) => key);
  return (
    views.find(({ search }) => {
      const keys = Object.keys(search);
      return keys.length === set.length && keys.every((key) => address[key] === search[key]);
    }) ?? null
  );
}

/** What the address has to change for a view: its own filters set, all others unset. */
export const changesFor = (view: View, filters: readonly Filter[]): Record<string, string | undefined> => ({
  ...Object.fromEntries(filters.map(({ key }) => [key, undefined])),
  ...view.search,
});

/** New rows wait before the one that was on top when the reader looked; nothing moves under the pointer. */
export function heldBack<T>(rows: readonly T[], idOf: (row: T) => string, top: string | null): { shown: readonly T[]; fresh: number } {
  const place = top === null ? 0 : rows.findIndex((row) => idOf(row) === top);
  return place <= 0 ? { shown: rows, fresh: 0 } : { shown: rows.slice(place), fresh: place };
}

/** A row that moved between two pages while they were read stands in both; the first counts. */
export function unique<T>(rows: readonly T[], idOf: (row: T) => string): T[] {
  const seen = new Set<string>();
  return rows.filter((row) => !seen.has(idOf(row)) && seen.add(idOf(row)));
}
