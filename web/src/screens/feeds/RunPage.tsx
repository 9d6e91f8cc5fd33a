import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { feedChangesQuery, feedRunQuery } from '../../api/queries.ts';
import type { FeedRunDetail } from '../../api/types.ts';
import { useDo } from '../../parts/act.tsx';
import { Badge } from '../../parts/Badge.tsx';
import { Button } from '../../parts/Button.tsx';
import { whoOf } from '../../parts/facts.ts';
import { counted, showBytes, showCount, showShare } from '../../parts/format.ts';
import { useKeys } from '../../parts/keys.ts';
import { Pairs, Section, TableBox } from '../../parts/Layout.tsx';
import { useAddress } from '../../parts/search.ts';
import { Answered } from '../../parts/States.tsx';
import { To, useGo } from '../../parts/To.tsx';
import { Time } from '../../parts/Values.tsx';
import { Changes } from './Changes.tsx';
import { Columns } from './Columns.tsx';
import { ReleaseDialog } from './ReleaseDialog.tsx';
import { fieldWord, guardWords, runCode, runSentence, transportWord } from './words.ts';

export function FeedRunPage() {
  const { id = '' } = useParams({ strict: false });
  const query = useQuery({ ...feedRunQuery(id), refetchInterval: ({ state }) => (isOpen(state.data) ? 1_500 : false) });
  return (
    <Answered query={query} what="The feed run" rows={14}>
      {(run) => <Page run={run} />}
    </Answered>
  );
}

const isOpen = (run: FeedRunDetail | undefined): boolean => run?.state === 'waiting' || run?.state === 'running';
const changedIn = ({ rows }: FeedRunDetail): number => (rows['new'] ?? 0) + (rows['changed'] ?? 0) + (rows['gone'] ?? 0);

const Page = ({ run }: { run: FeedRunDetail }) => (
  <article className="page">
    <header className="page-head">
      <p className="crumb">
        <To href="/feeds">Feeds</To> / <To href={`/feeds/${run.supplier.id}`}>{run.supplier.name}</To>
      </p>
      <div className="page-title">
        <h1>
          <bdi>{run.name}</bdi>
        </h1>
        <Badge of="feed" code={runCode(run.state, changedIn(run))} />
      </div>
      <p className={run.state === 'held' || run.state === 'failed' ? 'tone-text-crit' : 'dim'}>{runSentence(run)}</p>
      {run.progress ? (
        <progress className="feed-progress" aria-label="Read so far" value={run.progress.done} max={Math.max(1, run.progress.total)} />
      ) : null}
      <Actions run={run} />
    </header>
    <div className="page-columns">
      <div className="page-main">
        {run.columns ? <Columns run={run} change={run.columns} /> : null}
        <Section title="Diff" id="diff">
          <Diff run={run} />
        </Section>
        {run.refused.length > 0 ? <Refused run={run} /> : null}
      </div>
      <Aside run={run} />
    </div>
  </article>
);

