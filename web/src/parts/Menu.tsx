import { Menu as Base } from '@base-ui/react/menu';
import type { ReactNode } from 'react';
import { Kbd } from './Button.tsx';
import { Icon, type IconName } from './Icon.tsx';

export interface Choice {
  label: string;
  detail?: string;
  hint?: string;
  checked?: boolean;
  act: () => void;
}
interface Props {
  label: ReactNode;
  icon?: IconName;
  choices: readonly Choice[];
  className?: string;
  /** Stays open while choices are ticked. */
  many?: boolean;
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
}

/** A button with a list of things to do or to tick. */
export function Menu({ label, icon, choices, className = 'button button-plain', many = false, open, onOpenChange }: Props) {
  const control = open === undefined ? {} : { open };
  return (
    <Base.Root {...control} onOpenChange={(next) => onOpenChange?.(next)}>
      <Base.Trigger className={className}>
        {icon ? <Icon name={icon} /> : null}
        {label}
        <Icon name="down" />
      </Base.Trigger>
      <Base.Portal container={document.getElementById('float')}>
        <Base.Positioner className="menu-place" sideOffset={4} align="start">
          <Base.Popup className="menu" data-owns-keys="">
            {choices.map(({ label: name, detail, hint, checked, act }) => (
              <Base.Item key={name} className="menu-item" onClick={act} closeOnClick={!many}>
                <span className="menu-check">{checked ? <Icon name="check" /> : null}</span>
                <span className="menu-words">
                  {name}
                  {detail ? <small>{detail}</small> : null}
                </span>
                {hint ? <Kbd>{hint}</Kbd> : null}
              </Base.Item>
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
