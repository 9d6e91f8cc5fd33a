import { useNow } from '../api/live.ts';
import { clockOf, showAgo, showMoney, showStamp, type Amount } from './format.ts';
import { Icon } from './Icon.tsx';

/** Unknown is a dash, zero is a number. */
export const Money = ({ of, strong = false }: { of: Amount | null; strong?: boolean }) =>
  of === null ? <span className="num dim">—</span> : <span className={strong ? 'num strong' : 'num'}>{showMoney(of)}</span>;

/** `Nov 23, 16:00`, with the exact instant for who hovers or copies. */
export function Time({ at }: { at: string | null }) {
  const now = useNow();
  if (at === null) return <span className="dim">—</span>;
  return (
    <time className="num" dateTime={at} title={at}>
      {showStamp(at, now || at)}
    </time>
  );
}

/** `3 h ago`, exact on hover. */
export function Ago({ at }: { at: string | null }) {
  const now = useNow();
  if (at === null) return <span className="dim">—</span>;
  return (
    <time className="num" dateTime={at} title={showStamp(at, now || at)}>
      {showAgo(at, now || at)}
    </time>
  );
}

/** The clock chip: how much time is left, or how late it is, and for what. */
export function ClockChip({ dueAt, what }: { dueAt: string; what?: string }) {
  const now = useNow();
  const { tone, word } = clockOf(dueAt, now || dueAt);
  return (
    <span className={`chip-clock tone-text-${tone}`} title={`${what ? `To ${what} by ` : ''}${showStamp(dueAt, now || dueAt)}`}>
      <Icon name="clock" />
      <span className="num">{word}</span>
    </span>
  );
}
