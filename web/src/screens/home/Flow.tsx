import { lookOf } from '../../parts/status.ts';
import { showCount } from '../../parts/format.ts';
import { To } from '../../parts/To.tsx';

/** The way of an order from left to right, and beside it what has left the way. */
const way = ['awaiting_payment', 'routing', 'routed', 'with_supplier', 'accepted', 'part_shipped', 'shipped', 'out_for_delivery'];
const beside = ['on_hold', 'no_supplier', 'backordered', 'needs_review'];

/** Where orders stop: a bar for each step, each opening its orders. */
export function Flow({ statuses }: { statuses: readonly { status: string; count: number }[] }) {
  const counts = new Map(statuses.map(({ status, count }) => [status, count]));
  const most = Math.max(1, ...[...way, ...beside].map((status) => counts.get(status) ?? 0));
  return (
    <ul className="flow">
      {[...way, ...beside].map((status) => {
        const count = counts.get(status) ?? 0;
        const { word, tone } = lookOf('order', status);
        return count === 0 ? null : (
          <li key={status}>
            <To href={`/orders?status=${status}`} className="flow-row">
              <span className="flow-word">{word}</span>
              <span className="flow-track">
                <span className={`flow-bar flow-${tone}`} style={{ inlineSize: `${Math.max(0.5, (count / most) * 100)}%` }} />
              </span>
              <span className="num flow-count">{showCount(count)}</span>
            </To>
          </li>
        );
      })}
    </ul>
  );
}
