import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react';

type Kind = 'primary' | 'plain' | 'quiet' | 'danger';
interface Props extends ButtonHTMLAttributes<HTMLButtonElement> {
  kind?: Kind;
  /** The key that does the same, shown beside the words. */
  hint?: string;
  busy?: boolean;
  children: ReactNode;
  ref?: Ref<HTMLButtonElement>;
}

export const Kbd = ({ children }: { children: ReactNode }) => <kbd className="kbd">{children}</kbd>;

export const Button = ({ kind = 'plain', hint, busy = false, children, className = '', ...rest }: Props) => (
  <button type="button" className={`button button-${kind} ${className}`} aria-busy={busy || undefined} disabled={busy} {...rest}>
    {children}
    {hint ? <Kbd>{hint}</Kbd> : null}
  </button>
);
