import { infiniteQueryOptions, queryOptions, useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { get, type Params, post } from '../../api/client.ts';
import type { Listed } from '../../api/queries.ts';
import type { Done, MatchRow, MatchSummary, UnmatchedRow, VariantFound } from '../../api/types.ts';
import { say, sayFailure } from '../../parts/toasts.tsx';
import { keyOf } from './words.ts';

export const summaryQuery = queryOptions({
  queryKey: ['matches', 'summary'],
  queryFn: ({ signal }) => get<MatchSummary>('/matches/summary', {}, signal),
});

/** The cards are not asked again by what happens elsewhere: the one under the eye must not change before a key is pressed. */
const cardsQuery = (params: Params) =>
  infiniteQueryOptions({
    queryKey: ['match-cards', params],
    queryFn: ({ pageParam, signal }) => get<Listed<MatchRow>>('/matches', { ...params, limit: 100, after: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last: Listed<MatchRow>) => last.next ?? undefined,
    staleTime: 0,
    gcTime: 0,
    refetchOnWindowFocus: false,
  });

export const unmatchedQuery = infiniteQueryOptions({
  queryKey: ['match-cards', 'unmatched'],
  queryFn: ({ pageParam, signal }) => get<Listed<UnmatchedRow>>('/matches/unmatched', { limit: 100, after: pageParam }, signal),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (last: Listed<UnmatchedRow>) => last.next ?? undefined,
  refetchOnWindowFocus: false,
});

export const sampleQuery = (params: Params) =>
  queryOptions({
    queryKey: ['match-cards', 'sample', params],
    queryFn: ({ signal }) => get<Listed<MatchRow>>('/matches/sample', params, signal),
    gcTime: 0,
  });

export const variantsQuery = (q: string) =>
  queryOptions({
    queryKey: ['matches', 'variants', q],
    queryFn: ({ signal }) => get<Listed<VariantFound>>('/matches/variants', { q }, signal),
    enabled: q.trim() !== '',
  });

/** Writes, says what was done with a way back, and has the counts asked again. */
export function useDecide(): (path: string, body: unknown, onBack?: () => void) => Promise<boolean> {
  const client = useQueryClient();
  const counts = (): Promise<void> => client.invalidateQueries({ queryKey: ['matches', 'summary'] });
  return async (path, body, onBack) => {
    try {
      const done = await post<Done>(path, body);
      const undo = done.more?.['undo'];
      const back = async (): Promise<void> => {
        try {
          say((await post<Done>(`/undo/${String(undo)}`)).said);
          onBack?.();
          void counts();
        } catch (error) {
          sayFailure(error);
        }
      };
      latest = typeof undo === 'string' ? back : latest;
      say(done.said, typeof undo === 'string' ? { undo: () => void back() } : {});
      void counts();
      return true;
    } catch (error) {
      sayFailure(error);
      return false;
    }
  };
}

/** What Z takes back. */
let latest: (() => Promise<void>) | null = null;
export function takeBackLatest(): void {
  const back = latest;
  latest = null;
  if (back) void back();
  else say('Nothing that was decided here can be taken back.');
}

const pagesAhead = 15;

/** Cards in the order in which they came, less those that were decided; the next ones are there before they are needed. */
export function useQueue(params: Params) {
  const query = useInfiniteQuery(cardsQuery(params));
  const [gone, setGone] = useState<ReadonlySet<string>>(new Set());
  const [later, setLater] = useState<readonly string[]>([]);
  const cards = useMemo(() => {
    const open = (query.data?.pages ?? []).flatMap(({ data }) => data).filter((card) => !gone.has(keyOf(card)));
    const put = new Map(later.map((key, at) => [key, at]));
    return open.toSorted((one, other) => (put.get(keyOf(one)) ?? -1) - (put.get(keyOf(other)) ?? -1));
  }, [query.data, gone, later]);
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && cards.length < pagesAhead) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage, cards.length]);
  return {
    query,
    cards,
    /** Off the pile; back on it when it was refused or taken back. */
    take: (card: MatchRow): (() => void) => {
      const key = keyOf(card);
      setGone((before) => new Set(before).add(key));
      return () => setGone((before) => new Set([...before].filter((one) => one !== key)));
    },
    skip: (card: MatchRow): void => setLater((before) => [...before.filter((key) => key !== keyOf(card)), keyOf(card)]),
  };
}
