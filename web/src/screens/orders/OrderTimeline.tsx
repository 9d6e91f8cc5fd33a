import { useState } from 'react';
import type { Fact, OrderDetail } from '../../api/types.ts';
import { Section } from '../../parts/Layout.tsx';
import { Timeline } from '../../parts/Timeline.tsx';

const filters = [
  ['All', () => true],
  ['Supplier', ({ type }: Fact) => /^(purchase|change)\./.test(type)],
  ['Parcels', ({ type }: Fact) => type.startsWith('parcel.')],
  ['Customer saw', ({ type }: Fact) => type.startsWith('message.')],
  ['People', ({ actor }: Fact) => actor.startsWith('person:')],
] as const;

/** Everything that happened to the order, or one kind of it. */
export function OrderTimeline({ order }: { order: OrderDetail }) {
  const [shown, setShown] = useState(0);
  const filter = filters[shown]?.[1] ?? filters[0][1];
  return (
    <Section
      title="Timeline"
      tools={
        <div className="views" role="group" aria-label="Show in the timeline">
          {filters.map(([label, test], index) =>
            index > 0 && !order.timeline.some(test) ? null : (
              <button key={label} type="button" className="view" aria-pressed={index === shown} onClick={() => setShown(index)}>
                {label}
              </button>
            ),
          )}
        </div>
      }
    >
      <Timeline facts={order.timeline.filter(filter)} />
    </Section>
  );
}
