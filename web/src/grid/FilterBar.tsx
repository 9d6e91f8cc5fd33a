import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { Button } from '../parts/Button.tsx';
import { Icon } from '../parts/Icon.tsx';
import { useKeys } from '../parts/keys.ts';
import { Menu } from '../parts/Menu.tsx';
import { useAddress } from '../parts/search.ts';
import { changesFor, chipsOf, type Filter, toggled, valuesOf, type View, viewOf } from './filters.ts';

interface Props {
  filters: readonly Filter[];
  views: readonly View[];
  /** What the search looks through; left out where the list has none. */
  placeholder?: string;
}

/** Views, what is filtered as chips, and the search of this list. All of it is in the address. */
export function FilterBar({ filters, views, placeholder }: Props) {
  const [address, change] = useAddress();
  const here = viewOf(address, filters, views);
  const chips = here ? [] : chipsOf(address, filters);
  return (
    <div className="filters">
      <div className="views" role="group" aria-label="Views">
        {views.map((view) => (
          <button
            key={view.label}
            type="button"
            className="view"
            aria-pressed={here === view}
            onClick={() => change({ ...changesFor(view, filters), open: undefined })}
          >
            {view.label}
          </button>
        ))}
      </div>
      <div className="filter-line">
        {placeholder ? <SearchBox placeholder={placeholder} /> : null}
        <AddFilter filters={filters} />
        {chips.map(({ key, text }) => (
          <span key={key} className="chip">
            {text}
            <button type="button" className="chip-close" aria-label={`Clear ${text}`} onClick={() => change({ [key]: undefined })}>
              <Icon name="close" />
            </button>
          </span>
        ))}
        {chips.length > 1 ? (
          <Button kind="quiet" onClick={() => change(Object.fromEntries(chips.map(({ key }) => [key, undefined])))}>
            Clear all
          </Button>
        ) : null}
      </div>
    </div>
  );
}

/** F opens the filters; choosing one shows its values. */
function AddFilter({ filters }: { filters: readonly Filter[] }) {
  const [address, change] = useAddress();
  const [open, setOpen] = useState(false);
  const [chosen, setChosen] = useState<Filter | null>(null);
  useKeys({ f: () => setOpen(true) });
  const filter = filters.find(({ key }) => key === chosen?.key) ?? null;
  const choices = filter
    ? [
        { label: `‹ ${filter.label}`, act: () => setChosen(null) },
        ...filter.options.map(({ value, label }) => ({
          label,
          checked: valuesOf(address, filter.key).includes(value),
          act: () => change({ [filter.key]: toggled(address, filter, value) }),
        })),
      ]
    : filters.map((one) => ({ label: one.label, hint: '›', act: () => setChosen(one) }));
  return (
    <Menu
      label="Filter"
      icon="filter"
      many
      choices={choices}
      open={open}
      onOpenChange={(next) => {
        setOpen(next);
        if (!next) setChosen(null);
      }}
    />
  );
}

const waitMs = 250;

/** Searches while one types; / goes into it, Esc out. */
function SearchBox({ placeholder }: { placeholder: string }) {
  const [address, change] = useAddress();
  const [text, setText] = useState(address['q'] ?? '');
  const input = useRef<HTMLInputElement>(null);
  useKeys({ '/': () => input.current?.focus() });
  const q = address['q'] ?? '';
  useEffect(() => {
    if (document.activeElement !== input.current) setText(q);
  }, [q]);
  useEffect(() => {
    if (text === q) return;
    const timer = setTimeout(() => change({ q: text }), waitMs);
    return () => clearTimeout(timer);
  }, [text, q, change]);
  const press = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' && event.key !== 'Enter') return;
    event.preventDefault();
    input.current?.blur();
  };
  return (
    <span className="search-box">
      <Icon name="search" />
      <input
        ref={input}
        type="search"
        aria-label={placeholder}
        placeholder={placeholder}
        title="Search (/)"
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={press}
      />
    </span>
  );
}
