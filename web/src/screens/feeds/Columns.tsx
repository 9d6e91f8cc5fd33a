import type { FeedRunDetail } from '../../api/types.ts';
import { patch } from '../../api/client.ts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { feedQuery } from '../../api/queries.ts';
import { Button } from '../../parts/Button.tsx';
import { useDo } from '../../parts/act.tsx';
import { Section } from '../../parts/Layout.tsx';
import { say, sayFailure } from '../../parts/toasts.tsx';
import { fieldWord } from './words.ts';

/** Columns that are new, gone or have other names, and a mapping that fits: accepted, the file is read again by it. */
export function Columns({ run, change }: { run: FeedRunDetail; change: NonNullable<FeedRunDetail['columns']> }) {
  const feed = useQuery(feedQuery(run.supplier.id));
  const client = useQueryClient();
  const act = useDo();
  const accept = useMutation({
    mutationFn: () => {
      const mapping = feed.data?.settings.mapping ?? {};
      return patch(`/feeds/${run.supplier.id}`, { mapping: { ...mapping, columns: { ...mapping.columns, ...change.suggested } } });
    },
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ['feeds'] });
      if (run.hasFile) act({ path: `/feed-runs/${run.id}/replay`, label: 'Read it again by this mapping' });
      else say('The mapping is changed; it holds for the next file.');
    },
    onError: sayFailure,
  });
  const suggested = Object.entries(change.suggested);
  return (
    <Section title="Columns that changed">
      <ul className="feed-columns">
        {change.renamed.map(({ from, to }) => (
          <li key={from}>
            <span className="dim">renamed</span> <code>{from}</code> → <code>{to}</code>
          </li>
        ))}
        {change.gone.map((name) => (
          <li key={name} className="tone-text-crit">
            <span>missing</span> <code>{name}</code>
          </li>
        ))}
        {change.added.map((name) => (
          <li key={name}>
            <span className="dim">new</span> <code>{name}</code>
          </li>
        ))}
      </ul>
      {suggested.length > 0 ? (
        <div className="next">
          <p>Read {suggested.map(([field, column]) => `${fieldWord(field)} from “${column}”`).join(', ')}?</p>
          <div className="next-fixes">
            <Button kind="primary" busy={accept.isPending} disabled={!feed.data} onClick={() => accept.mutate()}>
              Use this mapping{run.hasFile ? ' and read it again' : ''}
            </Button>
          </div>
        </div>
      ) : null}
    </Section>
  );
}
