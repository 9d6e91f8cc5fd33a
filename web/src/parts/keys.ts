import { useEffect, useLayoutEffect, useRef } from 'react';

/** Keys by name: `j`, `shift+x`, `mod+k`, `g o` (one after the other). Letters are lower case. */
export type Keymap = Readonly<Record<string, (event: KeyboardEvent) => void>>;

export interface Pressed {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
}

/** How a press is called in a keymap. Shift is named only with letters and named keys: `?` is `?` on every keyboard. */
export function nameOf({ key, ctrlKey, metaKey, altKey, shiftKey }: Pressed): string {
  const base = key === ' ' ? 'space' : key.toLowerCase();
  const named = base.length > 1 || /[a-z]/.test(base);
  return `${ctrlKey || metaKey ? 'mod+' : ''}${altKey ? 'alt+' : ''}${shiftKey && named ? 'shift+' : ''}${base}`;
}

/** Whoever types in a field means the letter, not the command. */
function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(input|textarea|select)$/i.test(target.tagName));
}

/** A dialog or an open menu owns its keys. */
const isOwned = (): boolean => document.querySelector('[data-owns-keys]') !== null;

const sequenceMs = 1_200;
let before = '';
let beforeAt = 0;
let latest = '';
let latestAt = 0;

function press(event: KeyboardEvent, keymap: Keymap): void {
  if (event.defaultPrevented || event.isComposing) return;
  const name = nameOf(event);
  if (!name.startsWith('mod+') && (isTyping(event.target) || isOwned())) return;
  // A button under the focus is pressed by these itself.
  if ((name === 'enter' || name === 'space') && event.target instanceof HTMLElement && event.target.closest('a, button')) return;
  const goes = before === 'g' && event.timeStamp - beforeAt < sequenceMs;
  // After G a letter says where to go, whatever it means elsewhere.
  const act = goes ? keymap[`g ${name}`] : keymap[name];
  if (!act) return;
  event.preventDefault();
  if (goes) latest = '';
  act(event);
}

let counting = false;
/** Remembers the key before the present one. Once for the whole page, ahead of all keymaps. */
function countKeys(): void {
  if (counting) return;
  counting = true;
  window.addEventListener(
    'keydown',
    (event) => {
      if (event.key === 'Shift') return;
      before = latest;
      beforeAt = latestAt;
      latest = isTyping(event.target) || isOwned() ? '' : nameOf(event);
      latestAt = event.timeStamp;
    },
    { capture: true },
  );
}

/** Listens while the component is there; the newest keymap counts. */
export function useKeys(keymap: Keymap, enabled = true): void {
  const current = useRef(keymap);
  useLayoutEffect(() => {
    current.current = keymap;
  });
  useEffect(() => {
    if (!enabled) return;
    countKeys();
    const listener = (event: KeyboardEvent): void => press(event, current.current);
    document.addEventListener('keydown', listener);
    return () => document.removeEventListener('keydown', listener);
  }, [enabled]);
}

export const modKey = typeof navigator !== 'undefined' && /mac|iphone|ipad/i.test(navigator.userAgent) ? '⌘' : 'Ctrl ';
