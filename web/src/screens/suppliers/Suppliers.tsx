import { useQuery } from '@tanstack/react-query';
import { suppliersQuery } from '../../api/queries.ts';
import type { SupplierRow } from '../../api/types.ts';
import { type Column, DataGrid } from '../../grid/DataGrid.tsx';
import { Badge } from '../../parts/Badge.tsx';
import { counted, showCount } from '../../parts/format.ts';
import { Answered, Empty } from '../../parts/States.tsx';
import { To, useGo } from '../../parts/To.tsx';
import { Ago } from '../../parts/Values.tsx';
import { transportWord } from '../purchases/Purchases.tsx';

/** A number that needs care when it is not zero. */
const Care = ({ of, tone }: { of: number; tone: 'risk' | 'crit' }) => (
  <span className={of > 0 ? `num strong tone-text-${tone}` : 'num dim'}>{showCount(of)}</span>
);

const columns: readonly Column<SupplierRow>[] = [
  {
    id: 'name',
    header: 'Supplier',
    width: 'minmax(210px, 2fr)',
    cell: ({ id, name, country }) => (
      <>
        <To href={`/suppliers/${id}`} className="link strong" skip>
          <bdi>{name}</bdi>
        </To>{' '}
        <span className="dim">{country}</span>
      </>
    ),
  },
  { id: 'state', header: 'State', width: '124px', cell: ({ state }) => <Badge of="supplier" code={state} /> },
  { id: 'transport', header: 'Takes orders by', width: '112px', from: 'medium', cell: ({ transport }) => transportWord(transport) },
  {
    id: 'open',
    header: 'Open POs',
    width: '72px',
    end: true,
    cell: ({ openPurchases }) => <span className="num">{showCount(openPurchases)}</span>,
  },
  { id: 'late', header: 'Late', width: '56px', end: true, cell: ({ late }) => <Care of={late} tone="crit" /> },
  { id: 'silent', header: 'No answer', width: '76px', end: true, cell: ({ unacknowledged }) => <Care of={unacknowledged} tone="risk" /> },
  { id: 'exceptions', header: 'Exceptions', width: '80px', end: true, cell: ({ exceptions }) => <Care of={exceptions} tone="risk" /> },
  {
    id: 'offers',
    header: 'Offers',
    width: '72px',
    end: true,
    from: 'medium',
    cell: ({ offers }) => <span className="num">{showCount(offers)}</span>,
  },
  { id: 'feed', header: 'Last feed', width: '120px', end: true, from: 'medium', cell: ({ lastFeedAt }) => <Ago at={lastFeedAt} /> },
  { id: 'polled', header: 'Last asked', width: '120px', end: true, from: 'wide', cell: ({ polledAt }) => <Ago at={polledAt} /> },
];

const idOf = ({ id }: SupplierRow): string => id;
const hrefOf = ({ id }: SupplierRow): string => `/suppliers/${id}`;

export function SuppliersPage() {
  const query = useQuery(suppliersQuery);
  const go = useGo();
  const visit = (id: string | null): void => {
    if (id !== null) go(`/suppliers/${id}`);
  };
  return (
    <div className="screen">
      <header className="screen-head">
        <h1>Suppliers</h1>
        <p className="screen-count dim num">{query.data ? counted(query.data.data.length, 'supplier') : ''}</p>
      </header>
      <div className="screen-body">
        <div className="screen-list">
          <Answered query={query} what="The suppliers" rows={10}>
            {({ data }) =>
              data.length === 0 ? (
                <Empty title="No suppliers yet">
                  A supplier takes purchase orders by API, e-mail or file, and tells its stock by feed.
                </Empty>
              ) : (
                <DataGrid
                  label="Suppliers"
                  rows={data}
                  columns={columns}
                  idOf={idOf}
                  nameOf={({ name }) => name}
                  hrefOf={hrefOf}
                  card={card}
                  open={null}
                  onOpen={visit}
                  onPage={visit}
                  hasMore={false}
                  onMore={() => {}}
                />
              )
            }
          </Answered>
        </div>
      </div>
    </div>
  );
}

const card = (row: SupplierRow) => (
  <>
    <span className="card-line">
      <bdi className="strong card-grow">{row.name}</bdi>
      <Badge of="supplier" code={row.state} />
    </span>
    <span className="card-line dim num">
      <span className="card-grow">
        {counted(row.openPurchases, 'open PO')}
        {row.late > 0 ? <strong className="tone-text-crit">, {row.late} late</strong> : null}
      </span>
      <span>{transportWord(row.transport)}</span>
    </span>
  </>
);
