import { keepPreviousData, queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { get, post } from '../../api/client.ts';
import type { Listed } from '../../api/queries.ts';
import type { PriceFacets, PricePolicies, PricePreview, PriceProblemRow, PriceWhy, PublicationRow, RateRow } from '../../api/types.ts';
import type { Policy } from './draft.ts';

const one = <T>(key: string, path: string) =>
  queryOptions({ queryKey: ['pricing', key], queryFn: ({ signal }) => get<T>(path, {}, signal) });

export const rulesQuery = one<PricePolicies>('rules', '/pricing/rules');
export const facetsQuery = one<PriceFacets>('facets', '/pricing/facets');
export const ratesQuery = one<Listed<RateRow>>('rates', '/pricing/rates');
export const publicationsQuery = one<Listed<PublicationRow>>('publications', '/pricing/publications');
export const problemsQuery = one<Listed<PriceProblemRow>>('problems', '/pricing/problems?limit=200');
export const whyQuery = (channel: string, sku: string) =>
  queryOptions({
    queryKey: ['pricing', 'why', channel, sku],
    queryFn: ({ signal }) => get<{ data: PriceWhy | null }>('/pricing/why', { channel, sku }, signal),
  });

/** The value as it was when it had not changed for a moment: typing asks once, not at each letter. */
export function useSettled<T>(value: T, ms: number): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return settled;
}

/** What these rules would do; the answer before stays until the next one is there. */
export function usePreview(policy: Policy | null, focus: string | null) {
  const asked = useSettled(policy, 120);
  return useQuery({
    queryKey: ['pricing', 'preview', asked, focus],
    queryFn: () => post<PricePreview>('/pricing/preview', { policy: asked, ...(focus === null ? {} : { focus }) }),
    enabled: asked !== null,
    placeholderData: keepPreviousData,
    retry: false,
    staleTime: 30_000,
    gcTime: 60_000,
  });
}

/** Everything about prices is asked again: something was written. */
export function usePricesChanged(): () => Promise<void> {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: ['pricing'] });
}
