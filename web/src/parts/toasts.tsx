import { useSyncExternalStore } from 'react';
import { Refused } from '../api/client.ts';
import { Icon } from './Icon.tsx';

interface Toast {
  id: number;
  text: string;
  bad: boolean;
}
let toasts: readonly Toast[] = [];
let last = 0;
const listeners = new Set<() => void>();

function change(next: readonly Toast[]): void {
  toasts = next;
  for (const listener of listeners) listener();
}
const close = (id: number): void => change(toasts.filter((toast) => toast.id !== id));

/** Says in a corner what was done. What went wrong stays twice as long. */
export function say(text: string, { bad = false } = {}): void {
  last += 1;
  const id = last;
  change([...toasts, { id, text, bad }].slice(-3));
  setTimeout(() => close(id), bad ? 12_000 : 6_000);
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
      {shown.map(({ id, text, bad }) => (
        <div key={id} className={bad ? 'toast toast-bad' : 'toast'}>
          <span>{text}</span>
          <button type="button" className="icon-button" aria-label="Close" onClick={() => close(id)}>
            <Icon name="close" />
          </button>
        </div>
      ))}
    </div>
  );
}
