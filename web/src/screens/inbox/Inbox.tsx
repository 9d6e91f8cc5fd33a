import { useQuery } from '@tanstack/react-query';
import { useEffect, useId, useMemo, useState } from 'react';
import { groupsQuery } from '../../api/queries.ts';
import type { ExceptionGroup } from '../../api/types.ts';
import { step } from '../../grid/selection.ts';
import { causeTitle } from '../../parts/causes.ts';
import { counted, showSums } from '../../parts/format.ts';
import { useKeys } from '../../parts/keys.ts';
import { useMedia } from '../../parts/media.ts';
import { useAddress } from '../../parts/search.ts';
import { Answered, Empty } from '../../parts/States.tsx';
import { Ago, ClockChip } from '../../parts/Values.tsx';
import { bySeverity } from './fix.ts';
import { GroupPanel } from './GroupPanel.tsx';

const states = [
  ['open', 'Open'],
  ['snoozed', 'Snoozed'],
  ['resolved', 'Done'],
] as const;

export function InboxPage() {
  const [address, change] = useAddress();
  const state = address['state'] ?? 'open';
  const query = useQuery(groupsQuery({ state }));
  const groups = useMemo(() => bySeverity(query.data?.data ?? []), [query.data]);
  const count = groups.reduce((sum, group) => sum + group.count, 0);
  const money = showSums(totals(groups));
  return (
    <div className="screen">
      <header className="screen-head">
        <h1>Inbox</h1>
        <p className="screen-count dim num">
          {query.data ? `${counted(count, 'exception')} of ${counted(groups.length, 'cause')}${money ? `, ${money} at risk` : ''}` : ''}
        </p>
      </header>
      <div className="filters">
        <div className="views" role="group" aria-label="State">
          {states.map(([value, label]) => (
            <button
              key={value}
              type="button"
              className="view"
              aria-pressed={state === value}
              onClick={() => change({ state: value === 'open' ? undefined : value, open: undefined })}
            >
              {label}
            </button>
          ))}
        </div>
      </div>
      <Answered query={query} what="The inbox" rows={8}>
        {() => (groups.length === 0 ? <None state={state} /> : <Groups groups={groups} state={state} />)}
      </Answered>
    </div>
  );
}

function totals(groups: readonly ExceptionGroup[]) {
  const sums = new Map<string, bigint>();
  for (const { minor, currency } of groups.flatMap(({ money }) => money)) sums.set(currency, (sums.get(currency) ?? 0n) + BigInt(minor));
  return [...sums].map(([currency, minor]) => ({ currency, minor: minor.toString() }));
}

const None = ({ state }: { state: string }) =>
  state === 'open' ? (
    <Empty title="Clear">
      Nothing waits for a person. What the program cannot go on with by itself comes here, with what it recommends.
    </Empty>
  ) : (
    <Empty title={state === 'snoozed' ? 'Nothing is put off' : 'Nothing was done yet'}>
      {state === 'snoozed' ? 'H in the list puts something off until a time.' : 'What is resolved stays here with who did it.'}
    </Empty>
  );

/** The mark stays where it is when its row leaves: the next one is under it. */
function useMark(ids: readonly string[], open: string | null): [string | null, (id: string) => void] {
  const [mark, setMark] = useState({ id: open, place: 0 });
  const found = mark.id === null ? -1 : ids.indexOf(mark.id);
  // Rows above it may come and go as well; React renders again before anything is shown.
  if (found >= 0 && found !== mark.place) setMark({ ...mark, place: found });
  const now = found >= 0 ? mark.id : (ids[Math.min(mark.place, ids.length - 1)] ?? null);
  return [now, (id) => setMark({ id, place: Math.max(0, ids.indexOf(id)) })];
}

function Groups({ groups, state }: { groups: readonly ExceptionGroup[]; state: string }) {
  const [address, change] = useAddress();
  const wide = useMedia('(width >= 1040px)');
  const prefix = useId();
  const asked = address['open'] ?? null;
  const opened =
    asked === null ? null : (groups.find(({ cause, items }) => cause === asked || items.some(({ id }) => id === asked)) ?? null);
  const ids = groups.map(({ cause }) => cause);
  const [active, setActive] = useMark(ids, opened?.cause ?? null);
  // What was acted on leaves, and with it its name in the address.
  const gone = asked !== null && opened === null;
  useEffect(() => {
    if (gone) change({ open: undefined });
  }, [gone, change]);
  const mark = (by: number | 'first' | 'last'): void => {
    const next = step(ids, active, by);
    if (next === null) return;
    setActive(next);
    document.getElementById(`${prefix}${ids.indexOf(next)}`)?.scrollIntoView({ block: 'nearest' });
    if (opened) change({ open: next });
  };
  useKeys({
    j: () => mark(1),
    k: () => mark(-1),
    arrowdown: () => mark(1),
    arrowup: () => mark(-1),
    home: () => mark('first'),
    end: () => mark('last'),
    enter: () => change({ open: active ?? undefined }),
    space: () => change({ open: opened ? undefined : (active ?? undefined) }),
  });
  // On a wide screen the marked cause is always told beside the list.
  const beside = opened ?? (wide ? (groups.find(({ cause }) => cause === active) ?? null) : null);
  return (
    <div className="screen-body">
      <ul
        className="causes screen-list"
        role="listbox"
        aria-label="Causes, most money at risk first"
        aria-activedescendant={active === null ? undefined : `${prefix}${ids.indexOf(active)}`}
        tabIndex={0}
      >
        {groups.map((group, index) => (
          <li
            key={group.cause}
            id={`${prefix}${index}`}
            role="option"
            aria-selected={group.cause === active}
            className={`cause${group.cause === active ? ' grid-active' : ''}${group === beside ? ' grid-open' : ''}`}
            onClick={() => {
              setActive(group.cause);
              change({ open: group.cause });
            }}
          >
            <Cause group={group} />
          </li>
        ))}
      </ul>
      {beside ? (
        <GroupPanel
          key={beside.cause}
          group={beside}
          state={state}
          {...(opened && !wide ? { onClose: () => change({ open: undefined }) } : {})}
        />
      ) : null}
    </div>
  );
}

const Cause = ({ group }: { group: ExceptionGroup }) => (
  <>
    <span className="cause-line">
      <span className="cause-title clamp-2">{causeTitle(group)}</span>
      <span className="num strong">{showSums(group.money)}</span>
    </span>
    <span className="cause-line dim">
      <span className="cause-fix">{group.fixes[0] ? `${group.fixes[0].label}: ${group.fixes[0].effect}` : ''}</span>
      {group.dueAt ? <ClockChip dueAt={group.dueAt} /> : null}
    </span>
    <span className="cause-line dim">
      <span>
        {group.count > 1 ? `holds ${group.count}` : (group.items[0]?.order?.number ?? '')} · since <Ago at={group.oldestAt} />
      </span>
    </span>
  </>
);
