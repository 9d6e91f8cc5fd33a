import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { type ClipboardEvent, useRef, useState } from 'react';
import { meQuery } from '../../api/queries.ts';
import { Button } from '../../parts/Button.tsx';
import { readCsv } from '../../parts/csv.ts';
import { counted } from '../../parts/format.ts';
import { Answered, Empty } from '../../parts/States.tsx';
import { To } from '../../parts/To.tsx';
import { say, sayFailure } from '../../parts/toasts.tsx';
import { sendFile } from '../../api/client.ts';
import { type RowError, sheetQuery, useEdit } from './useCatalog.ts';
import { type Changes, editsIn, fieldNames, fields, type SheetRow, withCell, withPasted } from './words.ts';

type Shown = 'all' | 'changed' | 'errors';

/** What we sell as a sheet: typed into, pasted into from a spreadsheet, saved as a whole, taken back as a whole. */
export function SheetPage() {
  const query = useInfiniteQuery(sheetQuery);
  const mayWrite = useQuery(meQuery).data?.rights.includes('catalog:write') ?? false;
  return (
    <div className="screen">
      <header className="screen-head">
        <p className="crumb">
          <To href="/catalog">Catalog</To>
        </p>
        <h1>Sheet</h1>
      </header>
      <Answered query={query} what="The sheet" rows={14}>
        {({ pages }) => (
          <Body
            rows={pages.flatMap(({ data }) => data)}
            mayWrite={mayWrite}
            more={query.hasNextPage ? () => void query.fetchNextPage() : null}
            busy={query.isFetchingNextPage}
          />
        )}
      </Answered>
    </div>
  );
}

interface BodyProps {
  rows: readonly SheetRow[];
  mayWrite: boolean;
  more: (() => void) | null;
  busy: boolean;
}

function Body({ rows, mayWrite, more, busy }: BodyProps) {
  const edit = useEdit();
  const [changes, setChanges] = useState<Changes>({});
  const [errors, setErrors] = useState<readonly RowError[]>([]);
  const [shown, setShown] = useState<Shown>('all');
  const wrong = new Set(errors.map(({ sku }) => sku));
  const visible = rows.filter(({ sku }) => shown === 'all' || (shown === 'changed' ? changes[sku] : wrong.has(sku)));
  const save = async (): Promise<void> => {
    const answer = await edit(Object.entries(changes).map(([sku, cells]) => ({ sku, fields: cells })));
    if (!answer) return;
    setErrors(answer.errors);
    const bad = new Set(answer.errors.map(({ sku }) => sku));
    setChanges((before) => Object.fromEntries(Object.entries(before).filter(([sku]) => bad.has(sku))));
    if (answer.changed === 0) say(answer.said, { bad: true });
    setShown(answer.errors.length > 0 ? 'errors' : 'all');
  };
  if (rows.length === 0) return <Empty title="Nothing is sold yet" />;
  return (
    <>
      <div className="sheet-tools">
        <Filter shown={shown} onShow={setShown} changed={Object.keys(changes).length} errors={wrong.size} />
        <span className="sheet-grow" />
        <FileIn mayWrite={mayWrite} onErrors={setErrors} />
        <Button disabled={Object.keys(changes).length === 0} onClick={() => setChanges({})}>
          Discard
        </Button>
        <Button kind="primary" disabled={!mayWrite || Object.keys(changes).length === 0} onClick={() => void save()}>
          {Object.keys(changes).length === 0 ? 'Save' : `Save ${counted(Object.keys(changes).length, 'variant')}`}
        </Button>
      </div>
      {errors.length > 0 ? (
        <ul className="sheet-errors" aria-label="Rows that cannot be taken">
          {errors.slice(0, 50).map((error) => (
            <li key={`${error.row} ${error.field}`}>
              <strong>{error.sku}</strong> {fieldNames[error.field] ?? error.field} “{error.value}”: {error.why}
            </li>
          ))}
        </ul>
      ) : null}
      <Grid rows={visible} changes={changes} errors={errors} mayWrite={mayWrite} onChange={setChanges} />
      {more && shown === 'all' ? (
        <Button busy={busy} onClick={more}>
          More
        </Button>
      ) : null}
    </>
  );
}

