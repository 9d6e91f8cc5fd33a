import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { supplierQuery } from '../../api/queries.ts';
import type { SupplierDetail } from '../../api/types.ts';
import { useDo } from '../../parts/act.tsx';
import { Badge, LookBadge } from '../../parts/Badge.tsx';
import { Button } from '../../parts/Button.tsx';
import { showHours, showMoney, showShare, counted } from '../../parts/format.ts';
import { Health } from '../../parts/Health.tsx';
import { Pairs, Section, TableBox } from '../../parts/Layout.tsx';
import { settingPairs } from '../../parts/settings.tsx';
import { purchaseLook } from '../../parts/status.ts';
import { Answered } from '../../parts/States.tsx';
import { To } from '../../parts/To.tsx';
import { Ago, ClockChip, Money } from '../../parts/Values.tsx';
import { transportWord } from '../purchases/Purchases.tsx';
import { FeedRuns } from './FeedRuns.tsx';

export function SupplierPage() {
  const { id = '' } = useParams({ strict: false });
  const query = useQuery(supplierQuery(id));
  return (
    <Answered query={query} what="The supplier" rows={14}>
      {(supplier) => <Page supplier={supplier} />}
    </Answered>
  );
}

const Page = ({ supplier }: { supplier: SupplierDetail }) => (
  <article className="page">
    <header className="page-head">
      <p className="crumb">
        <To href="/suppliers">Suppliers</To>
      </p>
      <div className="page-title">
        <h1>
          <bdi>{supplier.name}</bdi>
        </h1>
        <Badge of="supplier" code={supplier.state} />
      </div>
      <Health of={supplier.health} partner />
      <Actions supplier={supplier} />
    </header>
    <div className="page-columns">
      <div className="page-main">
        <Section title={`Last ${supplier.numbers.days} days`}>
          <Numbers of={supplier.numbers} />
        </Section>
        <Section title="Open purchase orders" tools={<To href={`/purchases?supplier=${supplier.id}`}>All of theirs</To>}>
          <OpenPurchases supplier={supplier} />
        </Section>
        <Section title="Feed runs">
          <FeedRuns runs={supplier.feedRuns} />
        </Section>
      </div>
      <About supplier={supplier} />
    </div>
  </article>
);

function Actions({ supplier }: { supplier: SupplierDetail }) {
  const act = useDo();
  const { id, name, state, openPurchases } = supplier;
  return (
    <div className="page-actions">
      {state === 'paused' ? (
        <Button kind="primary" onClick={() => act({ path: `/suppliers/${id}/resume`, label: `Resume ${name}` })}>
          Resume
        </Button>
      ) : (
        <Button
          onClick={() =>
            act({
              path: `/suppliers/${id}/pause`,
              label: `Pause ${name}`,
              ask: true,
              warning: `No new orders go there. ${counted(openPurchases, 'open purchase order')} ${openPurchases === 1 ? 'goes' : 'go'} on.`,
            })
          }
        >
          Pause
        </Button>
      )}
      <To href={`/connections?tab=log&supplier=${id}`} className="link page-link">
        What came from them
      </To>
    </div>
  );
}

const share = (value: number | null): string => (value === null ? '—' : showShare(value));
const hours = (value: number | null): string => (value === null ? '—' : showHours(value));

const Numbers = ({ of }: { of: SupplierDetail['numbers'] }) => (
  <ul className="numbers">
    {(
      [
        ['Accepted', share(of.acceptance), 'of answered units'],
        ['Answered in time', share(of.acknowledgedInTime), `median ${hours(of.hoursToAcknowledge)}`],
        ['Shipped in time', share(of.shippedInTime), `median ${hours(of.hoursToShip)}`],
        ['Bought', showMoney(of.cost, { compact: true }), counted(of.purchases, 'purchase order')],
      ] as const
    ).map(([name, value, detail]) => (
      <li key={name}>
        <span className="measure-name">{name}</span>
        <span className="measure-value num">{value}</span>
        <span className="measure-change num">{detail}</span>
      </li>
    ))}
  </ul>
);

function OpenPurchases({ supplier: { purchases } }: { supplier: SupplierDetail }) {
  if (purchases.length === 0) return <p className="dim">None.</p>;
  return (
    <TableBox label="Open purchase orders">
      <thead>
        <tr>
          <th scope="col">Purchase order</th>
          <th scope="col">Order</th>
          <th scope="col">State</th>
          <th scope="col">Clock</th>
          <th scope="col" className="end">
            Cost
          </th>
        </tr>
      </thead>
      <tbody>
        {purchases.map((purchase) => {
          const due = purchase.transmission === 'sent' ? purchase.ackDueAt : purchase.shipDueAt;
          return (
            <tr key={purchase.id}>
              <td>
                <To href={`/purchases/${purchase.id}`} className="link num">
                  {purchase.number}
                </To>
              </td>
              <td>
                <To href={`/orders/${purchase.order.id}`} className="link num">
                  {purchase.order.number}
                </To>
              </td>
              <td>
                <LookBadge look={purchaseLook(purchase)} />
              </td>
              <td>{due ? <ClockChip dueAt={due} what={purchase.transmission === 'sent' ? 'acknowledge' : 'ship'} /> : null}</td>
              <td className="end">
                <Money of={purchase.cost} />
              </td>
            </tr>
          );
        })}
      </tbody>
    </TableBox>
  );
}

/** `*` stands for every country that is not named. */
const placeOf = (country: string): string => (country === '*' ? 'elsewhere' : country);
const days = (value: unknown): string => (typeof value === 'number' ? `${value} d` : String(value));

/** What is named first, everywhere else last. */
const byPlace = (of: Readonly<Record<string, unknown>>): [string, unknown][] =>
  Object.entries(of).toSorted(([one], [other]) => (one === '*' ? 1 : other === '*' ? -1 : one.localeCompare(other)));

const About = ({ supplier }: { supplier: SupplierDetail }) => (
  <div className="page-aside">
    <Section title="Terms">
      <Pairs
        of={[
          { name: 'Answers within', value: `${supplier.ackHours} h` },
          { name: 'Ships within', value: `${supplier.shipHours} h` },
          { name: 'Handling', value: `${supplier.handlingDays} d` },
          { name: 'Ships to', value: supplier.shipsTo.join(', ') || '—' },
          {
            name: 'On the way',
            value: byPlace(supplier.transitDays)
              .map(([country, value]) => `${placeOf(country)} ${days(value)}`)
              .join(', '),
          },
          { name: 'Fee per order', value: <Money of={supplier.orderFee} /> },
          {
            name: 'Shipping',
            value: byPlace(supplier.shippingCost)
              .map(
                ([country, minor]) =>
                  `${placeOf(country)} ${/^-?\d+$/.test(String(minor)) ? showMoney({ minor: String(minor), currency: supplier.currency }) : String(minor)}`,
              )
              .join(', '),
          },
        ]}
      />
    </Section>
    <Section title="Orders out">
      <Pairs
        of={[
          { name: 'By', value: transportWord(supplier.transport) },
          { name: 'Contact', value: <bdi>{supplier.contactEmail}</bdi> },
          ...settingPairs(supplier.settings),
          { name: 'Last asked', value: <Ago at={supplier.polledAt} /> },
        ]}
      />
    </Section>
    <Section title="About">
      <Pairs
        of={[
          { name: 'Code', value: <code>{supplier.code}</code> },
          { name: 'Country', value: supplier.country },
          { name: 'Time zone', value: supplier.timeZone },
          { name: 'Rank', value: String(supplier.rank) },
        ]}
      />
    </Section>
  </div>
);
