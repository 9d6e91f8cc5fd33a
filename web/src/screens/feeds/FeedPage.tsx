import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { patch } from '../../api/client.ts';
import { useNow } from '../../api/live.ts';
import { compareQuery, feedQuery, guardsQuery } from '../../api/queries.ts';
import type { FeedDetail, GuardHistory } from '../../api/types.ts';
import { useDo } from '../../parts/act.tsx';
import { Badge, LookBadge } from '../../parts/Badge.tsx';
import { Button } from '../../parts/Button.tsx';
import { counted, showCount, showShare } from '../../parts/format.ts';
import { useKeys } from '../../parts/keys.ts';
import { Pairs, Section, TableBox } from '../../parts/Layout.tsx';
import { useAddress } from '../../parts/search.ts';
import { Answered } from '../../parts/States.tsx';
import { say, sayFailure } from '../../parts/toasts.tsx';
import { To } from '../../parts/To.tsx';
import { Ago, Time } from '../../parts/Values.tsx';
import { Changes } from './Changes.tsx';
import { feedLook } from './Feeds.tsx';
import { AgeBar, Strip } from './Strip.tsx';
import { scheduleWords } from './schedule.ts';
import { guardLimits, guardWords, minutesWord, runCode, transportWord } from './words.ts';

export function FeedPage() {
  const { id = '' } = useParams({ strict: false });
  const query = useQuery(feedQuery(id));
  return (
    <Answered query={query} what="The feed" rows={12}>
      {(feed) => <Page feed={feed} />}
    </Answered>
  );
}

function Page({ feed }: { feed: FeedDetail }) {
  const now = useNow();
  const [address] = useAddress();
  const { from, to } = address;
  return (
    <article className="page">
      <header className="page-head">
        <p className="crumb">
          <To href="/feeds">Feeds</To>
        </p>
        <div className="page-title">
          <h1>
            <bdi>{feed.supplier.name}</bdi>
          </h1>
          <LookBadge look={feedLook(feed, now)} />
        </div>
        {feed.trouble ? <p className="tone-text-crit">{feed.trouble}</p> : null}
        <Actions feed={feed} />
      </header>
      <div className="page-columns">
        <div className="page-main">
          {from && to ? <Compare feed={feed} from={from} to={to} /> : null}
          <Section title="Runs" tools={<Strip runs={feed.runs} />}>
            <Runs feed={feed} />
          </Section>
          <Section title="Guardrails">
            <Guards feed={feed} />
          </Section>
        </div>
        <Aside feed={feed} />
      </div>
    </article>
  );
}

function Actions({ feed }: { feed: FeedDetail }) {
  const act = useDo();
  const path = `/feeds/${feed.supplier.id}`;
  const fetched = feed.state === 'polled' || feed.state === 'stopped';
  const look = (): void => act({ path: `${path}/run`, label: 'Look now' });
  useKeys(fetched ? { r: look } : {});
  return (
    <div className="page-actions">
      {fetched ? (
        <Button kind="primary" hint="R" onClick={look}>
          Look now
        </Button>
      ) : null}
      <To href={`${path}/setup`} className={fetched ? 'button button-plain' : 'button button-primary'}>
        {feed.runs.length === 0 ? 'Set it up' : 'Settings and a new file'}
      </To>
      {fetched ? (
        <Button
          onClick={() =>
            act({ path: `${path}/pause`, label: 'Pause', ask: true, warning: 'Stock and cost stay as they are known, and grow older.' })
          }
        >
          Pause
        </Button>
      ) : null}
      {feed.state === 'paused' ? <Button onClick={() => act({ path: `${path}/resume`, label: 'Resume' })}>Resume</Button> : null}
      <To href={`/suppliers/${feed.supplier.id}`} className="link page-link">
        The supplier
      </To>
    </div>
  );
}

function Runs({ feed }: { feed: FeedDetail }) {
  if (feed.runs.length === 0) return <p className="dim">No file has come yet.</p>;
  return (
    <TableBox label="Runs of this feed">
      <thead>
        <tr>
          <th scope="col">When</th>
          <th scope="col">State</th>
          <th scope="col" className="end">
            Offers changed
          </th>
        </tr>
      </thead>
      <tbody>
        {feed.runs.map(({ id, at, state, kind, changed }) => (
          <tr key={id}>
            <td>
              <To href={`/feeds/runs/${id}`}>
                <Time at={at} />
              </To>
              {kind === 'file' ? null : <span className="dim"> {kind === 'rollback' ? 'roll back' : 'replay'}</span>}
            </td>
            <td>
              <Badge of="feed" code={runCode(state, changed)} />
            </td>
            <td className={changed === 0 ? 'end num dim' : 'end num'}>{showCount(changed)}</td>
          </tr>
        ))}
      </tbody>
    </TableBox>
  );
}

function Compare({ feed, from, to }: { feed: FeedDetail; from: string; to: string }) {
  const query = useQuery(compareQuery(feed.supplier.id, from, to));
  const [, change] = useAddress();
  const stamp = (id: string): string => feed.runs.find((run) => run.id === id)?.at ?? '';
  return (
    <Section
      title="Between two runs"
      tools={
        <Button kind="quiet" onClick={() => change({ from: undefined, to: undefined })}>
          Close
        </Button>
      }
    >
      <p className="dim">
        <Time at={stamp(from) || null} /> to <Time at={stamp(to) || null} />
      </p>
      <Answered query={query} what="The comparison" rows={6}>
        {({ data }) =>
          data.length === 0 ? <p className="dim">Nothing lies between them.</p> : <Changes rows={data} label="Offers that differ" />
        }
      </Answered>
    </Section>
  );
}

