import { type ReactNode, useEffect, useRef } from 'react';
import { Icon } from './Icon.tsx';
import { useKeys } from './keys.ts';

interface Props {
  title: ReactNode;
  label: string;
  /** Left out where it belongs to the screen and stays. */
  onClose?: () => void;
  children: ReactNode;
  /** Links and buttons in its head. */
  tools?: ReactNode;
}

/** Beside the list on a wide screen, over it on a narrow one. Esc closes it; the list keeps the focus, so that J and K walk on. */
export function SidePanel({ title, label, onClose, children, tools }: Props) {
  const body = useRef<HTMLDivElement>(null);
  useKeys({ escape: () => onClose?.() }, onClose !== undefined);
  // A panel that follows the list begins at its top with every row.
  useEffect(() => {
    body.current?.scrollTo(0, 0);
  }, [label]);
  return (
    <aside className="panel" aria-label={label}>
      <header className="panel-head">
        <h2 className="panel-title">{title}</h2>
        {tools}
        {onClose ? (
          <button type="button" className="icon-button" aria-label="Close" title="Close (Esc)" onClick={onClose}>
            <Icon name="close" />
          </button>
        ) : null}
      </header>
      {/* Scrolls, so the keyboard has to reach it. */}
      <div className="panel-body" ref={body} tabIndex={0} role="group" aria-label={label}>
        {children}
      </div>
    </aside>
  );
}
