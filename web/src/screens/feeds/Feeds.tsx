import { useQuery } from '@tanstack/react-query';
import { useNow } from '../../api/live.ts';
import { feedsQuery } from '../../api/queries.ts';
import type { FeedRow } from '../../api/types.ts';
import { type Column, DataGrid } from '../../grid/DataGrid.tsx';
import { LookBadge } from '../../parts/Badge.tsx';
import { counted, showCount } from '../../parts/format.ts';
import { Answered, Empty } from '../../parts/States.tsx';
import { lookOf } from '../../parts/status.ts';
import { To, useGo } from '../../parts/To.tsx';
import { Ago } from '../../parts/Values.tsx';
import { AgeBar, Strip } from './Strip.tsx';
import { runCode, transportWord } from './words.ts';

/** What needs care first: held or failed, stopped, paused; else what the last run was. */
export function feedLook({ state, held, runs, overdueAt, freshAt }: FeedRow, now: string) {
  if (held > 0) return lookOf('feed', 'held');
  if (state === 'stopped') return lookOf('channel', 'failing');
  if (state === 'paused') return lookOf('supplier', 'paused');
  if (overdueAt !== null && now !== '' && Date.parse(now) > Date.parse(overdueAt)) return lookOf('feed', 'stale');
  const [last] = runs;
  if (!last) return freshAt === null ? lookOf('feed', 'none') : lookOf('feed', 'unchanged');
  return lookOf('feed', runCode(last.state, last.changed));
}

const number = (value: number | null) => <span className={value ? 'num' : 'num dim'}>{value === null ? '—' : showCount(value)}</span>;

const columns: readonly Column<FeedRow>[] = [
  {
    id: 'supplier',
    header: 'Supplier',
    width: 'minmax(190px, 1.6fr)',
    cell: ({ supplier }) => (
      <To href={`/feeds/${supplier.id}`} className="link strong" skip>
        <bdi>{supplier.name}</bdi>
      </To>
    ),
  },
  { id: 'state', header: 'State', width: '112px', cell: (row) => <StateBadge row={row} /> },
  { id: 'transport', header: 'Comes by', width: '112px', from: 'medium', cell: ({ transport }) => transportWord(transport) },
  { id: 'good', header: 'Last good', width: '92px', end: true, cell: ({ freshAt }) => <Ago at={freshAt} /> },
  { id: 'age', header: 'Age / target', width: '132px', cell: (row) => <AgeBar feed={row} /> },
  { id: 'rows', header: 'Rows', width: '64px', end: true, cell: ({ rows }) => number(rows) },
  { id: 'changed', header: 'Changed', width: '68px', end: true, cell: ({ changed }) => number(changed) },
  {
    id: 'held',
    header: 'Held',
    width: '44px',
    end: true,
    cell: ({ held }) => <span className={held > 0 ? 'num strong tone-text-crit' : 'num dim'}>{showCount(held)}</span>,
  },
  { id: 'next', header: 'Next look', width: '88px', end: true, from: 'wide', cell: ({ dueAt }) => <Ago at={dueAt} /> },
  { id: 'strip', header: 'Last 14 runs', width: '184px', from: 'medium', cell: ({ runs }) => <Strip runs={runs} /> },
];

function StateBadge({ row }: { row: FeedRow }) {
  const now = useNow();
  return <LookBadge look={feedLook(row, now)} />;
}

const idOf = ({ supplier }: FeedRow): string => supplier.id;
const hrefOf = ({ supplier }: FeedRow): string => `/feeds/${supplier.id}`;

export function FeedsPage() {
  const query = useQuery(feedsQuery);
  const go = useGo();
  const visit = (id: string | null): void => {
    if (id !== null) go(`/feeds/${id}`);
  };
  return (
    <div className="screen">
      <header className="screen-head">
        <h1>Feeds</h1>
        <p className="screen-count dim num">{query.data ? counted(query.data.data.length, 'feed') : ''}</p>
      </header>
      <div className="screen-body">
        <div className="screen-list">
          <Answered query={query} what="The feeds" rows={10}>
            {({ data }) =>
              data.length === 0 ? (
                <Empty title="No suppliers yet">
                  A feed is a supplier's list of stock and cost: a file that is brought, fetched or mailed.
                </Empty>
              ) : (
                <DataGrid
                  label="Feeds"
                  rows={data}
                  columns={columns}
                  idOf={idOf}
                  nameOf={({ supplier }) => supplier.name}
                  hrefOf={hrefOf}
                  card={card}
                  open={null}
                  onOpen={visit}
                  onPage={visit}
                  hasMore={false}
                  onMore={() => {}}
                />
              )
            }
          </Answered>
        </div>
      </div>
    </div>
  );
}

const card = (row: FeedRow) => (
  <>
    <span className="card-line">
      <bdi className="strong card-grow">{row.supplier.name}</bdi>
      <StateBadge row={row} />
    </span>
    <span className="card-line dim num">
      <span className="card-grow">
        <Ago at={row.freshAt} /> · {transportWord(row.transport)}
      </span>
      <Strip runs={row.runs.slice(0, 7)} />
    </span>
  </>
);