const percentOf = (share: number): string => String(Math.round(share * 1000) / 10);

/** Each guard with its limit: change one, and see how often it would have held the last thirty runs before you save it. */
function Guards({ feed }: { feed: FeedDetail }) {
  const [draft, setDraft] = useState<Readonly<Record<string, number>>>({});
  const query = useQuery(guardsQuery(feed.supplier.id, draft));
  const client = useQueryClient();
  const save = useMutation({
    mutationFn: () => patch(`/feeds/${feed.supplier.id}`, { limits: draft }),
    onSuccess: () => {
      say('The guardrails hold from the next file on.');
      setDraft({});
      void client.invalidateQueries({ queryKey: ['feeds'] });
    },
    onError: sayFailure,
  });
  return (
    <Answered query={query} what="The guardrails" rows={8}>
      {({ runs, guards }) => (
        <>
          <TableBox label="Guardrails and how often they held a run">
            <thead>
              <tr>
                <th scope="col">Guard</th>
                <th scope="col">Limit</th>
                <th scope="col" className="end">
                  Worst
                </th>
                <th scope="col" className="end">
                  Held of {runs}
                </th>
                <th scope="col" className="end">
                  Would have
                </th>
              </tr>
            </thead>
            <tbody>
              {guards.map((one) => (
                <GuardRow
                  key={one.guard}
                  of={one}
                  draft={draft}
                  onLimit={(key, share) => setDraft({ ...draft, [key]: Math.min(1, Math.max(0, share)) })}
                />
              ))}
            </tbody>
          </TableBox>
          {Object.keys(draft).length > 0 ? (
            <div className="feed-save">
              <Button kind="primary" busy={save.isPending} onClick={() => save.mutate()}>
                Save {counted(Object.keys(draft).length, 'limit')}
              </Button>
              <Button onClick={() => setDraft({})}>Back</Button>
            </div>
          ) : null}
        </>
      )}
    </Answered>
  );
}

interface GuardRowProps {
  of: GuardHistory['guards'][number];
  draft: Readonly<Record<string, number>>;
  onLimit: (key: string, share: number) => void;
}
function GuardRow({ of: { guard, limit, most, fired, wouldFire }, draft, onLimit }: GuardRowProps) {
  const key = guardLimits[guard];
  const word = guardWords[guard] ?? guard;
  return (
    <tr>
      <td>{word}</td>
      <td>
        {key === undefined || limit === null ? (
          <span className="dim">always</span>
        ) : (
          <label className="feed-limit">
            <span className="hidden">{`Limit of: ${word}`}</span>
            <input
              type="number"
              min={0}
              max={100}
              step={1}
              value={percentOf(draft[key] ?? limit)}
              onChange={(event) => onLimit(key, Number(event.target.value) / 100)}
            />
            %
          </label>
        )}
      </td>
      <td className="end num dim">{most === null ? '—' : showShare(most)}</td>
      <td className={fired > 0 ? 'end num' : 'end num dim'}>{fired}</td>
      <td className={wouldFire === fired ? 'end num dim' : 'end num strong'}>{wouldFire}</td>
    </tr>
  );
}

const absences: Readonly<Record<string, string>> = {
  keep: 'keeps its last figures, and grows older',
  zero: 'has no stock left',
  vanish: 'vanishes',
};

const Aside = ({ feed }: { feed: FeedDetail }) => (
  <div className="page-aside">
    <Section title="Freshness">
      <Pairs
        of={[
          { name: 'Last good', value: <Ago at={feed.freshAt} /> },
          { name: 'Age', value: <AgeBar feed={feed} /> },
          {
            name: 'Target',
            value:
              feed.allowedMinutes === null
                ? 'Not known yet'
                : `${minutesWord(feed.allowedMinutes)}, ${feed.allowedBy === 'agreement' ? 'as agreed' : 'from its own rhythm'}`,
          },
          { name: 'Overdue', value: feed.overdueAt ? <Time at={feed.overdueAt} /> : '' },
        ]}
      />
    </Section>
    <Section title="Source">
      <Pairs
        of={[
          { name: 'Comes by', value: transportWord(feed.transport) },
          { name: 'Schedule', value: scheduleWords(feed.source.schedule, feed.timeZone) },
          { name: 'Looked for', value: <Ago at={feed.askedAt} /> },
          { name: 'Next look', value: <Time at={feed.dueAt} /> },
          { name: 'Secrets', value: feed.source.hasSecrets ? 'kept sealed' : '' },
        ]}
      />
    </Section>
    <Section title="Reading">
      <Pairs
        of={[
          {
            name: 'Missing offer',
            value:
              feed.settings.absence === 'keep' && feed.settings.keepHours !== null
                ? `keeps its last figures for ${feed.settings.keepHours} h, then has none left`
                : (absences[feed.settings.absence] ?? feed.settings.absence),
          },
          { name: 'Held back', value: feed.settings.buffer > 0 ? counted(feed.settings.buffer, 'unit') : '' },
          {
            name: '“In stock”',
            value: feed.settings.wordUnits === null ? 'the last known number' : counted(feed.settings.wordUnits, 'unit'),
          },
          { name: 'Same file again', value: feed.settings.sameFile === 'fresh' ? 'counts as fresh' : 'waits for a person' },
          { name: 'Kept', value: `${counted(feed.settings.keepFiles, 'file')}, changes of ${counted(feed.settings.keepRuns, 'run')}` },
        ]}
      />
    </Section>
  </div>
);
