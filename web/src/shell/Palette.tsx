import { useQuery } from '@tanstack/react-query';
import { type KeyboardEvent, useDeferredValue, useEffect, useId, useMemo, useState } from 'react';
import { searchQuery } from '../api/queries.ts';
import { Kbd } from '../parts/Button.tsx';
import { Dialog } from '../parts/Dialog.tsx';
import { setTheme } from '../parts/theme.ts';
import { pageOf, useGo } from '../parts/To.tsx';
import { allPlaces } from './nav.ts';
import { type Item, matching, moved } from './palette.ts';

interface Props {
  open: boolean;
  onClose: () => void;
  onKeys: () => void;
}

/** Go to, find, do. */
export const Palette = ({ open, onClose, onKeys }: Props) => (
  <Dialog open={open} title="Search or do" onClose={onClose} wide>
    {open ? <Inside onClose={onClose} onKeys={onKeys} /> : null}
  </Dialog>
);

function useItems(q: string, onKeys: () => void): Item[] {
  const go = useGo();
  const found = useQuery(searchQuery(q));
  const commands = useMemo<Item[]>(
    () => [
      ...allPlaces.map(({ href, label, key }) => ({
        id: href,
        group: 'Go to',
        title: label,
        hint: `G ${key.toUpperCase()}`,
        act: () => go(href),
      })),
      { id: 'attention', group: 'Go to', title: 'Orders with an open exception', act: () => go('/orders?attention=true') },
      { id: 'held', group: 'Go to', title: 'Orders on hold', act: () => go('/orders?status=on_hold') },
      { id: 'late', group: 'Go to', title: 'Late purchase orders', act: () => go('/purchases?late=true') },
      { id: 'refused', group: 'Go to', title: 'Arrivals that could not be read', act: () => go('/connections?tab=log&state=refused') },
      { id: 'keys', group: 'Do', title: 'Show all keys', hint: '?', act: onKeys },
      { id: 'dark', group: 'Do', title: 'Dark theme', act: () => setTheme('dark') },
      { id: 'light', group: 'Do', title: 'Light theme', act: () => setTheme('light') },
      { id: 'system', group: 'Do', title: 'Theme of the system', act: () => setTheme('system') },
    ],
    [go, onKeys],
  );
  const hits = (q.length >= 2 ? (found.data?.data ?? []) : []).flatMap((hit): Item[] => {
    const href = pageOf(hit.kind, hit.id, hit.order);
    return href === null
      ? []
      : [{ id: `${hit.kind}${hit.id}`, group: 'Found', title: hit.title, detail: hit.detail, kind: hit.kind, act: () => go(href) }];
  });
  return [...hits, ...matching(commands, q)];
}

function Inside({ onClose, onKeys }: Omit<Props, 'open'>) {
  const [q, setQ] = useState('');
  const items = useItems(useDeferredValue(q.trim()), onKeys);
  const [active, setActive] = useState(0);
  const list = useId();
  const place = Math.min(active, Math.max(0, items.length - 1));
  useEffect(() => {
    document.getElementById(`${list}-${place}`)?.scrollIntoView({ block: 'nearest' });
  }, [list, place]);
  const run = (item: Item | undefined): void => {
    if (!item) return;
    onClose();
    item.act();
  };
  const press = (event: KeyboardEvent): void => {
    const next = moved(event.key, place, items.length);
    if (next === null && event.key !== 'Enter') return;
    event.preventDefault();
    if (next === null) run(items[place]);
    else setActive(next);
  };
  return (
    <div className="palette">
      <input
        className="palette-input"
        role="combobox"
        aria-expanded
        aria-controls={list}
        aria-activedescendant={items.length > 0 ? `${list}-${place}` : undefined}
        aria-label="Order, purchase order, tracking number, e-mail, SKU, or a command"
        placeholder="Order, PO, tracking, e-mail, SKU, or a command"
        autoFocus
        autoComplete="off"
        spellCheck={false}
        value={q}
        onChange={(event) => {
          setQ(event.target.value);
          setActive(0);
        }}
        onKeyDown={press}
      />
      <ul className="palette-list" role="listbox" id={list} aria-label="Results">
        {items.map((item, index) => (
          <Row
            key={item.id}
            item={item}
            id={`${list}-${index}`}
            active={index === place}
            heads={items[index - 1]?.group !== item.group}
            onRun={() => run(item)}
          />
        ))}
        {items.length === 0 ? (
          <li className="palette-none" role="option" aria-selected="false" aria-disabled="true">
            Nothing is called “{q}”.
          </li>
        ) : null}
      </ul>
    </div>
  );
}

interface RowProps {
  item: Item;
  id: string;
  active: boolean;
  heads: boolean;
  onRun: () => void;
}
const Row = ({ item, id, active, heads, onRun }: RowProps) => (
  <li role="option" id={id} aria-selected={active} className={heads ? 'palette-item palette-heads' : 'palette-item'} onClick={onRun}>
    {heads ? (
      <span className="palette-group" aria-hidden="true">
        {item.group}
      </span>
    ) : null}
    <span className="palette-line">
      {item.kind ? <span className="palette-kind">{item.kind === 'purchase' ? 'PO' : item.kind}</span> : null}
      <bdi className="palette-title">{item.title}</bdi>
      {item.detail ? <span className="palette-detail">{item.detail}</span> : null}
      {item.hint ? <Kbd>{item.hint}</Kbd> : null}
    </span>
  </li>
);
