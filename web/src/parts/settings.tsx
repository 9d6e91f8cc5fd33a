import type { Pair } from './Layout.tsx';

/** Settings of a connection in words. What nobody wrote words for is said by its name, its value as it is kept. */

const names: Readonly<Record<string, string>> = {
  baseUrl: 'Address',
  address: 'Sent to',
  drop: 'Files at',
  folder: 'Folder',
  pollMinutes: 'Asked',
  dedupes: 'Knows repeats',
  feed: 'Feed',
  profile: 'Columns',
};

/** `pollMinutes` → `Poll minutes`. */
export function settingName(key: string): string {
  const words = key
    .replaceAll(/[_-]+/g, ' ')
    .replaceAll(/([a-z])([A-Z])/g, (_, one: string, other: string) => `${one} ${other.toLowerCase()}`);
  return names[key] ?? words.charAt(0).toUpperCase() + words.slice(1);
}

const signs: Readonly<Record<string, string>> = { ',': 'comma', '.': 'point', ';': 'semicolon', '\t': 'tab', '|': 'bar' };
const signOf = (value: unknown): string => (typeof value === 'string' ? (signs[value] ?? value) : '');

const record = (value: unknown): Readonly<Record<string, unknown>> | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Readonly<Record<string, unknown>>) : null;

/** The value as people read it; null where it is shown as it is kept. */
export function settingText(key: string, value: unknown): string | null {
  if (typeof value === 'boolean') return value ? 'Yes' : 'No';
  if (key === 'pollMinutes' && typeof value === 'number') return `every ${value} min`;
  const fields = record(value);
  if (key === 'feed' && fields) {
    const parts = [
      signOf(fields['delimiter']) && `${signOf(fields['delimiter'])} between columns`,
      signOf(fields['decimal']) && `decimal ${signOf(fields['decimal'])}`,
    ];
    return parts.filter(Boolean).join(', ') || null;
  }
  return null;
}

export const settingPairs = (settings: Readonly<Record<string, unknown>>): Pair[] =>
  Object.entries(settings).map(([key, value]) => {
    const said = settingText(key, value);
    if (said !== null) return { name: settingName(key), value: said };
    const fields = record(value);
    if (fields)
      return {
        name: settingName(key),
        value: (
          <details>
            <summary>As the partner writes them</summary>
            <pre className="code">{JSON.stringify(fields, null, 2)}</pre>
          </details>
        ),
      };
    return { name: settingName(key), value: <code>{typeof value === 'string' ? value : JSON.stringify(value)}</code> };
  });
