import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { channelsQuery, ordersQuery, suppliersQuery } from '../../api/queries.ts';
import type { OrderRow } from '../../api/types.ts';
import type { Column } from '../../grid/DataGrid.tsx';
import type { Filter, View } from '../../grid/filters.ts';
import { ListScreen } from '../../grid/ListScreen.tsx';
import { Badge } from '../../parts/Badge.tsx';
import { countryOptions } from '../../parts/address.ts';
import { reasonOf } from '../../parts/facts.ts';
import { useAddress } from '../../parts/search.ts';
import { optionsOf, wordOf } from '../../parts/status.ts';
import { To } from '../../parts/To.tsx';
import { Ago, ClockChip, Money } from '../../parts/Values.tsx';
import { OrderBulk } from './OrderBulk.tsx';
import { OrderPanel } from './OrderPanel.tsx';

const open = 'awaiting_payment,on_hold,routing,routed,with_supplier,accepted,backordered,part_shipped,no_supplier,needs_review';
const views: readonly View[] = [
  { label: 'All', search: {} },
  { label: 'Open', search: { status: open } },
  { label: 'Needs attention', search: { attention: 'true' } },
  { label: 'On hold', search: { status: 'on_hold,no_supplier' } },
  { label: 'Waiting on supplier', search: { status: 'with_supplier' } },
  { label: 'Backordered', search: { status: 'backordered' } },
  { label: 'On the way', search: { status: 'part_shipped,shipped,out_for_delivery' } },
];

const supplierWords = ({ suppliers }: OrderRow): string =>
  suppliers.length === 0 ? '—' : `${suppliers[0]?.name}${suppliers.length > 1 ? ` +${suppliers.length - 1}` : ''}`;

const columns: readonly Column<OrderRow>[] = [
  {
    id: 'number',
    header: 'Order',
    width: '76px',
    cell: ({ id, number }) => (
      <To href={`/orders/${id}`} className="link strong num" skip>
        <bdi>{number}</bdi>
      </To>
    ),
  },
  { id: 'placed', header: 'Placed', width: '104px', from: 'medium', cell: ({ placedAt }) => <Ago at={placedAt} /> },
  {
    id: 'customer',
    header: 'Customer',
    width: 'minmax(120px, 1.5fr)',
    cell: ({ customer, country }) => (
      <>
        <bdi>{customer || '—'}</bdi> <span className="dim">{country}</span>
      </>
    ),
  },
  { id: 'status', header: 'Status', width: '160px', cell: ({ status }) => <Badge of="order" code={status} /> },
  {
    id: 'clock',
    header: 'Clock',
    width: '108px',
    cell: ({ clock }) => (clock ? <ClockChip dueAt={clock.dueAt} what={clock.what} /> : null),
  },
  { id: 'supplier', header: 'Supplier', width: 'minmax(112px, 1.5fr)', from: 'medium', cell: supplierWords },
  { id: 'channel', header: 'Shop', width: 'minmax(96px, 1fr)', from: 'wide', cell: ({ channel }) => channel.name },
  { id: 'units', header: 'Items', width: '44px', end: true, from: 'medium', cell: ({ units }) => <span className="num">{units}</span> },
  { id: 'margin', header: 'Margin', width: '84px', end: true, from: 'wide', cell: ({ margin }) => <Money of={margin} /> },
  { id: 'total', header: 'Total', width: '88px', end: true, cell: ({ total }) => <Money of={total} strong /> },
];

const yes = [{ value: 'true', label: 'Yes' }];
const holdReasons = [
  'address',
  'duplicate',
  'payment',
  'velocity',
  'unmatched',
  'no_supplier',
  'fraud_burst',
  'risk',
  'history',
  'manual',
  'margin',
];

function useFilters(): readonly Filter[] {
  const channels = useQuery(channelsQuery).data?.data;
  const suppliers = useQuery(suppliersQuery).data?.data;
  return useMemo(
    () => [
      { key: 'status', label: 'Status', options: optionsOf('order'), many: true },
      { key: 'channel', label: 'Shop', options: (channels ?? []).map(({ id, name }) => ({ value: id, label: name })) },
      { key: 'supplier', label: 'Supplier', options: (suppliers ?? []).map(({ id, name }) => ({ value: id, label: name })) },
      { key: 'hold', label: 'Held for', options: holdReasons.map((value) => ({ value, label: wordOf(reasonOf(value)) })) },
      { key: 'attention', label: 'Needs attention', options: yes },
      { key: 'country', label: 'Country', options: countryOptions },
      { key: 'test', label: 'Test', options: yes },
    ],
    [channels, suppliers],
  );
}

export function OrdersPage() {
  const [address] = useAddress();
  const filters = useFilters();
  const asked = Object.fromEntries(['q', ...filters.map(({ key }) => key)].flatMap((key) => (address[key] ? [[key, address[key]]] : [])));
  const query = useInfiniteQuery(ordersQuery(asked));
  return (
    <ListScreen
      title="Orders"
      noun="order"
      query={query}
      asks={JSON.stringify(asked)}
      columns={columns}
      filters={filters}
      views={views}
      placeholder="Number, name, e-mail, tracking, SKU"
      nameOf={({ number }) => number}
      hrefOf={({ id }) => `/orders/${id}`}
      card={card}
      first="Orders appear here when a connected shop sends them, or a CSV with orders is dropped."
      panel={(id, close) => <OrderPanel id={id} onClose={close} />}
      bulk={(selected, clear) => <OrderBulk orders={selected} onDone={clear} />}
    />
  );
}

const card = (order: OrderRow) => (
  <>
    <span className="card-line">
      <span className="strong num">{order.number}</span>
      <bdi className="card-grow">{order.customer}</bdi>
      <Money of={order.total} strong />
    </span>
    <span className="card-line">
      <Badge of="order" code={order.status} />
      <span className="card-grow">{order.clock ? <ClockChip dueAt={order.clock.dueAt} what={order.clock.what} /> : null}</span>
      <span className="dim">
        <Ago at={order.placedAt} />
      </span>
    </span>
  </>
);
