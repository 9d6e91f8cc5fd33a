import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { meQuery } from '../../api/queries.ts';
import type { ListingRow } from '../../api/types.ts';
import type { Column } from '../../grid/DataGrid.tsx';
import type { Filter, View } from '../../grid/filters.ts';
import { ListScreen } from '../../grid/ListScreen.tsx';
import { Badge } from '../../parts/Badge.tsx';
import { Button } from '../../parts/Button.tsx';
import { useAddress } from '../../parts/search.ts';
import { optionsOf } from '../../parts/status.ts';
import { Ago, Money } from '../../parts/Values.tsx';
import { AvailabilityDialog } from './AvailabilityDialog.tsx';
import { ListingPanel } from './ListingPanel.tsx';
import { listingsQuery, shelvesQuery } from './useListings.ts';

const views: readonly View[] = [
  { label: 'All', search: {} },
  { label: 'Not told yet', search: { state: 'stale' } },
  { label: 'Refused', search: { state: 'refused' } },
  { label: 'None to sell', search: { state: 'empty' } },
];

const columns: readonly Column<ListingRow>[] = [
  { id: 'sku', header: 'SKU', width: 'minmax(120px, 1fr)', cell: ({ sku }) => <bdi className="strong">{sku}</bdi> },
  { id: 'title', header: 'Title', width: 'minmax(140px, 2fr)', from: 'medium', cell: ({ variant }) => <bdi>{variant.title}</bdi> },
  { id: 'store', header: 'Store', width: 'minmax(110px, 1fr)', cell: ({ channel }) => <bdi>{channel.name}</bdi> },
  { id: 'quantity', header: 'Stock', width: '104px', end: true, cell: (row) => <Figure of={row} /> },
  {
    id: 'price',
    header: 'Price',
    width: '96px',
    end: true,
    cell: ({ wanted, told }) => <Money of={wanted.price ?? told.price} />,
  },
  { id: 'state', header: 'State', width: '140px', cell: ({ state }) => <Badge of="listing" code={state} /> },
  { id: 'told', header: 'Told', width: '104px', from: 'wide', cell: ({ told }) => <Ago at={told.at} /> },
];

/** What the store shows, and what it should show where that is another figure. */
function Figure({ of: { told, wanted } }: { of: ListingRow }) {
  if (wanted.quantity === null || wanted.quantity === told.quantity) return <span className="num">{wanted.quantity ?? '—'}</span>;
  return (
    <span className="num">
      <span className="dim">{told.quantity ?? '—'} →</span> {wanted.quantity}
    </span>
  );
}

function useFilters(): readonly Filter[] {
  const stores = useQuery(shelvesQuery).data?.data;
  return useMemo(
    () => [
      { key: 'channel', label: 'Store', options: (stores ?? []).map(({ channel }) => ({ value: channel.id, label: channel.name })) },
      { key: 'state', label: 'State', options: optionsOf('listingFilter') },
    ],
    [stores],
  );
}

/** What each store should show of what we sell, what it was told last, and why. */
export function ListingsPage() {
  const [address] = useAddress();
  const filters = useFilters();
  const [asking, setAsking] = useState(false);
  const mayWrite = useQuery(meQuery).data?.rights.includes('catalog:write') ?? false;
  const asked = Object.fromEntries(
    ['q', 'variant', ...filters.map(({ key }) => key)].flatMap((key) => (address[key] ? [[key, address[key]]] : [])),
  );
  const query = useInfiniteQuery(listingsQuery(asked));
  return (
    <>
      <ListScreen
        title="Listings"
        noun="listing"
        query={query}
        asks={JSON.stringify(asked)}
        columns={columns}
        filters={filters}
        views={views}
        placeholder="Beginning of a SKU"
        nameOf={({ sku, channel }) => `${sku} in ${channel.name}`}
        hrefOf={({ id }) => `/listings?open=${encodeURIComponent(id)}`}
        card={card}
        first="A listing is a variant in a store, under that store’s SKU. Connect a store to have some."
        panel={(id, close) => <ListingPanel id={id} onClose={close} />}
        tools={
          <div className="listing-tools">
            <Button onClick={() => setAsking(true)}>Availability</Button>
          </div>
        }
      />
      {asking ? <AvailabilityDialog mayWrite={mayWrite} onClose={() => setAsking(false)} /> : null}
    </>
  );
}

const card = (row: ListingRow) => (
  <>
    <span className="card-line">
      <bdi className="strong card-grow">{row.sku}</bdi>
      <Figure of={row} />
      <Money of={row.wanted.price ?? row.told.price} />
    </span>
    <span className="card-line">
      <bdi className="card-grow dim">{row.variant.title}</bdi>
    </span>
    <span className="card-line">
      <Badge of="listing" code={row.state} />
      <bdi className="card-grow dim">{row.channel.name}</bdi>
    </span>
  </>
);
