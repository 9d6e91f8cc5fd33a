import { type InfiniteData, type UseInfiniteQueryResult } from '@tanstack/react-query';
import { useCallback, useMemo, useState } from 'react';
import type { Listed } from '../api/queries.ts';
import { heldBack, unique } from './filters.ts';

/** Pages as one list whose new rows wait until they are asked for. `view` changes with the filters: another list begins at its own top. */
export function useRows<T extends { id: string }>(query: UseInfiniteQueryResult<InfiniteData<Listed<T>>>, view: string) {
  const [top, setTop] = useState<{ view: string; id: string } | null>(null);
  const rows = useMemo(() => unique(query.data?.pages.flatMap(({ data }) => data) ?? [], idOf), [query.data]);
  const first = rows[0]?.id;
  if (first !== undefined && !query.isPlaceholderData && top?.view !== view) setTop({ view, id: first });
  const { shown, fresh } = heldBack(rows, idOf, top?.view === view ? top.id : null);
  const { fetchNextPage, isFetchingNextPage } = query;
  const more = useCallback(() => {
    if (!isFetchingNextPage) void fetchNextPage();
  }, [fetchNextPage, isFetchingNextPage]);
  return { rows: shown, fresh, show: () => first !== undefined && setTop({ view, id: first }), more, hasMore: query.hasNextPage };
}

const idOf = ({ id }: { id: string }): string => id;
