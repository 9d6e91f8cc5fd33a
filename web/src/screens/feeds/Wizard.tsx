import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { feedQuery } from '../../api/queries.ts';
import type { FeedDetail, FeedPreview } from '../../api/types.ts';
import { Button } from '../../parts/Button.tsx';
import { counted, showBytes, showCount, showMoney } from '../../parts/format.ts';
import { useKeys } from '../../parts/keys.ts';
import { TableBox } from '../../parts/Layout.tsx';
import { Answered } from '../../parts/States.tsx';
import { To, useGo } from '../../parts/To.tsx';
import { GuardStep, ScheduleStep } from './Rules.tsx';
import { SourceStep } from './SourceStep.tsx';
import { LayoutOf } from './Layout.tsx';
import { TransformsOf } from './Transforms.tsx';
import { useWizard, withField, type Wizard } from './useWizard.ts';
import { fieldWord } from './words.ts';

/** From a file to a feed: where from, how it is written, what its columns mean, what it would look like, what must never happen, when. */
export function FeedWizardPage() {
  const { id = '' } = useParams({ strict: false });
  const query = useQuery({ ...feedQuery(id), staleTime: Number.POSITIVE_INFINITY });
  return (
    <Answered query={query} what="The feed" rows={12}>
      {(feed) => <Steps key={feed.supplier.id} feed={feed} />}
    </Answered>
  );
}

const Step = ({ number, title, children, tools }: { number: number; title: string; children: ReactNode; tools?: ReactNode }) => (
  <section className="feed-step" aria-label={title}>
    <header className="section-head">
      <h2>
        <span className="feed-step-number num">{number}</span> {title}
      </h2>
      {tools}
    </header>
    {children}
  </section>
);

function Steps({ feed }: { feed: FeedDetail }) {
  const go = useGo();
  const wizard = useWizard(feed, go);
  const { draft, preview, look, save } = wizard;
  const missing = missingIn(wizard);
  const ready = missing.length === 0;
  useKeys({ 'mod+enter': () => (ready ? save.mutate() : undefined) });
  return (
    <article className="page feed-wizard">
      <header className="page-head">
        <p className="crumb">
          <To href="/feeds">Feeds</To> / <To href={`/feeds/${feed.supplier.id}`}>{feed.supplier.name}</To>
        </p>
        <h1>Set up the feed</h1>
      </header>
      <Step number={1} title="How do they send stock and cost?">
        <SourceStep wizard={wizard} feed={feed} />
      </Step>
      {preview ? (
        <>
          <Step number={2} title="How it is written">
            <Detected wizard={wizard} preview={preview} />
          </Step>
          <Step number={3} title="What its columns mean">
            <Mapping wizard={wizard} preview={preview} />
            <TransformsOf wizard={wizard} preview={preview} />
          </Step>
          <Step number={4} title="What it would look like">
            <Rows preview={preview} busy={look.isPending} />
          </Step>
        </>
      ) : null}
      <Step number={preview ? 5 : 2} title="What must never happen">
        <GuardStep wizard={wizard} />
      </Step>
      {draft.transport === 'upload' ? null : (
        <Step number={preview ? 6 : 3} title="When we look">
          <ScheduleStep wizard={wizard} zone={feed.timeZone} />
        </Step>
      )}
      <footer className="feed-foot">
        {ready ? null : <p className="dim">{missing.join(' ')}</p>}
        <Button kind="primary" hint="⌘↵" busy={save.isPending} disabled={!ready || save.isPending} onClick={() => save.mutate()}>
          {preview ? 'Save and run' : 'Save'}
        </Button>
      </footer>
    </article>
  );
}

function missingIn({ draft, preview, look }: Wizard): string[] {
  return [
    ...(draft.absence === null ? ['Choose what becomes of an offer that a file no longer has.'] : []),
    ...(preview && !preview.columns.some(({ field }) => field === 'supplierSku') ? ["Say which column holds the supplier's SKU."] : []),
    ...(look.isPending ? ['The file is being read.'] : []),
  ];
}

const encodings = [
  'utf-8',
  'utf-16le',
  'utf-16be',
  'windows-1252',
  'windows-1251',
  'windows-1250',
  'iso-8859-1',
  'iso-8859-2',
  'iso-8859-15',
  'koi8-r',
  'shift_jis',
  'gb18030',
  'cp437',
  'cp850',
];
const delimiters = [
  [',', 'comma'],
  [';', 'semicolon'],
  ['\t', 'tab'],
  ['|', 'bar'],
] as const;

