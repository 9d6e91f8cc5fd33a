import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';

export type Changes = Readonly<Record<string, string | undefined>>;

/** What the address says after these changes; an empty value takes its name away. */
export function withChanges(search: Readonly<Record<string, string>>, changes: Changes): Record<string, string> {
  const next: Record<string, string> = { ...search };
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined || value === '') delete next[name];
    else next[name] = value;
  }
  return next;
}

/** The address as the screen's state: what is filtered, what is open. Replaced, so that Back leaves the screen. */
export function useAddress(): [Readonly<Record<string, string>>, (changes: Changes) => void] {
  const search = useSearch({ strict: false }) as Readonly<Record<string, string>>;
  const navigate = useNavigate();
  const change = useCallback(
    (changes: Changes) =>
      void navigate({
        to: '.',
        replace: true,
        resetScroll: false,
        search: (before) => withChanges(before as Record<string, string>, changes),
      }),
    [navigate],
  );
  return [search, change];
}
