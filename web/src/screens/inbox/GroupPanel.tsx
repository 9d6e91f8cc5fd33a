import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { causeQuery } from '../../api/queries.ts';
import { useNow } from '../../api/live.ts';
import type { ExceptionGroup, ExceptionRow } from '../../api/types.ts';
import { useDo } from '../../parts/act.tsx';
import { Button, Kbd } from '../../parts/Button.tsx';
import { causeTitle } from '../../parts/causes.ts';
import { whoOf } from '../../parts/facts.ts';
import { showSums } from '../../parts/format.ts';
import { Icon } from '../../parts/Icon.tsx';
import { useKeys } from '../../parts/keys.ts';
import { Pairs, Section } from '../../parts/Layout.tsx';
import { Menu } from '../../parts/Menu.tsx';
import { SidePanel } from '../../parts/SidePanel.tsx';
import { wordOf } from '../../parts/status.ts';
import { pageOf, To } from '../../parts/To.tsx';
import { Ago, ClockChip, Money } from '../../parts/Values.tsx';
import { fixDeed, naps, napDeed } from './fix.ts';

interface Props {
  group: ExceptionGroup;
  state: string;
  onClose?: () => void;
}

/** One cause: what happened, what it costs, the evidence, what is recommended and what comes of it. Acting on it clears all below it. */
export function GroupPanel({ group, state, onClose }: Props) {
  const all = useQuery(causeQuery(group.cause, state));
  // The group carries its oldest ten, the rest comes with the question for the cause.
  const items = all.data?.data ?? group.items;
  const [first] = group.items;
  const [why, setWhy] = useState(false);
  useKeys({ e: () => setWhy(!why) });
  const title = causeTitle(group);
  return (
    <SidePanel title={wordOf(group.kind)} label={title} {...(onClose ? { onClose } : {})}>
      <p className="cause-sentence">{title}</p>
      {first?.detail ? <p className="cause-detail">{first.detail}</p> : null}
      <p className="panel-facts cause-facts">
        <span className="strong num">{showSums(group.money)}</span>
        {group.dueAt ? <ClockChip dueAt={group.dueAt} /> : null}
        <span className="dim">
          since <Ago at={group.oldestAt} />
        </span>
      </p>
      {state === 'resolved' ? null : <Fixes group={group} items={items} complete={!all.isPending} />}
      {first && Object.keys(first.evidence).length > 0 ? <Evidence of={first} open={why} onToggle={() => setWhy(!why)} /> : null}
      <Section title={state === 'resolved' ? 'Resolved' : group.count === 1 ? 'Holds' : `Holds ${group.count}`}>
        <ul className="brief">
          {items.map((item) => (
            <Item key={item.id} item={item} told={group.count > 1} />
          ))}
        </ul>
      </Section>
    </SidePanel>
  );
}

function Fixes({ group, items, complete }: { group: ExceptionGroup; items: readonly ExceptionRow[]; complete: boolean }) {
  const act = useDo();
  const now = useNow();
  const [sleep, setSleep] = useState(false);
  const fixes = group.fixes.slice(0, 4);
  const run = (index: number): void => {
    const fix = fixes[index];
    if (fix && complete) act(fixDeed(fix, items, () => {}));
  };
  useKeys({
    ...Object.fromEntries(fixes.map((_, index) => [String(index + 1), () => run(index)])),
    h: () => setSleep(true),
  });
  return (
    <div className="fixes">
      {fixes.map((fix, index) => (
        <button
          key={fix.action}
          type="button"
          className={index === 0 ? 'fix fix-first' : 'fix'}
          disabled={!complete}
          onClick={() => run(index)}
        >
          <Kbd>{index + 1}</Kbd>
          <span className="fix-words">
            <span className="fix-label">{fix.label}</span>
            <span className="fix-effect">{fix.effect}</span>
          </span>
          {index === 0 ? <span className="fix-tag">Recommended</span> : null}
        </button>
      ))}
      <div className="fix-more">
        <Menu
          label={
            <>
              Snooze <Kbd>H</Kbd>
            </>
          }
          open={sleep}
          onOpenChange={setSleep}
          choices={naps(now || group.oldestAt, group.dueAt).map((nap) => ({
            label: nap.label,
            act: () => act(napDeed(items, nap, () => {})),
          }))}
        />
      </div>
    </div>
  );
}

const shown = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : JSON.stringify(value));

const Evidence = ({ of, open, onToggle }: { of: ExceptionRow; open: boolean; onToggle: () => void }) => (
  <div className="evidence">
    <Button kind="quiet" hint="E" aria-expanded={open} onClick={onToggle}>
      <Icon name={open ? 'down' : 'right'} />
      Evidence
    </Button>
    {open ? (
      <Pairs
        of={[
          ...Object.entries(of.evidence)
            .filter(([name]) => name !== 'page')
            .map(([name, value]) => ({ name: wordOf(name), value: shown(value) })),
          { name: 'Cause', value: <code>{of.cause}</code> },
        ]}
      />
    ) : null}
  </div>
);

/** One of what the cause holds; with others it says its own sentence too. */
function Item({ item, told }: { item: ExceptionRow; told: boolean }) {
  const act = useDo();
  const { page } = item.evidence;
  const href = item.order ? `/orders/${item.order.id}` : typeof page === 'string' ? page : pageOf(item.subject.kind, item.subject.id);
  const [fix] = item.fixes;
  return (
    <li className="brief-line brief-wrap">
      {href ? (
        <To href={href} className="link num">
          {item.order?.number ?? wordOf(item.subject.kind)}
        </To>
      ) : (
        <span>{wordOf(item.subject.kind)}</span>
      )}
      <span className="brief-grow dim">
        {item.state === 'resolved' ? `${item.resolution || 'resolved'} by ${whoOf(item.resolvedBy, '')} ` : ''}
        <Ago at={item.resolvedAt ?? item.openedAt} />
        {item.times > 1 ? ` · ${item.times} times` : ''}
      </span>
      <Money of={item.money} />
      {fix && item.state !== 'resolved' ? (
        <button type="button" className="gate-more" title={fix.effect} onClick={() => act(fixDeed(fix, [item], () => {}))}>
          only this
        </button>
      ) : null}
      {told ? <p className="brief-told dim">{item.title}</p> : null}
    </li>
  );
}
