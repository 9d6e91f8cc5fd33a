import { useQuery } from '@tanstack/react-query';
import { orderQuery } from '../../api/queries.ts';
import type { OrderDetail } from '../../api/types.ts';
import { Badge } from '../../parts/Badge.tsx';
import { Kbd } from '../../parts/Button.tsx';
import { Section } from '../../parts/Layout.tsx';
import { SidePanel } from '../../parts/SidePanel.tsx';
import { Answered } from '../../parts/States.tsx';
import { To } from '../../parts/To.tsx';
import { ClockChip, Money } from '../../parts/Values.tsx';
import { NextStep } from './NextStep.tsx';
import { lineWhy } from './why.ts';
import { Timeline } from '../../parts/Timeline.tsx';

/** An order beside its list: what it is, what happens next, who delivers it and why, and its last days. */
export function OrderPanel({ id, onClose }: { id: string; onClose: () => void }) {
  const query = useQuery(orderQuery(id));
  const number = query.data?.number ?? '';
  return (
    <SidePanel
      label={`Order ${number}`}
      title={<bdi>{number || 'Order'}</bdi>}
      onClose={onClose}
      tools={
        <To href={`/orders/${id}`} className="button button-plain">
          Open page <Kbd>Enter</Kbd>
        </To>
      }
    >
      <Answered query={query} what="The order" rows={10}>
        {(order) => <Inside order={order} />}
      </Answered>
    </SidePanel>
  );
}

const Inside = ({ order }: { order: OrderDetail }) => (
  <>
    <p className="panel-facts">
      <Badge of="order" code={order.status} />
      {order.clock ? <ClockChip dueAt={order.clock.dueAt} what={order.clock.what} /> : null}
      <Money of={order.total} strong />
    </p>
    <p className="panel-sub dim">
      <bdi>{order.customer}</bdi>, {[order.shipTo.city, order.shipTo.country].filter(Boolean).join(', ')} · {order.channel.name}
    </p>
    <NextStep order={order} />
    <Section title="Lines">
      <ul className="brief">
        {order.items.map((line) => (
          <li key={line.id}>
            <p className="brief-line">
              <span className="num dim">{line.quantity} ×</span> <span className="brief-grow">{line.title}</span> <Money of={line.price} />
            </p>
            <p className="dim">{lineWhy(order.decisions, line.id)}</p>
          </li>
        ))}
      </ul>
    </Section>
    {order.parcels.length > 0 ? (
      <Section title="Parcels">
        <ul className="brief">
          {order.parcels.map((parcel) => (
            <li key={parcel.id} className="brief-line">
              <code className="brief-grow">{parcel.number}</code> <Badge of="parcel" code={parcel.milestone} />
            </li>
          ))}
        </ul>
      </Section>
    ) : null}
    <Section title="Timeline">
      <Timeline facts={order.timeline.slice(-12)} />
    </Section>
  </>
);
