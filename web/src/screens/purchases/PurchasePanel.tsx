import { useQuery } from '@tanstack/react-query';
import { purchaseQuery } from '../../api/queries.ts';
import { Kbd } from '../../parts/Button.tsx';
import { Section } from '../../parts/Layout.tsx';
import { SidePanel } from '../../parts/SidePanel.tsx';
import { Answered } from '../../parts/States.tsx';
import { Timeline } from '../../parts/Timeline.tsx';
import { To } from '../../parts/To.tsx';
import { Axes, PurchaseLines } from './PurchaseParts.tsx';
import { PurchaseActions } from './PurchaseActions.tsx';

export function PurchasePanel({ id, onClose }: { id: string; onClose: () => void }) {
  const query = useQuery(purchaseQuery(id));
  const number = query.data?.number ?? '';
  return (
    <SidePanel
      label={`Purchase order ${number}`}
      title={number || 'Purchase order'}
      onClose={onClose}
      tools={
        <To href={`/purchases/${id}`} className="button button-plain">
          Open page <Kbd>Enter</Kbd>
        </To>
      }
    >
      <Answered query={query} what="The purchase order" rows={10}>
        {(purchase) => (
          <>
            <p className="panel-sub">
              <To href={`/suppliers/${purchase.supplier.id}`}>{purchase.supplier.name}</To> <span className="dim">for order</span>{' '}
              <To href={`/orders/${purchase.order.id}`}>{purchase.order.number}</To>
            </p>
            <Axes of={purchase} />
            <PurchaseActions purchase={purchase} />
            <Section title="Lines">
              <PurchaseLines purchase={purchase} />
            </Section>
            <Section title="Timeline">
              <Timeline facts={purchase.timeline} />
            </Section>
          </>
        )}
      </Answered>
    </SidePanel>
  );
}
