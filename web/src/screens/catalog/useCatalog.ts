import { infiniteQueryOptions, keepPreviousData, queryOptions, useQueryClient } from '@tanstack/react-query';
import { get, type Params, post } from '../../api/client.ts';
import type { Listed } from '../../api/queries.ts';
import type { Done, OfferDetail, OfferRow, ProblemCounts, VariantDetail, VariantRow, VariantSheet } from '../../api/types.ts';
import { say, sayFailure } from '../../parts/toasts.tsx';

const paged = <T>(key: string, path: string, params: Params) =>
  infiniteQueryOptions({
    queryKey: ['catalog', key, params],
    queryFn: ({ pageParam, signal }) => get<Listed<T>>(path, { ...params, limit: 100, after: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last: Listed<T>) => last.next ?? undefined,
    placeholderData: keepPreviousData,
  });
const one = <T>(key: readonly string[], path: string) =>
  queryOptions({ queryKey: ['catalog', ...key], queryFn: ({ signal }) => get<T>(path, {}, signal) });

export const variantsQuery = (params: Params) => paged<VariantRow>('variants', '/variants', params);
export const variantQuery = (id: string) => one<VariantDetail>(['variant', id], `/variants/${id}`);
export const problemsQuery = one<ProblemCounts>(['problems'], '/variants/problems');
export const offersQuery = (params: Params) => paged<OfferRow>('offers', '/offers', params);
export const offerQuery = (id: string) => one<OfferDetail>(['offer', id], `/offers/${id}`);

/** Rows of a sheet are not asked for again while somebody types in them. */
export const sheetQuery = infiniteQueryOptions({
  queryKey: ['sheet'],
  queryFn: ({ pageParam, signal }) => get<VariantSheet>('/variants/sheet', { limit: 100, after: pageParam }, signal),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (last: VariantSheet) => last.next ?? undefined,
  staleTime: 0,
  gcTime: 0,
  refetchOnWindowFocus: false,
});

export interface RowEdit {
  sku: string;
  fields: Readonly<Record<string, string>>;
  locked?: readonly string[];
}
export interface RowError {
  row: number;
  sku: string;
  field: string;
  value: string;
  why: string;
}
export interface EditAnswer {
  said: string;
  changed: number;
  errors: RowError[];
}

const mostRows = 2_000;

/** Sends edits, or only asks what they would do; what was done can be taken back from the message about it. */
export function useEdit(): (rows: readonly RowEdit[], dryRun?: boolean) => Promise<EditAnswer | null> {
  const client = useQueryClient();
  const fresh = (): void => {
    for (const key of ['catalog', 'sheet', 'listings']) void client.invalidateQueries({ queryKey: [key] });
  };
  const back = async (undo: string): Promise<void> => {
    try {
      say((await post<Done>(`/undo/${undo}`)).said);
      fresh();
    } catch (error) {
      sayFailure(error);
    }
  };
  return async (rows, dryRun = false) => {
    try {
      const answer: EditAnswer = { said: '', changed: 0, errors: [] };
      for (let from = 0; from < rows.length; from += mostRows) {
        const done = await post<Done>('/variants/edit', { rows: rows.slice(from, from + mostRows) }, dryRun ? { dry_run: true } : {});
        const { changed = 0, errors = [], undo } = (done.more ?? {}) as { changed?: number; errors?: RowError[]; undo?: string };
        answer.said = done.said;
        answer.changed += changed;
        answer.errors.push(...errors.map((error) => ({ ...error, row: error.row + from })));
        if (!dryRun && changed > 0) say(done.said, undo ? { undo: () => void back(undo) } : {});
      }
      if (!dryRun && answer.changed > 0) fresh();
      return answer;
    } catch (error) {
      sayFailure(error);
      return null;
    }
  };
}
