import type { Fact } from '../api/types.ts';
import { sentenceOf, whoOf } from './facts.ts';
import { showDay, showStamp, showTimeOfDay } from './format.ts';
import { useNow } from '../api/live.ts';

/** What happened, by day, the newest last: the time, a sentence, and who did it. */
export function Timeline({ facts }: { facts: readonly Fact[] }) {
  const now = useNow();
  if (facts.length === 0) return <p className="dim">Nothing has happened yet.</p>;
  const sorted = facts.toSorted((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : 0));
  return (
    <ol className="timeline">
      {sorted.map((fact, index) => {
        const its = showDay(fact.at);
        const before = sorted[index - 1];
        const heads = before === undefined || showDay(before.at) !== its;
        return (
          <li key={fact.id} className={heads ? 'timeline-heads' : ''}>
            {heads ? <p className="timeline-day">{its}</p> : null}
            <time className="timeline-time num" dateTime={fact.at} title={showStamp(fact.at, now || fact.at)}>
              {showTimeOfDay(fact.at)}
            </time>
            <span className="timeline-text">
              {sentenceOf(fact)} <span className="dim">{whoOf(fact.actor, fact.actorName)}</span>
            </span>
          </li>
        );
      })}
    </ol>
  );
}