const Filter = ({ shown, onShow, changed, errors }: { shown: Shown; onShow: (shown: Shown) => void; changed: number; errors: number }) => (
  <div className="match-acts" role="group" aria-label="Rows">
    {(
      [
        ['all', 'All'],
        ['changed', `Changed ${changed}`],
        ['errors', `Errors only ${errors}`],
      ] as const
    ).map(([name, label]) => (
      <Button key={name} kind={shown === name ? 'plain' : 'quiet'} onClick={() => onShow(name)}>
        {label}
      </Button>
    ))}
  </div>
);

interface GridProps {
  rows: readonly SheetRow[];
  changes: Changes;
  errors: readonly RowError[];
  mayWrite: boolean;
  onChange: (change: (before: Changes) => Changes) => void;
}

function Grid({ rows, changes, errors, mayWrite, onChange }: GridProps) {
  const whyOf = new Map(errors.map(({ sku, field, why }) => [`${sku} ${field}`, why]));
  const paste = (event: ClipboardEvent, row: number, field: string): void => {
    const text = event.clipboardData.getData('text/plain');
    if (!/[\t\n]/.test(text)) return;
    event.preventDefault();
    onChange((before) => withPasted(before, rows, { row, field }, text));
  };
  return (
    <div className="table-box sheet" tabIndex={0} role="region" aria-label="Sheet">
      <table className="table">
        <thead>
          <tr>
            <th scope="col">SKU</th>
            {fields.map((field) => (
              <th key={field} scope="col">
                {fieldNames[field]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, place) => (
            <tr key={row.sku}>
              <th scope="row">
                <bdi>{row.sku}</bdi>
              </th>
              {fields.map((field) => {
                const text = changes[row.sku]?.[field];
                const why = whyOf.get(`${row.sku} ${field}`);
                return (
                  <td key={field} className={why ? 'sheet-wrong' : text === undefined ? '' : 'sheet-changed'}>
                    <input
                      aria-label={`${fieldNames[field]} of ${row.sku}`}
                      aria-invalid={why !== undefined}
                      title={why ?? ''}
                      value={text ?? row.cells[field] ?? ''}
                      readOnly={!mayWrite}
                      maxLength={5_000}
                      onChange={(event) => onChange((before) => withCell(before, row, field, event.target.value))}
                      onPaste={(event) => paste(event, place, field)}
                    />
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const workbook = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** A CSV is read here, a workbook by the server. */
const rowsIn = async (file: File): Promise<string[][]> =>
  file.name.toLowerCase().endsWith('.xlsx')
    ? (await sendFile<{ rows: string[][] }>('/variants/sheet/read', file, workbook)).rows
    : readCsv(await file.text());

/** A CSV or workbook that was edited elsewhere: tried first, then taken as far as it is right. */
function FileIn({ mayWrite, onErrors }: { mayWrite: boolean; onErrors: (errors: readonly RowError[]) => void }) {
  const edit = useEdit();
  const input = useRef<HTMLInputElement>(null);
  const take = async (file: File): Promise<void> => {
    const rows = await rowsIn(file).catch((error: unknown) => {
      sayFailure(error);
      return null;
    });
    if (rows === null) return undefined;
    const edits = editsIn(rows);
    if (typeof edits === 'string') return say(edits, { bad: true });
    const answer = await edit(edits);
    if (!answer) return undefined;
    onErrors(answer.errors);
    if (answer.changed === 0 || answer.errors.length > 0) say(answer.said, { bad: answer.errors.length > 0 });
    return undefined;
  };
  return (
    <>
      <input
        ref={input}
        type="file"
        accept=".csv,.xlsx,text/csv"
        hidden
        onChange={(event) => {
          const [file] = event.target.files ?? [];
          event.target.value = '';
          if (file) void take(file);
        }}
      />
      <Button disabled={!mayWrite} onClick={() => input.current?.click()}>
        Bring back a CSV or XLSX
      </Button>
    </>
  );
}
