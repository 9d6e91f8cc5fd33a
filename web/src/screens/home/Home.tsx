import { useQuery } from '@tanstack/react-query';
import { homeQuery } from '../../api/queries.ts';
import type { Fact, Home } from '../../api/types.ts';
import { causeTitle } from '../../parts/causes.ts';
import { sentenceOf } from '../../parts/facts.ts';
import { counted, showCount, showSums } from '../../parts/format.ts';
import { Section } from '../../parts/Layout.tsx';
import { Answered, Empty } from '../../parts/States.tsx';
import { To, pageOf } from '../../parts/To.tsx';
import { Ago, Time } from '../../parts/Values.tsx';
import { Flow } from './Flow.tsx';
import { Measures } from './Measures.tsx';
import { Tour } from './Tour.tsx';

/** Is today all right, what needs me, what drifts. */
export function HomePage() {
  const query = useQuery(homeQuery);
  return (
    <Answered query={query} what="Home" rows={14}>
      {(home) => <Page home={home} />}
    </Answered>
  );
}

const Page = ({ home }: { home: Home }) => (
  <>
    <Readiness home={home} />
    <div className="home">
      <header className="home-head">
        <h1>Today</h1>
        <p className="dim">
          as of <Time at={home.asOf} />
        </p>
      </header>
      <Tour />
      <Now home={home} />
      <div className="home-columns">
        <div>
          <Section title="Waits for a person" tools={<To href="/inbox">Inbox</To>}>
            <Waiting home={home} />
          </Section>
          <Section title="Where orders are">
            <Flow statuses={home.statuses} />
          </Section>
          <Section title="Last 28 days">
            <Measures measures={home.now.measures} />
          </Section>
        </div>
        <Section title="What moves now">
          <Moving facts={home.moving} />
        </Section>
      </div>
    </div>
  </>
);

/** Only when something keeps orders from flowing: one line, the most blocking first. */
function Readiness({ home: { readiness } }: { home: Home }) {
  const [first, ...more] = readiness.missing;
  if (!first) return null;
  return (
    <p className="strip strip-wait" role="status">
      {first.say} {first.fix}
      {more.length > 0 ? ` And ${counted(more.length, 'more thing')}.` : ''}
    </p>
  );
}

function Now({ home: { now } }: { home: Home }) {
  const { needsYou, dueToShip } = now;
  const tiles = [
    ['Needs you', needsYou.count, [showSums(needsYou.money, { compact: true }), ''].filter(Boolean).join(''), '/inbox'],
    ['Due to ship today', dueToShip.count, dueToShip.late > 0 ? `${showCount(dueToShip.late)} late` : 'none late', '/purchases?late=true'],
    [
      'Awaiting reply',
      now.unconfirmed,
      now.doubtful > 0 ? `${showCount(now.doubtful)} in doubt` : 'none in doubt',
      '/purchases?transmission=sent,unknown',
    ],
    ['Stale feeds', now.staleFeeds, now.staleFeeds > 0 ? 'stock may be wrong' : 'all fresh', '/suppliers'],
    ['Orders today', now.ordersToday, showSums(now.ordersTodayMoney, { compact: true }), '/orders'],
    ['Parcels under way', now.underway, '', '/orders?status=part_shipped,shipped,out_for_delivery'],
  ] as const;
  const bad = (index: number): boolean =>
    (index === 1 && dueToShip.late > 0) || (index === 2 && now.doubtful > 0) || (index === 3 && now.staleFeeds > 0);
  return (
    <ul className="tiles" aria-label="Now">
      {tiles.map(([name, count, detail, href], index) => (
        <li key={name}>
          <To href={href} className="tile">
            <span className="tile-name">{name}</span>
            <span className="tile-number num">{showCount(count, { compact: true })}</span>
            <span className={bad(index) ? 'tile-detail tone-text-risk' : 'tile-detail'}>
              {detail}
              {index === 0 && needsYou.oldestAt ? (
                <>
                  {detail ? ', ' : ''}oldest <Ago at={needsYou.oldestAt} />
                </>
              ) : null}
            </span>
          </To>
        </li>
      ))}
    </ul>
  );
}

function Waiting({ home: { waiting } }: { home: Home }) {
  if (waiting.length === 0) return <p className="dim">Nothing. What the program cannot go on with by itself comes here.</p>;
  return (
    <ul className="rows">
      {waiting.slice(0, 6).map((group) => (
        <li key={group.cause}>
          <To href={`/inbox?open=${encodeURIComponent(group.cause)}`} className="row-link">
            <span className="row-grow clamp-2">{causeTitle(group)}</span>
            <span className="dim row-when">
              <Ago at={group.oldestAt} />
            </span>
            <span className="num row-money">{showSums(group.money)}</span>
          </To>
        </li>
      ))}
    </ul>
  );
}

function Moving({ facts }: { facts: readonly Fact[] }) {
  if (facts.length === 0) return <Empty title="Nothing has happened yet">Orders that come in are told here, step by step.</Empty>;
  return (
    <ol className="moving">
      {facts.map((fact) => {
        const href = pageOf(fact.subject.kind, fact.subject.id, fact.order?.id ?? null);
        return (
          <li key={fact.id}>
            <span className="dim moving-time">
              <Ago at={fact.at} />
            </span>
            <span className="clamp-3">
              {fact.order && href ? (
                <To href={`/orders/${fact.order.id}`} className="link num">
                  {fact.order.number}
                </To>
              ) : null}{' '}
              {sentenceOf(fact)}
            </span>
          </li>
        );
      })}
    </ol>
  );
}
