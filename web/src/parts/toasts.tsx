import { useSyncExternalStore } from 'react';
import { Refused } from '../api/client.ts';
import { Icon } from './Icon.tsx';

interface Toast {
  id: number;
  text: string;
  bad: boolean;
  /** Takes back what is said. */
  undo?: (() => void) | undefined;
}
let toasts: readonly Toast[] = [];
let last = 0;
const listeners = new Set<() => void>();

function change(next: readonly Toast[]): void {
  toasts = next;
  for (const listener of listeners) listener();
}
const close = (id: number): void => change(toasts.filter((toast) => toast.id !== id));

/** Says in a corner what was done. What went wrong, or can be taken back, stays longer. */
export function say(text: string, { bad = false, undo }: { bad?: boolean; undo?: () => void } = {}): void {
  last += 1;
  const id = last;
  change([...toasts, { id, text, bad, undo }].slice(-3));
  setTimeout(() => close(id), undo ? 20_000 : bad ? 12_000 : 6_000);
}

/** Effect, reason, fix. */
export const sayFailure = (error: unknown): void =>
  say(error instanceof Refused ? [error.message, error.fix].filter(Boolean).join(' ') : 'That did not work, through a mistake of ours.', {
    bad: true,
  });

export function Toasts() {
  const shown = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => toasts,
  );
  return (
    <div className="toasts" role="status" aria-live="polite">
      {shown.map(({ id, text, bad, undo }) => (
        <div key={id} className={bad ? 'toast toast-bad' : 'toast'}>
          <span>{text}</span>
          {undo ? (
            <button
              type="button"
              className="toast-undo"
              onClick={() => {
                close(id);
                undo();
              }}
            >
              Undo
            </button>
          ) : null}
          <button type="button" className="icon-button" aria-label="Close" onClick={() => close(id)}>
            <Icon name="close" />
          </button>
        </div>
      ))}
    </div>
  );
}
