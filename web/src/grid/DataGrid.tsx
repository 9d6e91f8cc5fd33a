import {
  columnVisibilityFeature,
  createColumnHelper,
  FlexRender,
  rowSelectionFeature,
  tableFeatures,
  useTable,
} from '@tanstack/react-table';
import { useVirtualizer, type Virtualizer } from '@tanstack/react-virtual';
import { type MouseEvent, type ReactNode, useEffect, useId, useMemo, useRef, useState } from 'react';
import { useMedia, useNarrow } from '../parts/media.ts';
import { Cards } from './Cards.tsx';
import { nothing, type Selection, withRange, withToggled } from './selection.ts';
import { useGridKeys } from './useGridKeys.ts';

export interface Column<T> {
  id: string;
  header: string;
  /** A track of the grid: `120px`, `minmax(160px, 1fr)`. */
  width: string;
  end?: boolean;
  /** Left out where there is little room: below 1040 or 1440 px, and beside an open panel. */
  from?: 'medium' | 'wide';
  cell: (row: T) => ReactNode;
}

interface Props<T> {
  label: string;
  rows: readonly T[];
  columns: readonly Column<T>[];
  idOf: (row: T) => string;
  nameOf: (row: T) => string;
  hrefOf: (row: T) => string;
  card: (row: T) => ReactNode;
  open: string | null;
  onOpen: (id: string | null) => void;
  onPage: (id: string) => void;
  selection?: Selection;
  onSelection?: (selection: Selection) => void;
  hasMore: boolean;
  onMore: () => void;
}

const rowHeight = 36;
const features = tableFeatures({ columnVisibilityFeature, rowSelectionFeature });

/** One list engine: virtual rows, the keyboard, a grid's roles; cards on a phone. The grid keeps the focus, its active row is named. */
export function DataGrid<T extends object>(props: Props<T>) {
  const { rows, idOf, open, onOpen, onPage, selection, onSelection, hasMore, onMore } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const narrow = useNarrow();
  const ids = useMemo(() => rows.map(idOf), [rows, idOf]);
  const [active, setActive] = useState<string | null>(open);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => (narrow ? 76 : rowHeight),
    overscan: 12,
    getItemKey: (index) => ids[index] ?? index,
  });
  const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 720) / rowHeight) - 2);
  const mark = (id: string): void => {
    setActive(id);
    virtual.scrollToIndex(ids.indexOf(id));
    // The focus goes where the mark is, so that it is seen, and read out to who cannot see it.
    scroller.current?.focus({ preventScroll: true });
  };
  useGridKeys({ ids, active, onActive: mark, open, onOpen, onPage, page, ...(selection && onSelection ? { selection, onSelection } : {}) });
  const last = virtual.getVirtualItems().at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && last >= rows.length - 20) onMore();
  }, [hasMore, last, rows.length, onMore]);
  useEffect(() => {
    virtual.measure();
  }, [narrow, virtual]);
  if (narrow)
    return <Cards scroller={scroller} virtual={virtual} label={props.label} rows={rows} hrefOf={props.hrefOf} card={props.card} />;
  return <Wide {...props} ids={ids} active={active} onActive={setActive} scroller={scroller} virtual={virtual} />;
}

interface WideProps<T> extends Props<T> {
  ids: readonly string[];
  active: string | null;
  onActive: (id: string) => void;
  scroller: React.RefObject<HTMLDivElement | null>;
  virtual: Virtualizer<HTMLDivElement, Element>;
}

function useColumns<T extends object>({ rows, columns, idOf, open, selection = nothing }: Props<T>) {
  const medium = useMedia('(width >= 1040px)');
  const wide = useMedia('(width >= 1440px)');
  const defs = useMemo(() => {
    const helper = createColumnHelper<typeof features, T>();
    return helper.columns(columns.map(({ id, header, cell }) => helper.display({ id, header, cell: ({ row }) => cell(row.original) })));
  }, [columns]);
  const shows = ({ from }: Column<T>): boolean => from === undefined || (open === null && (from === 'medium' ? medium : wide));
  const table = useTable({
    features,
    columns: defs,
    data: rows as T[],
    getRowId: idOf,
    state: {
      rowSelection: Object.fromEntries([...selection].map((id) => [id, true])),
      columnVisibility: Object.fromEntries(columns.map((column) => [column.id, shows(column)])),
    },
  });
  return { table, shown: columns.filter(shows) };
}

