import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { suppliersQuery } from '../../api/queries.ts';
import type { OfferRow } from '../../api/types.ts';
import type { Column } from '../../grid/DataGrid.tsx';
import type { Filter, View } from '../../grid/filters.ts';
import { ListScreen } from '../../grid/ListScreen.tsx';
import { Badge } from '../../parts/Badge.tsx';
import { useAddress } from '../../parts/search.ts';
import { optionsOf } from '../../parts/status.ts';
import { Ago, Money } from '../../parts/Values.tsx';
import { offersQuery } from '../catalog/useCatalog.ts';
import { OfferPanel } from './OfferPanel.tsx';

const views: readonly View[] = [
  { label: 'All', search: {} },
  { label: 'Not matched', search: { matched: 'false' } },
  { label: 'Held', search: { state: 'held' } },
  { label: 'Not listed any more', search: { state: 'vanished' } },
];

const columns: readonly Column<OfferRow>[] = [
  {
    id: 'sku',
    header: 'Their number',
    width: 'minmax(112px, 1fr)',
    cell: ({ supplierSku }) => <bdi className="strong">{supplierSku}</bdi>,
  },
  { id: 'supplier', header: 'Supplier', width: 'minmax(110px, 1fr)', cell: ({ supplier }) => <bdi>{supplier.name}</bdi> },
  { id: 'title', header: 'Title', width: 'minmax(150px, 2fr)', from: 'medium', cell: ({ title }) => <bdi>{title}</bdi> },
  { id: 'cost', header: 'Cost', width: '92px', end: true, cell: ({ cost }) => <Money of={cost} /> },
  { id: 'stock', header: 'Stock', width: '72px', end: true, cell: ({ quantity }) => <span className="num">{quantity}</span> },
  {
    id: 'promised',
    header: 'Promised',
    width: '80px',
    end: true,
    from: 'wide',
    cell: ({ reserved }) => <span className="num">{reserved}</span>,
  },
  { id: 'state', header: 'State', width: '120px', cell: ({ state }) => <Badge of="offer" code={state} /> },
  { id: 'ours', header: 'Ours', width: 'minmax(90px, 1fr)', from: 'medium', cell: ({ variants }) => <Ours of={variants} /> },
  { id: 'said', header: 'Said', width: '104px', from: 'wide', cell: ({ observedAt }) => <Ago at={observedAt} /> },
];

const Ours = ({ of }: { of: OfferRow['variants'] }) => {
  const sure = of.filter(({ match }) => match === 'confirmed');
  return sure.length === 0 ? <span className="dim">—</span> : <bdi>{sure.map(({ sku }) => sku).join(', ')}</bdi>;
};

function useFilters(): readonly Filter[] {
  const suppliers = useQuery(suppliersQuery).data?.data;
  return useMemo(
    () => [
      { key: 'supplier', label: 'Supplier', options: (suppliers ?? []).map(({ id, name }) => ({ value: id, label: name })) },
      { key: 'state', label: 'State', options: optionsOf('offer') },
      {
        key: 'matched',
        label: 'Match',
        options: [
          { value: 'true', label: 'Matched' },
          { value: 'false', label: 'Not matched' },
        ],
      },
    ],
    [suppliers],
  );
}

/** What suppliers offer, as they say it and as it was understood. */
export function OffersPage() {
  const [address] = useAddress();
  const filters = useFilters();
  const asked = Object.fromEntries(
    ['q', 'variant', ...filters.map(({ key }) => key)].flatMap((key) => (address[key] ? [[key, address[key]]] : [])),
  );
  const query = useInfiniteQuery(offersQuery(asked));
  return (
    <ListScreen
      title="Offers"
      noun="offer"
      query={query}
      asks={JSON.stringify(asked)}
      columns={columns}
      filters={filters}
      views={views}
      placeholder="Their number, a GTIN or a word of the title"
      nameOf={({ supplierSku, supplier }) => `${supplierSku} of ${supplier.name}`}
      hrefOf={({ id }) => `/offers?open=${id}`}
      card={card}
      first="An offer is a supplier’s line with its cost and stock. Feeds bring them."
      panel={(id, close) => <OfferPanel id={id} onClose={close} />}
    />
  );
}

const card = (row: OfferRow) => (
  <>
    <span className="card-line">
      <bdi className="strong card-grow">{row.supplierSku}</bdi>
      <Money of={row.cost} strong />
    </span>
    <span className="card-line">
      <bdi className="card-grow">{row.title}</bdi>
      <span className="num">{row.quantity}</span>
    </span>
    <span className="card-line">
      <Badge of="offer" code={row.state} />
      <bdi className="card-grow dim">{row.supplier.name}</bdi>
      <Ours of={row.variants} />
    </span>
  </>
);
