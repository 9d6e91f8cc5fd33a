import { Dialog as Base } from '@base-ui/react/dialog';
import type { ReactNode } from 'react';
import { Icon } from './Icon.tsx';

interface Props {
  open: boolean;
  onClose: () => void;
  title: string;
  children: ReactNode;
  wide?: boolean;
}

/** Modal: it keeps the focus, closes with Esc and gives the focus back. */
export const Dialog = ({ open, onClose, title, children, wide = false }: Props) => (
  <Base.Root open={open} onOpenChange={(next) => (next ? undefined : onClose())}>
    <Base.Portal>
      <Base.Backdrop className="backdrop" />
      <Base.Popup className={wide ? 'dialog dialog-wide' : 'dialog'} data-owns-keys="">
        <header className="dialog-head">
          <Base.Title className="dialog-title">{title}</Base.Title>
          <Base.Close className="icon-button" aria-label="Close">
            <Icon name="close" />
          </Base.Close>
        </header>
        {children}
      </Base.Popup>
    </Base.Portal>
  </Base.Root>
);
