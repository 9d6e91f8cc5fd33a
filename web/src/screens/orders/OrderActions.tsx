import { useState } from 'react';
import type { OrderDetail } from '../../api/types.ts';
import { useDo } from '../../parts/act.tsx';
import { Button } from '../../parts/Button.tsx';
import { showMoney } from '../../parts/format.ts';
import { useKeys } from '../../parts/keys.ts';
import { Menu } from '../../parts/Menu.tsx';
import { NoteDialog } from './NoteDialog.tsx';

const over = new Set(['closed', 'cancelled']);
/** With suppliers, and everything of it under way: nothing is left to route. */
const underWay = new Set(['shipped', 'out_for_delivery', 'delivered']);

export function OrderActions({ order }: { order: OrderDetail }) {
  const act = useDo();
  const [note, setNote] = useState(false);
  const { id, number } = order;
  const held = order.holds.length > 0;
  const done = over.has(order.state);
  const canHold = held || ['received', 'accepted'].includes(order.state);
  const canRoute = ['accepted', 'held'].includes(order.state) || (order.state === 'in_fulfilment' && !underWay.has(order.status));
  useKeys({ n: () => setNote(true) });
  const hold = () =>
    act(
      held
        ? { path: `/orders/${id}/release`, label: `Release order ${number}` }
        : { path: `/orders/${id}/hold`, label: `Hold order ${number}` },
    );
  return (
    <div className="page-actions">
      {canHold ? <Button onClick={hold}>{held ? 'Release' : 'Hold'}</Button> : null}
      {canRoute ? (
        <Button onClick={() => act({ path: `/orders/${id}/route`, label: `Route order ${number}`, ask: true })}>
          {order.routedTimes > 0 ? 'Route again' : 'Route'}
        </Button>
      ) : null}
      <Button hint="N" onClick={() => setNote(true)}>
        Note
      </Button>
      {done ? null : (
        <Menu
          label="More"
          choices={[
            {
              label: `Cancel order ${number}`,
              act: () =>
                act({
                  path: `/orders/${id}/cancel`,
                  label: `Cancel order ${number} (${showMoney(order.total)})`,
                  ask: true,
                  danger: true,
                  warning: 'What is with a supplier already is asked back; the supplier may refuse.',
                }),
            },
          ]}
        />
      )}
      {order.trackingUrl ? (
        <a className="link page-link" href={order.trackingUrl} target="_blank" rel="noreferrer">
          Tracking page of the shopper
        </a>
      ) : null}
      <NoteDialog order={order} open={note} onClose={() => setNote(false)} />
    </div>
  );
}
