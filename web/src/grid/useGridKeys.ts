import { useRef } from 'react';
import { type Keymap, useKeys } from '../parts/keys.ts';
import { nothing, type Selection, step, withRange, withToggled } from './selection.ts';

export interface GridKeys {
  ids: readonly string[];
  active: string | null;
  onActive: (id: string) => void;
  /** What is open beside the list. */
  open: string | null;
  onOpen: (id: string | null) => void;
  onPage: (id: string) => void;
  selection?: Selection;
  onSelection?: (selection: Selection) => void;
  /** Rows in view. */
  page: number;
}

/** The keys of every list. While something is open beside it, it follows the mark. */
export function useGridKeys(grid: GridKeys): void {
  const anchor = useRef<string | null>(null);
  const { ids, active, onActive, open, onOpen, onPage, selection, onSelection, page } = grid;
  const move = (by: number | 'first' | 'last'): void => {
    const next = step(ids, active ?? open, by);
    if (next === null) return;
    onActive(next);
    if (open !== null && next !== open) onOpen(next);
  };
  const selecting: Keymap =
    selection && onSelection
      ? {
          x: () => {
            if (active === null) return;
            anchor.current = active;
            onSelection(withToggled(selection, active));
          },
          'shift+space': () => active !== null && onSelection(withToggled(selection, active)),
          'shift+x': () => active !== null && onSelection(withRange(selection, ids, anchor.current, active)),
          'mod+a': () => onSelection(new Set(ids)),
          ...(selection.size > 0 && open === null ? { escape: () => onSelection(nothing) } : {}),
        }
      : {};
  useKeys({
    j: () => move(1),
    k: () => move(-1),
    arrowdown: () => move(1),
    arrowup: () => move(-1),
    home: () => move('first'),
    end: () => move('last'),
    pagedown: () => move(page),
    pageup: () => move(-page),
    enter: () => {
      if (active === null) return;
      if (open === active) onPage(active);
      else onOpen(active);
    },
    space: () => active !== null && onOpen(open === active ? null : active),
    ...selecting,
  });
}
