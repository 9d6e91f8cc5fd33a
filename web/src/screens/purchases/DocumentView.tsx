import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { documentPath, documentQuery } from '../../api/queries.ts';
import type { DocumentRow } from '../../api/types.ts';
import { Icon } from '../../parts/Icon.tsx';
import { Json } from '../../parts/Json.tsx';
import { TableBox } from '../../parts/Layout.tsx';
import { isNumeric, readCsv } from '../../parts/csv.ts';
import { showBytes } from '../../parts/format.ts';
import { Answered } from '../../parts/States.tsx';
import { Time } from '../../parts/Values.tsx';
import { wordOf } from '../../parts/status.ts';

/** How a document is best looked at, by its type and name. */
export function formOf({ type, name }: Pick<DocumentRow, 'type' | 'name'>): 'csv' | 'json' | 'text' | 'file' {
  const plain = type.split(';')[0]?.trim().toLowerCase() ?? '';
  if (plain.endsWith('json') || name.endsWith('.json')) return 'json';
  if (/csv|tab-separated/.test(plain) || /\.(csv|tsv)$/.test(name)) return 'csv';
  if (plain.startsWith('text/') && plain !== 'text/html') return 'text';
  if (plain.startsWith('message/') || plain.endsWith('xml')) return 'text';
  return 'file';
}

/** The very document, shown as what it is: a CSV as a table, JSON indented, a PDF behind its link. */
export function DocumentView({ document }: { document: DocumentRow }) {
  const form = formOf(document);
  const [raw, setRaw] = useState(false);
  const href = `/v1${documentPath(document.purchase, document.id)}`;
  return (
    <div className="document">
      <header className="document-head">
        <Icon name="purchases" />
        <a className="link strong" href={href} target="_blank" rel="noreferrer">
          <bdi>{document.name}</bdi>
        </a>
        <span className="dim num">
          {wordOf(document.kind)}, {showBytes(document.bytes)}, <Time at={document.at} />
        </span>
        {form === 'csv' || form === 'json' ? (
          <button type="button" className="gate-more document-raw" aria-pressed={raw} onClick={() => setRaw(!raw)}>
            {raw ? 'rendered' : 'raw'}
          </button>
        ) : null}
      </header>
      {form === 'file' ? (
        <p className="dim document-file">
          {/pdf/.test(document.type) ? 'A PDF, as it was attached.' : 'Not text.'}{' '}
          <a className="link" href={href} target="_blank" rel="noreferrer">
            Open it
          </a>
        </p>
      ) : (
        <Content document={document} form={raw ? 'text' : form} />
      )}
    </div>
  );
}

function Content({ document, form }: { document: DocumentRow; form: 'csv' | 'json' | 'text' }) {
  const query = useQuery(documentQuery(document.purchase, document.id));
  return (
    <Answered query={query} what="The document" rows={3}>
      {(text) => <Shown text={text} form={form} name={document.name} />}
    </Answered>
  );
}

/** Null where it is not JSON after all: it is shown as it is. */
function readJson(text: string): { value: unknown } | null {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return null;
  }
}

export function Shown({ text, form, name }: { text: string; form: 'csv' | 'json' | 'text'; name: string }) {
  if (form === 'csv') return <CsvTable text={text} name={name} />;
  const read = form === 'json' ? readJson(text) : null;
  if (read) return <Json value={read.value} label={name} />;
  return (
    <pre className="code" tabIndex={0} role="region" aria-label={name}>
      {text}
    </pre>
  );
}

const mostRows = 200;

function CsvTable({ text, name }: { text: string; name: string }) {
  const [head = [], ...rows] = readCsv(text);
  const ends = head.map((_, column) => isNumeric(rows, column));
  return (
    <>
      <TableBox label={name}>
        <thead>
          <tr>
            {head.map((cell, column) => (
              <th key={`${column}${cell}`} scope="col" className={ends[column] ? 'end' : ''}>
                {cell}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, mostRows).map((row, index) => (
            <tr key={index}>
              {row.map((cell, column) => (
                <td key={column} className={ends[column] ? 'end num' : 'cell-text'}>
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </TableBox>
      {rows.length > mostRows ? (
        <p className="dim">
          The first {mostRows} of {rows.length} rows.
        </p>
      ) : null}
    </>
  );
}
