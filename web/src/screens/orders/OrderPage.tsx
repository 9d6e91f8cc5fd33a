import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { orderQuery } from '../../api/queries.ts';
import type { OrderDetail } from '../../api/types.ts';
import { Badge } from '../../parts/Badge.tsx';
import { Section } from '../../parts/Layout.tsx';
import { Answered } from '../../parts/States.tsx';
import { To } from '../../parts/To.tsx';
import { ClockChip, Money, Time } from '../../parts/Values.tsx';
import { Aside } from './Aside.tsx';
import { Lines } from './Lines.tsx';
import { NextStep } from './NextStep.tsx';
import { OrderActions } from './OrderActions.tsx';
import { OrderTimeline } from './OrderTimeline.tsx';
import { Parcels } from './Parcels.tsx';
import { Why } from './Why.tsx';

export function OrderPage() {
  const { id = '' } = useParams({ strict: false });
  const query = useQuery(orderQuery(id));
  return (
    <Answered query={query} what="The order" rows={14}>
      {(order) => <Page order={order} />}
    </Answered>
  );
}

const Page = ({ order }: { order: OrderDetail }) => (
  <article className="page">
    <header className="page-head">
      <p className="crumb">
        <To href="/orders">Orders</To>
      </p>
      <div className="page-title">
        <h1 className="num">
          <bdi>{order.number}</bdi>
        </h1>
        <Badge of="order" code={order.status} />
        {order.clock ? <ClockChip dueAt={order.clock.dueAt} what={order.clock.what} /> : null}
        {order.test ? <span className="badge tone-new">Test</span> : null}
      </div>
      <p className="dim">
        {order.channel.name} · placed <Time at={order.placedAt} /> · <Money of={order.total} />
      </p>
      <OrderActions order={order} />
    </header>
    <div className="page-columns">
      <div className="page-main">
        <Section title="What happens next">
          <NextStep order={order} />
        </Section>
        <Section title="Lines">
          <Lines order={order} />
        </Section>
        <Section title="Why this supplier" id="why">
          <Why order={order} />
        </Section>
        {order.parcels.length > 0 ? (
          <Section title="Parcels">
            <Parcels parcels={order.parcels} />
          </Section>
        ) : null}
        <OrderTimeline order={order} />
      </div>
      <Aside order={order} />
    </div>
  </article>
);