function Wide<T extends object>(props: WideProps<T>) {
  const { label, rows, ids, active, open, selection, onSelection, hasMore, scroller, virtual } = props;
  const prefix = useId();
  const { table, shown } = useColumns(props);
  const ends = new Set(shown.filter(({ end }) => end).map(({ id }) => id));
  const template = `${selection ? '36px ' : ''}${shown.map(({ width }) => width).join(' ')}`;
  const all = selection !== undefined && rows.length > 0 && selection.size >= rows.length;
  const modelRows = table.getRowModel().rows;
  return (
    <div
      ref={scroller}
      className="grid"
      role="grid"
      aria-label={label}
      aria-rowcount={hasMore ? -1 : rows.length + 1}
      aria-multiselectable={selection !== undefined}
      aria-activedescendant={active === null ? undefined : `${prefix}${active}`}
      tabIndex={0}
    >
      <div role="rowgroup" className="grid-head">
        <div role="row" aria-rowindex={1} className="grid-row" style={{ gridTemplateColumns: template }}>
          {selection && onSelection ? (
            <span role="columnheader" className="grid-cell">
              <input
                type="checkbox"
                aria-label="Select all in view"
                tabIndex={-1}
                checked={all}
                onChange={() => onSelection(all ? nothing : new Set(ids))}
              />
            </span>
          ) : null}
          {table.getHeaderGroups().flatMap((group) =>
            group.headers.map((header) => (
              <span key={header.id} role="columnheader" className={ends.has(header.column.id) ? 'grid-cell grid-end' : 'grid-cell'}>
                <FlexRender header={header} />
              </span>
            )),
          )}
        </div>
      </div>
      <div role="rowgroup" className="grid-body" style={{ blockSize: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ index, start }) => {
          const row = modelRows[index];
          if (!row) return null;
          const { id } = row;
          return (
            <div
              key={id}
              role="row"
              id={`${prefix}${id}`}
              aria-rowindex={index + 2}
              aria-selected={row.getIsSelected()}
              className={`grid-row grid-item${id === active ? ' grid-active' : ''}${id === open ? ' grid-open' : ''}`}
              style={{ gridTemplateColumns: template, transform: `translateY(${start}px)` }}
              onClick={(event) => choose(event, props, id)}
            >
              {selection ? <Tick id={id} {...props} name={props.nameOf(row.original)} /> : null}
              {row.getVisibleCells().map((cell) => (
                <span key={cell.id} role="gridcell" className={ends.has(cell.column.id) ? 'grid-cell grid-end' : 'grid-cell'}>
                  <FlexRender cell={cell} />
                </span>
              ))}
            </div>
          );
        })}
      </div>
    </div>
  );
}

/** A click opens the row beside the list; links and boxes in it do their own. */
function choose<T>(event: MouseEvent, { onActive, onOpen }: WideProps<T>, id: string): void {
  if (event.target instanceof HTMLElement && event.target.closest('a, button, input, label')) return;
  onActive(id);
  onOpen(id);
}

function Tick<T>({ id, ids, name, active, onActive, selection = nothing, onSelection }: WideProps<T> & { id: string; name: string }) {
  const shift = useRef(false);
  return (
    <span role="gridcell" className="grid-cell">
      <label className="tick">
        <input
          type="checkbox"
          aria-label={`Select ${name}`}
          tabIndex={-1}
          checked={selection.has(id)}
          onClick={(event) => {
            shift.current = event.shiftKey;
          }}
          onChange={() => {
            onSelection?.(shift.current ? withRange(selection, ids, active, id) : withToggled(selection, id));
            onActive(id);
          }}
        />
      </label>
    </span>
  );
}
