import { type Answered, json } from './answer.ts';

export const refusal = (status: number, message: string, parameters: unknown[] = []): Answered => json(status, { message, parameters });

/** Filters of a search, by field; and which page of how many is wanted. */
export function searchOf(query: URLSearchParams): { filters: Map<string, string>; size: number; page: number } {
  const filters = new Map<string, string>();
  for (let group = 0; query.has(`searchCriteria[filter_groups][${group}][filters][0][field]`); group += 1) {
    const at = `searchCriteria[filter_groups][${group}][filters][0]`;
    filters.set(`${query.get(`${at}[field]`)} ${query.get(`${at}[condition_type]`)}`, query.get(`${at}[value]`) ?? '');
  }
  return {
    filters,
    size: Number(query.get('searchCriteria[pageSize]') ?? '20'),
    page: Number(query.get('searchCriteria[currentPage]') ?? '1'),
  };
}

/** Beyond the last page comes the last page again. */
export function cut<Row>(rows: readonly Row[], size: number, page: number): Row[] {
  const last = Math.max(1, Math.ceil(rows.length / size));
  const at = Math.min(page, last);
  return rows.slice((at - 1) * size, at * size);
}

export const foundOf = (items: unknown[], total: number): Answered =>
  json(200, { items, search_criteria: { filter_groups: [] }, total_count: total });
