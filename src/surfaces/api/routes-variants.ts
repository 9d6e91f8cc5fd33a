import { Readable } from 'node:stream';
import { Type } from 'typebox';
import { csvLine } from '#formats/csv';
import { writeSheet } from '#formats/xlsx';
import { problem } from '#kernel/problem';
import {
  cellsOf,
  countProblems,
  findVariant,
  problemsWith,
  requiredFields,
  variantFields,
  variantHistory,
  variantsFrom,
  type VariantNow,
} from '#modules/catalog';
import { listListings, listOffers, listVariants } from '#modules/insight';
import type { Database } from '#platform/db';
import { acts } from './act.ts';
import { idIn } from './check.ts';
import { callerIn, IdParam, reads, route, type Rooms } from './route.ts';
import { sheetReading } from './routes-sheets.ts';
import { ListQuery } from './schemas.ts';
import { ExportQuery, OfferDetail, ProblemCounts, VariantDetail, VariantSheet } from './schemas-variants.ts';
import { at, maybeAt } from './show.ts';
import { listingOf } from './show-listings.ts';
import { offerOf, variantOf } from './show-parties.ts';

const of = 'Catalog';
const needs = 'catalog:read';
const most = { limit: 100, after: null };

export function variantRoutes(rooms: Rooms): void {
  sheetRoutes(rooms);
  sheetReading(rooms);
  reads(
    rooms,
    '/variants/:id',
    {
      needs,
      summary: 'A variant: its values, what is wrong with them, who offers it, where it is sold, and every change',
      of,
      params: IdParam,
      answer: VariantDetail,
    },
    async (tx, { params }) => {
      const id = idIn('variant', params.id);
      const variant = await findVariant(tx, id);
      if (!variant) return null;
      const { rows } = await listVariants(tx, { id }, most);
      const [row] = rows;
      if (!row) return null;
      const problems = await problemsWith(tx, [id]);
      const offers = await listOffers(tx, { variant: id }, most);
      const listings = await listListings(tx, { variant: id }, most);
      const history = await variantHistory(tx, id);
      return {
        ...variantOf(row),
        cells: { ...cellsOf(variant) },
        locked: [...variant.locked],
        problems: problems.map(({ kind, detail }) => ({ kind, said: detail })),
        offersBehind: offers.rows.map(offerOf),
        listed: listings.rows.map(listingOf),
        history: history.map(({ id: _id, at: when, undone_at, ...change }) => ({ ...change, at: at(when), undoneAt: maybeAt(undone_at) })),
      };
    },
  );
  route(
    rooms,
    'GET',
    '/offers/:id',
    { needs, summary: "An offer as it was understood, beside the supplier's own line", of, params: IdParam, answer: OfferDetail },
    async ({ params, request }) => {
      const tenant = callerIn(request).tenant.id;
      const id = idIn('offer', params.id);
      const found = await rooms.deps.db.tx(tenant, async (tx) => (await listOffers(tx, { id }, most)).rows[0]);
      if (!found) return null;
      const line =
        (await rooms.deps.feeds?.line(tenant, { supplierId: found.supplier_id, sku: found.supplier_sku })) ?? 'Files are kept elsewhere.';
      const raw = typeof line === 'string' ? null : line;
      return { ...offerOf(found), mpn: found.mpn, raw, rawWhy: typeof line === 'string' ? line : '' };
    },
  );
  const about = { needs: 'catalog:write', of, kind: 'variant' } as const;
  acts(rooms, '/variants/edit', {
    ...about,
    summary: 'Edit variants, each row for itself; rows that cannot be taken say why, and all of it can be taken back',
    action: 'edit',
  });
  acts(rooms, '/variants/required', { ...about, method: 'PUT', summary: 'Say what a variant has to have', action: 'require' });
}

function sheetRoutes(rooms: Rooms): void {
  reads(rooms, '/variants/problems', { needs, summary: 'How many variants have which problem', of, answer: ProblemCounts }, async (tx) => ({
    data: await countProblems(tx),
    required: Object.fromEntries(Object.entries(await requiredFields(tx)).map(([code, fields]) => [code, [...fields]])),
  }));
  reads(
    rooms,
    '/variants/sheet',
    { needs, summary: 'Variants as rows of a sheet, by SKU', of, query: ListQuery({}), answer: VariantSheet },
    async (tx, { query }) => {
      const limit = query.limit ?? 50;
      const from = query.after === undefined ? '' : Buffer.from(query.after, 'base64url').toString('utf8');
      if (from.includes('\0')) throw problem('bad-request', 'The cursor in "after" is not one of this list.', { param: 'after' });
      const rows = await variantsFrom(tx, from, limit);
      const problems = Map.groupBy(
        await problemsWith(
          tx,
          rows.map(({ id }) => id),
        ),
        ({ id }) => id,
      );
      return {
        data: rows.map((row) => ({
          sku: row.sku,
          cells: { ...cellsOf(row) },
          locked: [...row.locked],
          problems: (problems.get(row.id) ?? []).map(({ kind, detail }) => ({ kind, said: detail })),
        })),
        next: rows.length < limit ? null : Buffer.from(rows.at(-1)?.sku ?? '').toString('base64url'),
      };
    },
  );
  exportRoute(rooms);
}

/** All of it as a file that can be edited in a spreadsheet and brought back. */
function exportRoute(rooms: Rooms): void {
  rooms.app.route({
    method: 'GET',
    url: '/variants/export',
    schema: {
      summary: 'What we sell as CSV or XLSX, to be edited and brought back',
      tags: [of],
      querystring: ExportQuery,
      response: { 200: Type.String({ description: 'The bytes' }) },
    },
    serializerCompiler: () => (data) => String(data),
    config: { needs },
    handler: async (request, reply) => {
      const tenant = callerIn(request).tenant.id;
      const { format = 'csv' } = request.query as { format?: 'csv' | 'xlsx' };
      reply.header('content-disposition', `attachment; filename="variants.${format}"`);
      if (format === 'csv') return reply.type('text/csv; charset=utf-8').send(Readable.from(csvOf(rooms.deps.db, tenant)));
      const rows: string[][] = [[...sheetColumns]];
      for await (const page of pagesOf(rooms.deps.db, tenant)) rows.push(...page.map(sheetRow));
      return reply
        .type('application/vnd.openxmlformats-officedocument.spreadsheetml.sheet')
        .send(Buffer.from(await writeSheet('Variants', rows)));
    },
  });
}

const sheetColumns = ['sku', ...variantFields] as const;
const sheetRow = (variant: VariantNow): string[] => {
  const cells = cellsOf(variant);
  return [variant.sku, ...variantFields.map((field) => cells[field])];
};
const rowsAtOnce = 5_000;

async function* pagesOf(db: Database, tenant: string): AsyncGenerator<VariantNow[]> {
  for (let from = ''; ; ) {
    const after = from;
    const page = await db.tx(tenant, (tx) => variantsFrom(tx, after, rowsAtOnce));
    if (page.length > 0) yield page;
    if (page.length < rowsAtOnce) return;
    from = page.at(-1)?.sku ?? '';
  }
}

async function* csvOf(db: Database, tenant: string): AsyncGenerator<string> {
  yield csvLine([...sheetColumns]);
  for await (const page of pagesOf(db, tenant)) yield page.map((variant) => csvLine(sheetRow(variant))).join('');
}