function Actions({ run }: { run: FeedRunDetail }) {
  const act = useDo();
  const go = useGo();
  const [address, change] = useAddress();
  const releasing = address['release'] === '1';
  const path = `/feed-runs/${run.id}`;
  const held = run.state === 'held';
  const reject = (): void => act({ path: `${path}/reject`, label: 'Reject it', ask: true });
  const back = (): void =>
    act({
      path: `${path}/roll-back`,
      label: 'Roll back to this run',
      ask: true,
      danger: true,
      warning: 'Stock and cost go back; titles stay. Roll back to a later run to undo it.',
    });
  const look = (): void => act({ path: `/feeds/${run.supplier.id}/run`, label: 'Look for a new file' });
  useKeys({
    d: () => document.getElementById('diff')?.scrollIntoView(),
    r: look,
    ...(held ? { y: () => change({ release: '1' }), n: reject } : {}),
    ...(run.state === 'applied' ? { b: back } : {}),
  });
  return (
    <div className="page-actions">
      {held ? (
        <>
          <Button kind="primary" hint="Y" onClick={() => change({ release: '1' })}>
            Release…
          </Button>
          <Button hint="N" onClick={reject}>
            Reject
          </Button>
        </>
      ) : null}
      {isOpen(run) ? <Button onClick={() => act({ path: `${path}/cancel`, label: 'Stop it' })}>Stop</Button> : null}
      {run.state === 'applied' ? (
        <Button hint="B" onClick={back}>
          Roll back to this
        </Button>
      ) : null}
      {run.hasFile && !isOpen(run) ? (
        <Button
          onClick={() =>
            act({
              path: `${path}/replay`,
              label: 'Read it again',
              ask: true,
              warning: 'By the mapping of today; the guards look at it as at a new file.',
              after: () => go(`/feeds/${run.supplier.id}`),
            })
          }
        >
          Replay
        </Button>
      ) : null}
      {run.before && run.state === 'applied' ? (
        <To href={`/feeds/${run.supplier.id}?from=${run.before}&to=${run.id}`} className="link page-link">
          Compare runs
        </To>
      ) : null}
      {releasing && held ? <ReleaseDialog run={run} onClose={() => change({ release: undefined })} /> : null}
    </div>
  );
}

const tabs = [
  ['', 'Movers'],
  ['flagged', 'Flagged'],
  ['cost', 'Cost'],
  ['stock', 'Stock'],
  ['new', 'New'],
  ['gone', 'Gone'],
  ['title', 'Title'],
] as const;

function Diff({ run }: { run: FeedRunDetail }) {
  const [address, change] = useAddress();
  const what = address['what'] ?? '';
  const signed = [
    ['+', run.rows['new'], 'new'],
    ['−', run.rows['gone'], 'gone'],
    ['±', run.counts['cost'], 'cost'],
    ['±', run.counts['stock'], 'stock'],
  ] as const;
  if (!run.hasChanges && changedIn(run) > 0) return <p className="dim">What it changed is not kept any longer, row by row.</p>;
  const shown = tabs.filter(([key]) => key === '' || (run.counts[key] ?? 0) > 0);
  return (
    <>
      <p className="feed-counts">
        {signed.map(([sign, count, word]) => (
          <span key={word} className={count ? 'num strong' : 'num dim'}>
            {sign}
            {showCount(count ?? 0)} <span className="dim">{word}</span>
          </span>
        ))}
      </p>
      <div className="feed-tabs" role="group" aria-label="Which changes">
        {shown.map(([key, word]) => (
          <button
            key={key}
            type="button"
            className="feed-tab"
            aria-pressed={key === what}
            onClick={() => change({ what: key || undefined })}
          >
            {word}
            {key === '' ? '' : ` ${showCount(run.counts[key] ?? 0)}`}
          </button>
        ))}
      </div>
      {what === '' ? <Movers run={run} /> : <Listed run={run} what={what} />}
    </>
  );
}

const Movers = ({ run }: { run: FeedRunDetail }) =>
  run.movers.length === 0 ? (
    <p className="dim">No cost and no stock moves.</p>
  ) : (
    <Changes rows={run.movers} label="Biggest movers, before and after" />
  );

function Listed({ run, what }: { run: FeedRunDetail; what: string }) {
  const query = useInfiniteQuery(feedChangesQuery(run.id, what));
  return (
    <Answered query={query} what="The changes" rows={8}>
      {({ pages }) => (
        <>
          <Changes rows={pages.flatMap(({ data }) => data)} label={`Offers: ${what}`} />
          {what === 'new' && (run.rows['new'] ?? 0) > 1_000 ? <p className="dim">Of new offers the first thousand are shown.</p> : null}
          {query.hasNextPage ? (
            <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
              More
            </Button>
          ) : null}
        </>
      )}
    </Answered>
  );
}

const shownRefused = 50;

