import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { VariantRow } from '../../api/types.ts';
import type { Column } from '../../grid/DataGrid.tsx';
import type { Filter, View } from '../../grid/filters.ts';
import { ListScreen } from '../../grid/ListScreen.tsx';
import { showCount } from '../../parts/format.ts';
import { useAddress } from '../../parts/search.ts';
import { optionsOf } from '../../parts/status.ts';
import { To } from '../../parts/To.tsx';
import { Money } from '../../parts/Values.tsx';
import { problemsQuery, variantsQuery } from './useCatalog.ts';
import { VariantPanel } from './VariantPanel.tsx';

const columns: readonly Column<VariantRow>[] = [
  { id: 'sku', header: 'SKU', width: 'minmax(112px, 1fr)', cell: ({ sku }) => <bdi className="strong">{sku}</bdi> },
  { id: 'title', header: 'Title', width: 'minmax(160px, 2.4fr)', cell: ({ title }) => <bdi>{title}</bdi> },
  { id: 'brand', header: 'Brand', width: 'minmax(90px, 1fr)', from: 'medium', cell: ({ brand }) => <bdi>{brand}</bdi> },
  { id: 'gtin', header: 'GTIN', width: '132px', from: 'wide', cell: ({ gtin }) => <span className="num">{gtin ?? '—'}</span> },
  { id: 'price', header: 'Price', width: '92px', end: true, cell: ({ price }) => <Money of={price} /> },
  { id: 'cost', header: 'Best cost', width: '92px', end: true, from: 'medium', cell: ({ bestCost }) => <Money of={bestCost} /> },
  { id: 'offers', header: 'Offers', width: '64px', end: true, cell: ({ offers }) => <span className="num">{offers}</span> },
  { id: 'stock', header: 'Stock', width: '72px', end: true, cell: ({ sellable }) => <span className="num">{showCount(sellable)}</span> },
  {
    id: 'stores',
    header: 'Stores',
    width: '64px',
    end: true,
    from: 'wide',
    cell: ({ listings }) => <span className="num">{listings}</span>,
  },
];

/** What is wrong with how many, as views of the list. */
function useViews(): readonly View[] {
  const counts = useQuery(problemsQuery).data?.data;
  return useMemo(() => {
    const words = new Map(optionsOf('variantProblem').map(({ value, label }) => [value, label]));
    return [
      { label: 'All', search: {} },
      ...(counts ?? []).map(({ kind, count }) => ({ label: `${words.get(kind) ?? kind} ${showCount(count)}`, search: { problem: kind } })),
    ];
  }, [counts]);
}

const filters: readonly Filter[] = [{ key: 'problem', label: 'Problem', options: optionsOf('variantProblem') }];

/** What we sell, what is wrong with it, who offers it, and where it is sold. */
export function CatalogPage() {
  const [address] = useAddress();
  const views = useViews();
  const asked = Object.fromEntries(['q', 'problem', 'brand'].flatMap((key) => (address[key] ? [[key, address[key]]] : [])));
  const query = useInfiniteQuery(variantsQuery(asked));
  return (
    <ListScreen
      title="Catalog"
      noun="variant"
      query={query}
      asks={JSON.stringify(asked)}
      columns={columns}
      filters={filters}
      views={views}
      placeholder="SKU, GTIN or a word of the title"
      nameOf={({ sku }) => sku}
      hrefOf={({ id }) => `/catalog?open=${id}`}
      card={card}
      first="A variant is what you sell. Bring them by stockless variants import, or make them of suppliers’ offers under Matches."
      panel={(id, close) => <VariantPanel id={id} onClose={close} />}
      tools={<Tools />}
    />
  );
}

const Tools = () => (
  <div className="listing-tools catalog-tools">
    <To href="/catalog/sheet" className="button button-plain">
      Edit as a sheet
    </To>
    <a className="button button-plain" href="/v1/variants/export?format=csv" download>
      CSV
    </a>
    <a className="button button-plain" href="/v1/variants/export?format=xlsx" download>
      XLSX
    </a>
  </div>
);

const card = (row: VariantRow) => (
  <>
    <span className="card-line">
      <bdi className="strong card-grow">{row.sku}</bdi>
      <Money of={row.price} strong />
    </span>
    <span className="card-line">
      <bdi className="card-grow">{row.title}</bdi>
    </span>
    <span className="card-line dim">
      <span className="card-grow">
        {row.offers} offers, {showCount(row.sellable)} in stock
      </span>
      <span>{row.listings} stores</span>
    </span>
  </>
);
