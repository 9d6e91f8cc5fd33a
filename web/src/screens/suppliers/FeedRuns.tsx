import type { FeedRunRow } from '../../api/types.ts';
import { Badge } from '../../parts/Badge.tsx';
import { showCount } from '../../parts/format.ts';
import { TableBox } from '../../parts/Layout.tsx';
import { Ago } from '../../parts/Values.tsx';

const counts = ['read', 'new', 'changed', 'gone', 'refused'] as const;
const heads: Record<(typeof counts)[number], string> = { read: 'Rows', new: 'New', changed: 'Changed', gone: 'Gone', refused: 'Refused' };

const stateOf = ({ state, rows }: FeedRunRow): string =>
  state === 'applied' && rows.new + rows.changed + rows.gone === 0 ? 'unchanged' : state;

/** What each file brought, and why one was held. */
export function FeedRuns({ runs }: { runs: readonly FeedRunRow[] }) {
  if (runs.length === 0) return <p className="dim">No feed has come yet.</p>;
  return (
    <TableBox label="Feed runs">
      <thead>
        <tr>
          <th scope="col">File</th>
          <th scope="col">State</th>
          {counts.map((count) => (
            <th key={count} scope="col" className="end">
              {heads[count]}
            </th>
          ))}
          <th scope="col" className="end">
            When
          </th>
        </tr>
      </thead>
      <tbody>
        {runs.map((run) => (
          <tr key={run.id}>
            <td>
              <bdi>{run.name}</bdi>
              {run.why ? <div className="tone-text-crit">{run.why}</div> : null}
            </td>
            <td>
              <Badge of="feed" code={stateOf(run)} />
            </td>
            {counts.map((count) => (
              <td key={count} className={run.rows[count] === 0 ? 'end num dim' : 'end num'}>
                {showCount(run.rows[count])}
              </td>
            ))}
            <td className="end">
              <Ago at={run.observedAt} />
            </td>
          </tr>
        ))}
      </tbody>
    </TableBox>
  );
}