const Refused = ({ run }: { run: FeedRunDetail }) => (
  <Section
    title={`${counted(run.rows['refused'] ?? 0, 'row')} not taken`}
    tools={
      run.hasFile ? (
        <a className="link" href={`/v1/feed-runs/${run.id}/rejects`} download>
          As CSV with reasons
        </a>
      ) : null
    }
  >
    <TableBox label="Rows that were not taken">
      <thead>
        <tr>
          <th scope="col" className="end">
            Line
          </th>
          <th scope="col">Field</th>
          <th scope="col">Value</th>
          <th scope="col">Why</th>
        </tr>
      </thead>
      <tbody>
        {run.refused.slice(0, shownRefused).map(({ line, field, value, why }) => (
          <tr key={`${line} ${field ?? ''}`}>
            <td className="end num">{line}</td>
            <td>{field === null ? '' : fieldWord(field)}</td>
            <td>
              <code className="feed-value">{value}</code>
            </td>
            <td>{why}</td>
          </tr>
        ))}
      </tbody>
    </TableBox>
  </Section>
);

const stageWords: Readonly<Record<string, string>> = {
  fetch: 'Fetch',
  map: 'Map',
  read: 'Read',
  check: 'Check',
  hold: 'Hold',
  apply: 'Apply',
};
const msWord = (ms: number): string => (ms < 1_000 ? `${ms} ms` : `${(ms / 1_000).toFixed(1)} s`);

const Aside = ({ run }: { run: FeedRunDetail }) => (
  <div className="page-aside">
    <Section title="Stages">
      <ol className="feed-stages">
        {run.stages.map(({ name, ms }) => (
          <li key={name}>
            <span>{stageWords[name] ?? name}</span>
            <span className="num dim">{msWord(ms)}</span>
          </li>
        ))}
        {run.stages.length === 0 ? <li className="dim">{run.kind === 'rollback' ? 'Put back at once.' : 'Not begun.'}</li> : null}
      </ol>
    </Section>
    <Section title="What arrived">
      <Pairs
        of={[
          { name: 'By', value: run.origin ? transportWord(run.origin) : '' },
          { name: 'Who', value: whoOf(run.actor, '') },
          { name: 'Size', value: run.bytes > 0 ? showBytes(run.bytes) : '' },
          { name: 'Counted', value: <Time at={run.observedAt} /> },
          { name: 'Begun', value: <Time at={run.startedAt} /> },
          { name: 'Ended', value: <Time at={run.endedAt} /> },
          { name: 'SHA-256', value: run.hash ? <code title={run.hash}>{run.hash.slice(0, 16)}…</code> : '' },
          {
            name: 'Raw file',
            value: run.hasFile ? (
              <a className="link" href={`/v1/feed-runs/${run.id}/file`} download>
                Download
              </a>
            ) : (
              ''
            ),
          },
          { name: 'Released', value: run.part ? partWords(run.part) : '' },
          run.basedOn
            ? { name: run.kind === 'rollback' ? 'Back to' : 'Replay of', value: <To href={`/feeds/runs/${run.basedOn}`}>that run</To> }
            : null,
        ]}
      />
    </Section>
    <Section title="Guardrails">
      <ul className="feed-guards">
        {run.guards.map(({ guard, count, of, limit, why }) => (
          <li key={guard} className={why ? 'tone-text-crit' : ''}>
            <span className="feed-guard-name">
              {why ? '! ' : ''}
              {guardWords[guard] ?? guard}
            </span>
            <span className="num dim">
              {limit === null ? (why ? 'yes' : 'no') : `${showShare(of === 0 ? 0 : count / of)} of ${showShare(limit)}`}
            </span>
          </li>
        ))}
        {run.guards.length === 0 ? <li className="dim">Nothing was measured.</li> : null}
      </ul>
    </Section>
  </div>
);

function partWords(part: Readonly<Record<string, boolean | undefined>>): string {
  const left = Object.entries(part).flatMap(([name, taken]) =>
    taken === false ? [name === 'flagged' ? 'flagged rows' : name === 'fresh' ? 'new offers' : name] : [],
  );
  return `all but ${left.join(', ')}`;
}
