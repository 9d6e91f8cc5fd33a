import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { purchaseQuery } from '../../api/queries.ts';
import type { PurchaseDetail } from '../../api/types.ts';
import { Badge } from '../../parts/Badge.tsx';
import { addressLines } from '../../parts/address.ts';
import { Pairs, Section, TableBox } from '../../parts/Layout.tsx';
import { wordOf } from '../../parts/status.ts';
import { Answered } from '../../parts/States.tsx';
import { Timeline } from '../../parts/Timeline.tsx';
import { To } from '../../parts/To.tsx';
import { Ago, Money, Time } from '../../parts/Values.tsx';
import { DocumentView } from './DocumentView.tsx';
import { PurchaseActions } from './PurchaseActions.tsx';
import { Axes, PurchaseLines } from './PurchaseParts.tsx';
import { transportWord } from './Purchases.tsx';

export function PurchasePage() {
  const { id = '' } = useParams({ strict: false });
  const query = useQuery(purchaseQuery(id));
  return (
    <Answered query={query} what="The purchase order" rows={14}>
      {(purchase) => <Page purchase={purchase} />}
    </Answered>
  );
}

const Page = ({ purchase }: { purchase: PurchaseDetail }) => {
  const sent = purchase.documents.filter(({ direction }) => direction === 'out');
  return (
    <article className="page">
      <header className="page-head">
        <p className="crumb">
          <To href="/purchases">Purchase orders</To>
        </p>
        <div className="page-title">
          <h1 className="num">{purchase.number}</h1>
          <span className="dim">
            <To href={`/suppliers/${purchase.supplier.id}`}>{purchase.supplier.name}</To> for order{' '}
            <To href={`/orders/${purchase.order.id}`}>{purchase.order.number}</To>
          </span>
        </div>
        <Axes of={purchase} />
        <PurchaseActions purchase={purchase} />
      </header>
      <div className="page-columns">
        <div className="page-main">
          <Section title="Lines">
            <PurchaseLines purchase={purchase} />
          </Section>
          <Section title="What was sent">
            {sent.length === 0 ? <p className="dim">Nothing yet. The very document stands here as soon as it went out.</p> : null}
            {sent.map((document) => (
              <DocumentView key={document.id} document={document} />
            ))}
          </Section>
          <Section title="What came back">
            {purchase.answers.length === 0 ? <p className="dim">Nothing yet.</p> : null}
            {purchase.answers.map((document) => (
              <DocumentView key={document.id} document={document} />
            ))}
          </Section>
          {purchase.attempts.length > 0 ? <Attempts purchase={purchase} /> : null}
          <Section title="Timeline">
            <Timeline facts={purchase.timeline} />
          </Section>
        </div>
        <About purchase={purchase} />
      </div>
    </article>
  );
};

/** Each try under its key: the same key twice is one order for the supplier. */
const Attempts = ({ purchase }: { purchase: PurchaseDetail }) => (
  <Section title="Attempts">
    <TableBox label="Attempts">
      <thead>
        <tr>
          <th scope="col">Key</th>
          <th scope="col">When</th>
          <th scope="col">Outcome</th>
          <th scope="col">What was said</th>
        </tr>
      </thead>
      <tbody>
        {purchase.attempts.map((attempt) => (
          <tr key={`${attempt.key}${attempt.attempt}`}>
            <td>
              <code>{attempt.key}</code>
              {attempt.attempt > 1 ? <span className="dim"> try {attempt.attempt}</span> : null}
            </td>
            <td>
              <Time at={attempt.intendedAt} />
            </td>
            <td>
              <Badge of="attempt" code={attempt.state} />
            </td>
            <td className="cell-text">{attempt.fault?.message ?? ''}</td>
          </tr>
        ))}
      </tbody>
    </TableBox>
  </Section>
);

const About = ({ purchase }: { purchase: PurchaseDetail }) => (
  <div className="page-aside">
    <Section title="About">
      <Pairs
        of={[
          { name: 'Cost', value: <Money of={purchase.cost} strong /> },
          { name: 'Their number', value: purchase.reference ? <code>{purchase.reference}</code> : '—' },
          { name: 'Sent by', value: transportWord(purchase.transport) },
          { name: 'Service', value: wordOf(purchase.service) },
          { name: 'Written', value: <Time at={purchase.createdAt} /> },
          { name: 'Sent', value: <Time at={purchase.sentAt} /> },
          { name: 'Acknowledged', value: <Time at={purchase.acknowledgedAt} /> },
          { name: 'Ship by', value: <Time at={purchase.shipDueAt} /> },
          purchase.reminded > 0 ? { name: 'Reminded', value: `${purchase.reminded} times` } : null,
        ]}
      />
    </Section>
    <Section title="Ship to">
      <address className="address">
        {addressLines(purchase.shipTo).map((line) => (
          <bdi key={line}>{line}</bdi>
        ))}
      </address>
    </Section>
    {purchase.parcels.length > 0 ? (
      <Section title="Parcels">
        <ul className="brief">
          {purchase.parcels.map((parcel) => (
            <li key={parcel.id} className="brief-line">
              <code className="brief-grow">{parcel.number}</code>
              <Badge of="parcel" code={parcel.milestone} />
            </li>
          ))}
        </ul>
      </Section>
    ) : null}
    {purchase.changes.length > 0 ? (
      <Section title="Changes asked for">
        <ul className="brief">
          {purchase.changes.map((change) => (
            <li key={change.id} className="brief-line">
              <span className="brief-grow">
                {wordOf(change.kind)} <span className="dim">{change.why}</span> <Ago at={change.createdAt} />
              </span>
              <Badge of="change" code={change.state} />
            </li>
          ))}
        </ul>
      </Section>
    ) : null}
  </div>
);
