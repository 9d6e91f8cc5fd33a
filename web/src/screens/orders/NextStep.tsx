import type { ExceptionRow, OrderDetail } from '../../api/types.ts';
import { useDo } from '../../parts/act.tsx';
import { Button } from '../../parts/Button.tsx';
import { reasonOf } from '../../parts/facts.ts';

/** What happens next, and who has to do it: nobody, or the reader. */
export function NextStep({ order }: { order: OrderDetail }) {
  const [exception] = order.openExceptions;
  if (exception) return <Waits exception={exception} />;
  return (
    <div className="next">
      <p>{nextOf(order)}</p>
      {order.holds.length > 0 ? <Release order={order} /> : null}
    </div>
  );
}

function Release({ order }: { order: OrderDetail }) {
  const act = useDo();
  return (
    <Button kind="primary" onClick={() => act({ path: `/orders/${order.id}/release`, label: `Release order ${order.number}` })}>
      Release
    </Button>
  );
}

function Waits({ exception }: { exception: ExceptionRow }) {
  const act = useDo();
  return (
    <div className="next next-waits">
      <p className="strong">{exception.title}</p>
      {exception.detail ? <p>{exception.detail}</p> : null}
      <div className="next-fixes">
        {exception.fixes.map(({ action, label, effect, input }, index) => (
          <Button
            key={action}
            kind={index === 0 ? 'primary' : 'plain'}
            title={effect}
            onClick={() =>
              act({ path: `/exceptions/${exception.id}/actions/${action}`, body: input ?? {}, label, ask: true, warning: effect })
            }
          >
            {label}
          </Button>
        ))}
      </div>
    </div>
  );
}

const atFirst = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);

/** The sentence for each status, in words that say who moves. */
export function nextOf({ status, holds, clock, suppliers, parcels }: OrderDetail): string {
  const who = suppliers.map(({ name }) => name).join(' and ') || 'the supplier';
  const has = suppliers.length > 1 ? 'have' : 'has';
  switch (status) {
    case 'awaiting_payment':
      return 'Waits for the payment; it is routed when the shop says it is paid.';
    case 'on_hold':
      return `On hold for ${holds.map(reasonOf).join(', ') || 'a look'}. It waits for a person to release it.`;
    case 'no_supplier':
      return 'No supplier can deliver it now. It is tried again when stock or rules change.';
    case 'routing':
      return 'A supplier is being chosen.';
    case 'routed':
      return `Purchase orders to ${who} are being written.`;
    case 'with_supplier':
      return `${atFirst(who)} ${has} to answer${clock?.what === 'acknowledge' ? '; the clock runs' : ''}.`;
    case 'accepted':
      return `${atFirst(who)} accepted and ${has} to ship.`;
    case 'backordered':
      return `${atFirst(who)} ${suppliers.length > 1 ? 'ship' : 'ships'} when stock is there again.`;
    case 'part_shipped':
      return 'Some is on its way; the rest has to follow.';
    case 'shipped':
    case 'out_for_delivery':
      return parcels.length > 1 ? `${parcels.length} parcels are on their way.` : 'The parcel is on its way.';
    case 'delivered':
      return 'Delivered. Nothing is left to do.';
    case 'cancelled':
    case 'part_cancelled':
      return 'Nothing is left to do.';
    default:
      return 'A person has to look at it.';
  }
}
