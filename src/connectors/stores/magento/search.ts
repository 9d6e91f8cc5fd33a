type Filter = readonly [field: string, condition: 'eq' | 'gteq' | 'in', value: string];

/** Magento's search criteria as a query: each filter has to hold, oldest first, one page of so many. */
export function search(
  filters: readonly Filter[],
  { size, page, sort }: { size: number; page: number; sort: string },
): Record<string, string> {
  const query: Record<string, string> = {};
  filters.forEach(([field, condition, value], place) => {
    const at = `searchCriteria[filter_groups][${place}][filters][0]`;
    Object.assign(query, { [`${at}[field]`]: field, [`${at}[condition_type]`]: condition, [`${at}[value]`]: value });
  });
  return {
    ...query,
    'searchCriteria[sortOrders][0][field]': sort,
    'searchCriteria[sortOrders][0][direction]': 'ASC',
    'searchCriteria[pageSize]': String(size),
    'searchCriteria[currentPage]': String(page),
  };
}
