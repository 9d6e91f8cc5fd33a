import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { get, type Params } from '../../api/client.ts';
import type { Listed } from '../../api/queries.ts';
import type { AvailabilityShown, ListingRow, ShelfRow } from '../../api/types.ts';

/** Stores are told all the time, without a fact for each: what is shown follows by itself. */
const followMs = 10_000;

export const listingsQuery = (params: Params) =>
  infiniteQueryOptions({
    queryKey: ['listings', 'list', params],
    queryFn: ({ pageParam, signal }) => get<Listed<ListingRow>>('/listings', { ...params, limit: 100, after: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last: Listed<ListingRow>) => last.next ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval: followMs,
  });

/** One listing by its name, which is its store's id and its SKU there. */
export const listingQuery = (id: string) => {
  const [channel = '', ...rest] = id.split(':');
  const sku = rest.join(':');
  return queryOptions({
    queryKey: ['listings', 'one', id],
    queryFn: async ({ signal }) => {
      const { data } = await get<Listed<ListingRow>>('/listings', { channel, q: sku, limit: 1 }, signal);
      return data.find((row) => row.sku === sku) ?? null;
    },
    refetchInterval: followMs,
  });
};

export const shelvesQuery = queryOptions({
  queryKey: ['listings', 'shelves'],
  queryFn: ({ signal }) => get<Listed<ShelfRow>>('/listings/shelves', {}, signal),
  refetchInterval: followMs,
});

export const availabilityQuery = queryOptions({
  queryKey: ['listings', 'availability'],
  queryFn: ({ signal }) => get<AvailabilityShown>('/availability', {}, signal),
});
