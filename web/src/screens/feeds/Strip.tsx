import { useNow } from '../../api/live.ts';
import type { FeedRow } from '../../api/types.ts';
import { showShare, showStamp } from '../../parts/format.ts';
import { wordOf } from '../../parts/status.ts';
import { ageShare, minutesWord, runCode } from './words.ts';

const signs: Readonly<Record<string, string>> = {
  applied: '●',
  unchanged: '●',
  held: '◐',
  failed: '✕',
  cancelled: '○',
  running: '◌',
  waiting: '◌',
};

/** The last fourteen runs, the oldest first. */
export function Strip({ runs }: { runs: FeedRow['runs'] }) {
  const now = useNow();
  if (runs.length === 0) return <span className="dim">no run yet</span>;
  const shown = runs.toReversed();
  return (
    <span className="feed-strip" role="img" aria-label={`Last runs: ${shown.map(({ state }) => wordOf(state)).join(', ')}`}>
      {shown.map(({ id, state, at, changed }) => {
        const code = runCode(state, changed);
        return (
          <span key={id} className={`feed-sign feed-${code}`} title={`${wordOf(state)}, ${showStamp(at, now || at)}`}>
            {signs[code] ?? '?'}
          </span>
        );
      })}
    </span>
  );
}

/** How old a feed is against how old it may get, as a bar. */
export function AgeBar({ feed }: { feed: Pick<FeedRow, 'freshAt' | 'allowedMinutes' | 'allowedBy'> }) {
  const now = useNow();
  const share = ageShare(feed, now);
  if (share === null || feed.allowedMinutes === null) return <span className="dim">—</span>;
  const tone = share >= 1 ? 'crit' : share >= 0.75 ? 'risk' : 'ok';
  const of = `${minutesWord(feed.allowedMinutes)} ${feed.allowedBy === 'agreement' ? 'agreed' : 'by its own rhythm'}`;
  return (
    <span className="feed-age" title={`${showShare(share)} of ${of}`}>
      <span className="feed-bar" role="img" aria-label={`${showShare(share)} of the age it may have, ${of}`}>
        <span className={`feed-fill feed-fill-${tone}`} style={{ inlineSize: `${Math.min(100, share * 100)}%` }} />
      </span>
      <span className={share >= 1 ? 'num tone-text-crit strong' : 'num dim'}>{minutesWord(feed.allowedMinutes)}</span>
    </span>
  );
}