/** What was read from the file, each word a control. */
function Detected({ wizard, preview }: { wizard: Wizard; preview: FeedPreview }) {
  const { detected } = preview;
  const [records, setRecords] = useState(detected.records ?? '');
  const isText = detected.delimiter !== null;
  return (
    <>
      <p>
        <strong>{detected.sentence}</strong>{' '}
        <span className="dim">{`${preview.name}, ${showBytes(preview.bytes)}, read in ${preview.ms} ms`}</span>
      </p>
      <div className="feed-fields">
        <label className="field">
          <span>Encoding</span>
          <select value={detected.encoding.toLowerCase()} onChange={(event) => wizard.map({ encoding: event.target.value })}>
            {[...new Set([detected.encoding.toLowerCase(), ...encodings])].map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
        {isText || detected.format === 'fixed-width' ? <Delimiter wizard={wizard} delimiter={detected.delimiter} /> : null}
        <label className="field">
          <span>Decimals</span>
          <select value={detected.decimal ?? ''} onChange={(event) => wizard.map({ decimal: event.target.value as '.' | ',' })}>
            {detected.decimal === null ? <option value="">not clear</option> : null}
            <option value=".">point, 12.50</option>
            <option value=",">comma, 12,50</option>
          </select>
        </label>
        {isText || detected.format === 'fixed-width' ? (
          <label className="field">
            <span>Names on row (0: none)</span>
            <input
              type="number"
              min={0}
              max={1000}
              value={detected.headerRow ?? 0}
              onChange={(event) => wizard.map({ headerRow: Number(event.target.value) > 0 ? Number(event.target.value) : null })}
            />
          </label>
        ) : null}
        <LayoutOf wizard={wizard} preview={preview} />
        {detected.records === null ? null : (
          <label className="field">
            <span>Path of one record</span>
            <input
              value={records}
              onChange={(event) => setRecords(event.target.value)}
              onBlur={() => (records && records !== detected.records ? wizard.map({ records }) : undefined)}
            />
          </label>
        )}
      </div>
      {detected.notes.map((note) => (
        <p key={note} className="tone-text-risk">
          ! {note}
        </p>
      ))}
      {wizard.look.error ? <p className="tone-text-crit">{wizard.look.error.message}</p> : null}
    </>
  );
}

const fixed = 'fixed';

function Delimiter({ wizard, delimiter }: { wizard: Wizard; delimiter: string | null }) {
  const known = delimiter === null || delimiters.some(([sign]) => sign === delimiter);
  const choose = (sign: string): void =>
    wizard.map(sign === fixed ? { delimiter: undefined, starts: [1] } : { delimiter: sign, starts: undefined });
  return (
    <label className="field">
      <span>Columns by</span>
      <select value={delimiter ?? fixed} onChange={(event) => choose(event.target.value)}>
        {known ? null : <option>{delimiter}</option>}
        {delimiters.map(([sign, word]) => (
          <option key={sign} value={sign}>
            {word}
          </option>
        ))}
        <option value={fixed}>fixed width</option>
      </select>
    </label>
  );
}

const pinned = ['supplierSku', 'cost', 'quantity'];
const sureWords = { sure: 'sure', likely: 'likely', guess: 'guess', said: 'chosen' } as const;

function Mapping({ wizard, preview }: { wizard: Wizard; preview: FeedPreview }) {
  const found = new Set(preview.columns.map(({ field }) => field));
  const lacking = pinned.filter((field) => !found.has(field));
  return (
    <>
      {lacking.length > 0 ? <p className="tone-text-risk">! No column is read as {lacking.map(fieldWord).join(', ')}.</p> : null}
      <TableBox label="Columns of the file and what they mean">
        <thead>
          <tr>
            <th scope="col">Their column</th>
            <th scope="col">Samples</th>
            <th scope="col">Our field</th>
            <th scope="col">How sure</th>
          </tr>
        </thead>
        <tbody>
          {preview.columns.map(({ name, samples, field, sureness }) => (
            <tr key={name}>
              <td>
                <code>{name}</code>
              </td>
              <td className="dim feed-samples">
                <bdi>{samples.join(' · ')}</bdi>
              </td>
              <td>
                <select
                  aria-label={`What ${name} means`}
                  value={field ?? ''}
                  onChange={(event) => wizard.map({ columns: withField(preview, wizard.draft.mapping, name, event.target.value) })}
                >
                  <option value="">—</option>
                  {preview.fields.map((one) => (
                    <option key={one} value={one}>
                      {fieldWord(one)}
                    </option>
                  ))}
                </select>
              </td>
              <td>{sureness ? <span className={`feed-sure feed-sure-${sureness}`}>{sureWords[sureness]}</span> : null}</td>
            </tr>
          ))}
        </tbody>
      </TableBox>
    </>
  );
}

const shownFields = [
  ['supplierSku', "Supplier's SKU"],
  ['title', 'Title'],
  ['costMinor', 'Cost'],
  ['quantity', 'Stock'],
  ['brand', 'Brand'],
  ['gtin', 'GTIN'],
  ['packSize', 'Pack'],
] as const;

function Rows({ preview, busy }: { preview: FeedPreview; busy: boolean }) {
  const [odd, setOdd] = useState(false);
  const { counts, problems, trouble } = preview;
  const rows = odd ? preview.odd : preview.rows;
  const fields = shownFields.filter(
    ([field]) => preview.rows.some(({ cells }) => cells[field] !== undefined && cells[field] !== null) || pinned.includes(field),
  );
  return (
    <div aria-busy={busy}>
      <p className="feed-counts" role="status">
        <span className="num strong">{showCount(counts.fine)} fine</span>
        <span className={counts.warnings > 0 ? 'num strong tone-text-risk' : 'num dim'}>{counted(counts.warnings, 'warning')}</span>
        <span className={counts.errors > 0 ? 'num strong tone-text-crit' : 'num dim'}>{counted(counts.errors, 'error')}</span>
        {preview.isCut ? <span className="dim">of the first {showCount(counts.rows)} rows</span> : null}
        <label className="feed-check">
          <input type="checkbox" checked={odd} onChange={(event) => setOdd(event.target.checked)} />
          <span>Only problems</span>
        </label>
      </p>
      {trouble ? (
        <p className="tone-text-crit">
          ! {trouble.message}. {trouble.fix}.
        </p>
      ) : null}
      {odd && problems.length > 0 ? (
        <ul className="feed-problems">
          {problems.slice(0, 50).map(({ line, kind, field, value, why }) => (
            <li key={`${line} ${field ?? ''} ${why}`} className={kind === 'error' ? 'tone-text-crit' : 'tone-text-risk'}>
              <span className="num">line {line}</span> {field ? `${fieldWord(field)} ` : ''}
              {value ? <code>{value}</code> : null} {why}
            </li>
          ))}
        </ul>
      ) : null}
      {rows.length > 0 ? (
        <TableBox label={odd ? 'Rows with warnings, after transforms' : 'The first rows, after transforms'}>
          <thead>
            <tr>
              <th scope="col" className="end">
                Line
              </th>
              {fields.map(([field, word]) => (
                <th key={field} scope="col">
                  {word}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ line, cells, problems: here }) => (
              <tr key={line} className={here.length > 0 ? 'feed-flagged' : ''}>
                <td className="end num dim">{line}</td>
                {fields.map(([field]) => (
                  <td key={field} className="feed-cell">
                    {shownCell(field, cells)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </TableBox>
      ) : (
        <p className="dim">{odd ? 'No row has a warning.' : 'No row can be read.'}</p>
      )}
    </div>
  );
}

function shownCell(field: string, cells: FeedPreview['rows'][number]['cells']): ReactNode {
  const value = cells[field];
  if (field === 'costMinor')
    return value === null || value === undefined ? (
      <span className="dim">—</span>
    ) : (
      <span className="num">{showMoney({ minor: String(value), currency: String(cells['currency'] ?? 'EUR') })}</span>
    );
  if (field === 'quantity' && (value === null || value === undefined))
    return cells['available'] === true ? (
      'in stock'
    ) : cells['available'] === false ? (
      <span className="num">0</span>
    ) : (
      <span className="dim">—</span>
    );
  return value === null || value === undefined ? <span className="dim">—</span> : <bdi>{String(value)}</bdi>;
}
