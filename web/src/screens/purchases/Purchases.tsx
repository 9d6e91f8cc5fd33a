import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { purchasesQuery, suppliersQuery } from '../../api/queries.ts';
import type { PurchaseRow } from '../../api/types.ts';
import type { Column } from '../../grid/DataGrid.tsx';
import type { Filter, View } from '../../grid/filters.ts';
import { ListScreen } from '../../grid/ListScreen.tsx';
import { LookBadge } from '../../parts/Badge.tsx';
import { useAddress } from '../../parts/search.ts';
import { optionsOf, purchaseLook, wordOf } from '../../parts/status.ts';
import { To } from '../../parts/To.tsx';
import { Ago, ClockChip, Money } from '../../parts/Values.tsx';
import { PurchasePanel } from './PurchasePanel.tsx';

const views: readonly View[] = [
  { label: 'All', search: {} },
  { label: 'To send', search: { transmission: 'queued,sending' } },
  { label: 'Not acknowledged', search: { transmission: 'sent' } },
  { label: 'Sent, unconfirmed', search: { transmission: 'unknown' } },
  { label: 'Not sent', search: { transmission: 'failed' } },
  { label: 'Overdue', search: { late: 'true' } },
];

/** The clock that runs on it: first for the answer, then for the goods. */
const clockIn = ({ transmission, ackDueAt, shipDueAt }: PurchaseRow) =>
  transmission === 'sent' && ackDueAt
    ? { dueAt: ackDueAt, what: 'acknowledge' }
    : transmission === 'acknowledged' && shipDueAt
      ? { dueAt: shipDueAt, what: 'ship' }
      : null;
const Clock = ({ of }: { of: PurchaseRow }) => {
  const clock = clockIn(of);
  return clock ? <ClockChip {...clock} /> : null;
};

const columns: readonly Column<PurchaseRow>[] = [
  {
    id: 'number',
    header: 'Purchase order',
    width: '104px',
    cell: ({ id, number }) => (
      <To href={`/purchases/${id}`} className="link strong num" skip>
        {number}
      </To>
    ),
  },
  { id: 'supplier', header: 'Supplier', width: 'minmax(120px, 1.2fr)', cell: ({ supplier }) => <bdi>{supplier.name}</bdi> },
  { id: 'state', header: 'State', width: '164px', cell: (row) => <LookBadge look={purchaseLook(row)} /> },
  { id: 'clock', header: 'Clock', width: '112px', cell: (row) => <Clock of={row} /> },
  {
    id: 'order',
    header: 'Order',
    width: '88px',
    from: 'medium',
    cell: ({ order }) => (
      <To href={`/orders/${order.id}`} className="link num" skip>
        {order.number}
      </To>
    ),
  },
  { id: 'sent', header: 'Sent', width: '116px', from: 'medium', cell: ({ sentAt }) => <Ago at={sentAt} /> },
  { id: 'reference', header: 'Their number', width: 'minmax(88px, 1fr)', from: 'wide', cell: ({ reference }) => <code>{reference}</code> },
  { id: 'transport', header: 'Sent by', width: '80px', from: 'wide', cell: ({ transport }) => transportWord(transport) },
  { id: 'units', header: 'Units', width: '56px', end: true, from: 'medium', cell: ({ units }) => <span className="num">{units}</span> },
  { id: 'cost', header: 'Cost', width: '96px', end: true, cell: ({ cost }) => <Money of={cost} strong /> },
];

export const transportWord = (transport: string): string =>
  ({ rest: 'API', email: 'E-mail', file: 'File' })[transport] ?? wordOf(transport);

function useFilters(): readonly Filter[] {
  const suppliers = useQuery(suppliersQuery).data?.data;
  return useMemo(
    () => [
      { key: 'transmission', label: 'Transmission', options: optionsOf('transmission'), many: true },
      { key: 'supplier', label: 'Supplier', options: (suppliers ?? []).map(({ id, name }) => ({ value: id, label: name })) },
      { key: 'late', label: 'Overdue', options: [{ value: 'true', label: 'Yes' }] },
    ],
    [suppliers],
  );
}

export function PurchasesPage() {
  const [address] = useAddress();
  const filters = useFilters();
  const asked = Object.fromEntries(['q', ...filters.map(({ key }) => key)].flatMap((key) => (address[key] ? [[key, address[key]]] : [])));
  const query = useInfiniteQuery(purchasesQuery(asked));
  return (
    <ListScreen
      title="Purchase orders"
      noun="purchase order"
      query={query}
      asks={JSON.stringify(asked)}
      columns={columns}
      filters={filters}
      views={views}
      placeholder="Number, such as PO-1009"
      nameOf={({ number }) => number}
      hrefOf={({ id }) => `/purchases/${id}`}
      card={card}
      first="One is written for each supplier of a routed order, and sent the way the supplier takes it."
      panel={(id, close) => <PurchasePanel id={id} onClose={close} />}
    />
  );
}

const card = (row: PurchaseRow) => (
  <>
    <span className="card-line">
      <span className="strong num">{row.number}</span>
      <bdi className="card-grow">{row.supplier.name}</bdi>
      <Money of={row.cost} strong />
    </span>
    <span className="card-line">
      <LookBadge look={purchaseLook(row)} />
      <span className="card-grow">
        <Clock of={row} />
      </span>
      <span className="dim num">for {row.order.number}</span>
    </span>
  </>
);
