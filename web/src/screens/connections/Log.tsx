import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { arrivalsQuery, channelsQuery, suppliersQuery } from '../../api/queries.ts';
import type { ArrivalRow } from '../../api/types.ts';
import { type Column, DataGrid } from '../../grid/DataGrid.tsx';
import { FilterBar } from '../../grid/FilterBar.tsx';
import type { Filter, View } from '../../grid/filters.ts';
import { useRows } from '../../grid/useRows.ts';
import { Badge } from '../../parts/Badge.tsx';
import { showBytes } from '../../parts/format.ts';
import { useAddress } from '../../parts/search.ts';
import { optionsOf, wordOf } from '../../parts/status.ts';
import { Answered, Empty } from '../../parts/States.tsx';
import { Ago } from '../../parts/Values.tsx';
import { ArrivalPanel } from './ArrivalPanel.tsx';

const views: readonly View[] = [
  { label: 'All', search: {} },
  { label: 'Refused', search: { state: 'refused' } },
  { label: 'To read', search: { state: 'received' } },
];

const columns: readonly Column<ArrivalRow>[] = [
  { id: 'when', header: 'When', width: '116px', cell: ({ receivedAt }) => <Ago at={receivedAt} /> },
  { id: 'source', header: 'From', width: 'minmax(120px, 1fr)', cell: ({ source }) => <bdi>{source.name}</bdi> },
  { id: 'name', header: 'What', width: 'minmax(140px, 1.2fr)', cell: ({ name, kind }) => <bdi>{name || wordOf(kind)}</bdi> },
  { id: 'object', header: 'Object', width: 'minmax(96px, 0.8fr)', from: 'medium', cell: ({ object }) => <code>{object}</code> },
  { id: 'state', header: 'State', width: '96px', cell: ({ state }) => <Badge of="arrival" code={state} /> },
  { id: 'note', header: 'Note', width: 'minmax(120px, 2fr)', from: 'medium', cell: ({ note }) => <span className="dim">{note}</span> },
  { id: 'bytes', header: 'Size', width: '72px', end: true, cell: ({ bytes }) => <span className="num">{showBytes(bytes)}</span> },
];

const idOf = ({ id }: ArrivalRow): string => id;

/** Everything that came in, as it came. It can be looked at and read once more. */
export function Log() {
  const [address, change] = useAddress();
  const channels = useQuery(channelsQuery).data?.data;
  const suppliers = useQuery(suppliersQuery).data?.data;
  const filters = useMemo<readonly Filter[]>(
    () => [
      { key: 'state', label: 'State', options: optionsOf('arrival') },
      { key: 'channel', label: 'Shop', options: (channels ?? []).map(({ id, name }) => ({ value: id, label: name })) },
      { key: 'supplier', label: 'Supplier', options: (suppliers ?? []).map(({ id, name }) => ({ value: id, label: name })) },
    ],
    [channels, suppliers],
  );
  const asked = Object.fromEntries(filters.flatMap(({ key }) => (address[key] ? [[key, address[key]]] : [])));
  const query = useInfiniteQuery(arrivalsQuery(asked));
  const { rows, fresh, show, more, hasMore } = useRows(query, JSON.stringify(asked));
  const open = address['arrival'] ?? null;
  const onOpen = (id: string | null): void => change({ arrival: id ?? undefined });
  return (
    <>
      <FilterBar filters={filters} views={views} />
      <div className="screen-body">
        <div className="screen-list">
          {fresh > 0 ? (
            <button type="button" className="fresh" onClick={show}>
              {fresh} new: show
            </button>
          ) : null}
          <Answered query={query} what="The log" rows={12}>
            {() =>
              rows.length === 0 ? (
                <Empty title="Nothing came">What shops and suppliers send stands here, byte for byte.</Empty>
              ) : (
                <DataGrid
                  label="Arrivals"
                  rows={rows}
                  columns={columns}
                  idOf={idOf}
                  nameOf={({ name }) => name}
                  hrefOf={({ id }) => `/connections?tab=log&arrival=${id}`}
                  card={card}
                  open={open}
                  onOpen={onOpen}
                  onPage={onOpen}
                  hasMore={hasMore}
                  onMore={more}
                />
              )
            }
          </Answered>
        </div>
        {open === null ? null : <ArrivalPanel id={open} onClose={() => onOpen(null)} />}
      </div>
    </>
  );
}

const card = (row: ArrivalRow) => (
  <>
    <span className="card-line">
      <bdi className="card-grow strong">{row.name || wordOf(row.kind)}</bdi>
      <Badge of="arrival" code={row.state} />
    </span>
    <span className="card-line dim">
      <bdi className="card-grow">{row.source.name}</bdi>
      <Ago at={row.receivedAt} />
    </span>
  </>
);
