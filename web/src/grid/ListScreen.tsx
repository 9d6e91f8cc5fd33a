import { type InfiniteData, type UseInfiniteQueryResult } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { Listed } from '../api/queries.ts';
import { Button } from '../parts/Button.tsx';
import { counted } from '../parts/format.ts';
import { useAddress } from '../parts/search.ts';
import { Empty, Failed, Skeleton } from '../parts/States.tsx';
import { useGo } from '../parts/To.tsx';
import { type Column, DataGrid } from './DataGrid.tsx';
import { FilterBar } from './FilterBar.tsx';
import { chipsOf, type Filter, type View } from './filters.ts';
import { nothing, type Selection } from './selection.ts';
import { useRows } from './useRows.ts';

interface Props<T> {
  title: string;
  noun: string;
  query: UseInfiniteQueryResult<InfiniteData<Listed<T>>>;
  /** What the list asks for, so that another question begins at its own top. */
  asks: string;
  columns: readonly Column<T>[];
  filters: readonly Filter[];
  views: readonly View[];
  placeholder: string;
  nameOf: (row: T) => string;
  hrefOf: (row: T) => string;
  card: (row: T) => ReactNode;
  /** One sentence for who has none yet. */
  first: string;
  panel: (id: string, close: () => void) => ReactNode;
  bulk?: (selected: readonly T[], clear: () => void) => ReactNode;
  tools?: ReactNode;
}

const idOf = ({ id }: { id: string }): string => id;

/** A list with its views, filters, panel and bar for what is selected. What is open stands in the address, so it can be shared. */
export function ListScreen<T extends { id: string }>(props: Props<T>) {
  const { title, noun, query, asks, filters, views, placeholder, bulk, panel } = props;
  const [address, change] = useAddress();
  const open = address['open'] ?? null;
  // A selection belongs to the question it was made under: another question has none.
  const [selected, setSelected] = useState<{ asks: string; selection: Selection }>({ asks, selection: nothing });
  const selection = selected.asks === asks ? selected.selection : nothing;
  const setSelection = (next: Selection): void => setSelected({ asks, selection: next });
  const { rows, fresh, show, more, hasMore } = useRows(query, asks);
  const clear = (): void => setSelection(nothing);
  const close = (): void => change({ open: undefined });
  return (
    <div className="screen">
      <header className="screen-head">
        <h1>{title}</h1>
        <p className="screen-count dim num">{query.data ? `${counted(rows.length, noun)}${hasMore ? ' and more' : ''}` : ''}</p>
        {props.tools}
      </header>
      <FilterBar filters={filters} views={views} placeholder={placeholder} />
      <div className="screen-body">
        <div className="screen-list">
          {fresh > 0 ? (
            <button type="button" className="fresh" onClick={show}>
              {fresh} new: show
            </button>
          ) : null}
          <Body {...props} rows={rows} selection={selection} onSelection={setSelection} open={open} more={more} hasMore={hasMore} />
          {bulk && selection.size > 0 ? (
            <div className="bulk" role="toolbar" aria-label="For the selection">
              {bulk(
                rows.filter(({ id }) => selection.has(id)),
                clear,
              )}
              <Button kind="quiet" hint="Esc" onClick={clear}>
                Clear
              </Button>
            </div>
          ) : null}
        </div>
        {open === null ? null : panel(open, close)}
      </div>
    </div>
  );
}

interface BodyProps<T> extends Props<T> {
  rows: readonly T[];
  selection: Selection;
  onSelection: (selection: Selection) => void;
  open: string | null;
  more: () => void;
  hasMore: boolean;
}

function Body<T extends { id: string }>(props: BodyProps<T>) {
  const { rows, selection, onSelection, open, more, hasMore, query, title, hrefOf, bulk } = props;
  const [, change] = useAddress();
  const go = useGo();
  if (query.error && !query.data)
    return <Failed what={`${title} could not be loaded.`} error={query.error} again={() => void query.refetch()} />;
  if (!query.data) return <Skeleton rows={14} />;
  if (rows.length === 0) return <None {...props} />;
  return (
    <DataGrid
      label={title}
      rows={rows}
      columns={props.columns}
      idOf={idOf}
      nameOf={props.nameOf}
      hrefOf={hrefOf}
      card={props.card}
      open={open}
      onOpen={(id) => change({ open: id ?? undefined })}
      onPage={(id) => {
        const row = rows.find((one) => one.id === id);
        if (row) go(hrefOf(row));
      }}
      hasMore={hasMore}
      onMore={more}
      {...(bulk ? { selection, onSelection } : {})}
    />
  );
}

/** Nothing here: for ever, or because of the filters, which are named. */
function None<T>({ noun, filters, first }: Props<T>) {
  const [address, change] = useAddress();
  const chips = chipsOf(address, filters);
  const q = address['q'] ?? '';
  if (chips.length === 0 && q === '') return <Empty title={`No ${noun} yet`}>{first}</Empty>;
  const said = [...chips.map(({ text }) => text), ...(q === '' ? [] : [`“${q}”`])].join(' · ');
  const all = Object.fromEntries([...chips.map(({ key }) => [key, undefined] as const), ['q', undefined] as const]);
  const last = q === '' ? chips.at(-1)?.key : 'q';
  return (
    <Empty
      title={`No ${noun} fits`}
      action={
        <>
          {chips.length + (q === '' ? 0 : 1) > 1 && last ? <Button onClick={() => change({ [last]: undefined })}>Clear last</Button> : null}
          <Button onClick={() => change(all)}>Clear all</Button>
        </>
      }
    >
      {said}
    </Empty>
  );
}
