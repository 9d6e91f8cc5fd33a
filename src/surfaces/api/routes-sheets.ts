import type { FastifyInstance } from 'fastify';
import { type Static, Type } from 'typebox';
import { isWorkbook, readSheet } from '#formats/xlsx';
import { readZip } from '#formats/zip';
import { problem } from '#kernel/problem';
import { Unreadable } from '#kernel/unreadable';
import { type Rooms, schemaOf } from './route.ts';

const mostBytes = 10_000_000;
const mostRows = 50_000;
const type = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

const Rows = Type.Object({ rows: Type.Array(Type.Array(Type.String()), { description: 'Cells as a person sees them, the header first' }) });

/** A workbook that was edited elsewhere, as rows of texts: nothing is changed by it. What of it is taken is asked for as edits. */
export function sheetReading({ app }: Rooms): void {
  void app.register(async (scope: FastifyInstance) => {
    scope.addContentTypeParser(type, { parseAs: 'buffer', bodyLimit: mostBytes }, (_request, body, done) => done(null, body));
    scope.route({
      method: 'POST',
      url: '/variants/sheet/read',
      bodyLimit: mostBytes,
      schema: schemaOf({
        needs: 'catalog:read',
        of: 'Catalog',
        summary: 'Read the first sheet of a workbook (XLSX) as rows of texts',
        answer: Rows,
      }),
      config: { needs: 'catalog:read' },
      handler: async (request): Promise<Static<typeof Rows>> => {
        if (!Buffer.isBuffer(request.body)) throw problem('unsupported-content', `A workbook is sent as the body, as ${type}.`);
        return { rows: await rowsOf(request.body) };
      },
    });
  });
}

async function rowsOf(bytes: Uint8Array): Promise<string[][]> {
  const rows: string[][] = [];
  try {
    const entries = readZip(bytes, 'the workbook');
    if (!isWorkbook(entries))
      throw problem('unsupported-content', 'The file is no workbook (XLSX).', { fix: 'Save it as XLSX, or as CSV.' });
    for await (const { cells } of readSheet(bytes, entries, 'the workbook')) {
      rows.push(cells);
      if (rows.length > mostRows)
        throw problem('too-large', `The sheet has more than ${mostRows} rows.`, {
          fix: 'Bring it back in parts, or by "stockless variants edit".',
        });
    }
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    throw problem('unsupported-content', `The workbook cannot be read: ${error.message}`, { fix: error.fix });
  }
  return rows;
}
