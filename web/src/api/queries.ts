import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { get, getText, type Params } from './client.ts';
import type {
  ArrivalDetail,
  ArrivalRow,
  ChannelDetail,
  ChannelRow,
  DemoState,
  ExceptionGroup,
  ExceptionRow,
  FeedDetail,
  FeedRow,
  FeedRunDetail,
  GuardHistory,
  Home,
  KeyRow,
  Me,
  OfferChangeRow,
  OrderDetail,
  OrderRow,
  PurchaseDetail,
  PurchaseRow,
  SearchAnswer,
  StoreKindRow,
  SupplierDetail,
  SupplierRow,
} from './types.ts';

/** Everything the console reads. The first word of a key says what it is about, so that a fact can make it stale (live.ts). */
export interface Listed<T> {
  data: T[];
  next: string | null;
}

const one = <T>(key: readonly string[], path: string, params: Params = {}) =>
  queryOptions({ queryKey: [...key, params], queryFn: ({ signal }) => get<T>(path, params, signal) });

/** A list that goes on page by page. */
const paged = <T>(key: string, path: string, params: Params, limit = 100) =>
  infiniteQueryOptions({
    queryKey: [key, 'list', params],
    queryFn: ({ pageParam, signal }) => get<Listed<T>>(path, { ...params, limit, after: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last: Listed<T>) => last.next ?? undefined,
    placeholderData: keepPreviousData,
  });

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => get<Me>('/me', {}, signal),
  retry: false,
  staleTime: 300_000,
});
export const demoQuery = one<DemoState>(['demo'], '/demo');
export const homeQuery = one<Home>(['home'], '/home');

export const ordersQuery = (params: Params) => paged<OrderRow>('orders', '/orders', params);
export const orderQuery = (id: string) => one<OrderDetail>(['orders', id], `/orders/${id}`);

export const groupsQuery = (params: Params) =>
  one<Listed<ExceptionGroup>>(['exceptions', 'groups'], '/exceptions', { ...params, grouped: true });
export const causeQuery = (cause: string, state: string) =>
  one<Listed<ExceptionRow>>(['exceptions', 'cause'], '/exceptions', { cause, state, limit: 200 });

export const purchasesQuery = (params: Params) => paged<PurchaseRow>('purchases', '/purchases', params);
export const purchaseQuery = (id: string) => one<PurchaseDetail>(['purchases', id], `/purchases/${id}`);
export const documentPath = (purchase: string, id: string): string => `/purchases/${purchase}/documents/${id}`;
/** What was said once never changes. */
export const documentQuery = (purchase: string, id: string) =>
  queryOptions({
    queryKey: ['document', purchase, id],
    queryFn: ({ signal }) => getText(documentPath(purchase, id), signal),
    staleTime: Number.POSITIVE_INFINITY,
  });

export const suppliersQuery = one<Listed<SupplierRow>>(['suppliers', 'list'], '/suppliers');
export const supplierQuery = (id: string) => one<SupplierDetail>(['suppliers', id], `/suppliers/${id}`);
export const storeKindsQuery = one<Listed<StoreKindRow>>(['store-kinds'], '/store-kinds');
export const channelsQuery = one<Listed<ChannelRow>>(['channels', 'list'], '/channels');
export const channelQuery = (id: string) => one<ChannelDetail>(['channels', id], `/channels/${id}`);

export const feedsQuery = one<Listed<FeedRow>>(['feeds', 'list'], '/feeds');
export const feedQuery = (supplier: string) => one<FeedDetail>(['feeds', supplier], `/feeds/${supplier}`);
export const feedRunQuery = (id: string) => one<FeedRunDetail>(['feeds', 'run', id], `/feed-runs/${id}`);
export const feedChangesQuery = (id: string, what: string) =>
  paged<OfferChangeRow>('feeds', `/feed-runs/${id}/changes`, what === 'flagged' ? { flagged: true } : { what }, 50);
export const guardsQuery = (supplier: string, limits: Params) =>
  one<GuardHistory>(['feeds', supplier, 'guards'], `/feeds/${supplier}/guards`, limits);
export const compareQuery = (supplier: string, from: string, to: string) =>
  one<Listed<OfferChangeRow>>(['feeds', supplier, 'compare'], `/feeds/${supplier}/compare`, { from, to, limit: 200 });

export const arrivalsQuery = (params: Params) => paged<ArrivalRow>('arrivals', '/arrivals', params);
export const arrivalQuery = (id: string) => one<ArrivalDetail>(['arrivals', id], `/arrivals/${id}`);

export const searchQuery = (q: string) =>
  queryOptions({
    queryKey: ['search', q],
    queryFn: ({ signal }) => get<SearchAnswer>('/search', { q }, signal),
    enabled: q.length >= 2,
    placeholderData: keepPreviousData,
    staleTime: 10_000,
  });
export const keysQuery = one<Listed<KeyRow>>(['keys'], '/keys');
