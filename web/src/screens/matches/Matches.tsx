import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { post, put } from '../../api/client.ts';
import { meQuery } from '../../api/queries.ts';
import type { Done, MatchSummary } from '../../api/types.ts';
import { Button } from '../../parts/Button.tsx';
import { counted, showCount } from '../../parts/format.ts';
import { useAddress } from '../../parts/search.ts';
import { Answered } from '../../parts/States.tsx';
import { say, sayFailure } from '../../parts/toasts.tsx';
import { type Group, Groups } from './Groups.tsx';
import { Review } from './Review.tsx';
import { Unmatched } from './Unmatched.tsx';
import { summaryQuery } from './useMatches.ts';

const tabs = [
  ['exact', 'Exact'],
  ['likely', 'Likely'],
  ['possible', 'Possible'],
  ['conflict', 'Conflicts'],
  ['none', 'No match'],
] as const;
type Tab = (typeof tabs)[number][0];

/** What suppliers' offers are, of what we sell: the sure ones approved as a whole, the others one by one. */
export function MatchesPage() {
  const [address, change] = useAddress();
  const summary = useQuery(summaryQuery);
  const mayWrite = useQuery(meQuery).data?.rights.includes('catalog:write') ?? false;
  return (
    <div className="screen">
      <header className="screen-head">
        <h1>Matches</h1>
        <p className="screen-count dim num">{summary.data ? headline(summary.data) : ''}</p>
        {summary.data ? <Tools summary={summary.data} mayWrite={mayWrite} /> : null}
      </header>
      <Answered query={summary} what="The matches" rows={8}>
        {(data) => {
          const tab = tabs.find(([name]) => name === address['tab'])?.[0] ?? firstTab(data);
          return (
            <>
              <nav className="match-tabs" aria-label="Matches">
                {tabs.map(([name, label]) => (
                  <button
                    key={name}
                    type="button"
                    aria-current={tab === name ? 'page' : undefined}
                    className={tab === name ? 'match-tab here' : 'match-tab'}
                    onClick={() => change({ tab: name, rule: undefined })}
                  >
                    {label} <span className="num">{countIn(data, name)}</span>
                  </button>
                ))}
              </nav>
              <div className="match-body" tabIndex={0} role="region" aria-label={tabs.find(([name]) => name === tab)?.[1]}>
                <Body key={tab} tab={tab} summary={data} mayWrite={mayWrite} rule={address['rule']} onRule={(rule) => change({ rule })} />
              </div>
            </>
          );
        }}
      </Answered>
    </div>
  );
}

const groupsOf = ({ groups }: MatchSummary, tab: Tab): Group[] =>
  groups.filter(({ state, certainty }) => certainty === tab && (state === 'suggested' || (tab === 'conflict' && state === 'broken')));

const sumOf = (groups: readonly Group[]): number => groups.reduce((sum, { count }) => sum + count, 0);

const countIn = (summary: MatchSummary, tab: Tab): string =>
  tab === 'none' ? `${showCount(summary.unmatched.count)}${summary.unmatched.isMore ? '+' : ''}` : showCount(sumOf(groupsOf(summary, tab)));

const firstTab = (summary: MatchSummary): Tab =>
  tabs.find(([name]) => name !== 'none' && sumOf(groupsOf(summary, name)) > 0)?.[0] ?? 'likely';

function headline(summary: MatchSummary): string {
  const approved = sumOf(summary.groups.filter(({ state }) => state === 'confirmed'));
  const due = summary.due.offers + summary.due.suppliers > 0 ? ' · still looking' : '';
  return `${countIn(summary, 'exact')} exact · ${countIn(summary, 'likely')} likely · ${countIn(summary, 'none')} no match · ${counted(approved, 'approved', 'approved')}${due}`;
}

interface BodyProps {
  tab: Tab;
  summary: MatchSummary;
  mayWrite: boolean;
  rule: string | undefined;
  onRule: (rule: string | undefined) => void;
}

function Body({ tab, summary, mayWrite, rule, onRule }: BodyProps) {
  // What was approved as a whole is off the pile at once, and back on it when it was taken back.
  const [round, setRound] = useState(0);
  if (tab === 'none') return <Unmatched mayWrite={mayWrite} />;
  const groups = groupsOf(summary, tab);
  const total = sumOf(groups.filter((group) => rule === undefined || group.rule === rule));
  return (
    <>
      {tab === 'conflict' ? null : (
        <Groups
          certainty={tab}
          groups={groups}
          rule={rule}
          mayWrite={mayWrite}
          onRule={onRule}
          onApproved={() => setRound((before) => before + 1)}
        />
      )}
      <Review key={`${rule} ${round}`} certainty={tab} rule={rule} total={total} mayWrite={mayWrite} />
    </>
  );
}

function Tools({ summary, mayWrite }: { summary: MatchSummary; mayWrite: boolean }) {
  const client = useQueryClient();
  const act = async (work: () => Promise<Done>): Promise<void> => {
    try {
      say((await work()).said);
      void client.invalidateQueries({ queryKey: ['matches'] });
    } catch (error) {
      sayFailure(error);
    }
  };
  const { autoExact } = summary.settings;
  return (
    <div className="match-tools">
      <label className="match-auto">
        <input
          type="checkbox"
          checked={autoExact}
          disabled={!mayWrite}
          onChange={() => void act(() => put<Done>('/matches/settings', { autoExact: !autoExact }))}
        />
        Approve exact ones by themselves
      </label>
      <Button disabled={!mayWrite} onClick={() => void act(() => post<Done>('/matches/run'))}>
        Look again
      </Button>
    </div>
  );
}
