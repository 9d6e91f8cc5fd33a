import { useState } from 'react';
import type { Money, OrderRow } from '../../api/types.ts';
import { useDo } from '../../parts/act.tsx';
import { Button } from '../../parts/Button.tsx';
import { counted, showSums } from '../../parts/format.ts';
import { useKeys } from '../../parts/keys.ts';
import { Menu } from '../../parts/Menu.tsx';

/** The API takes this many at once. */
const most = 200;

/** Sums by currency; unlike ones are never added. */
function sumsOf(amounts: readonly Money[]): Money[] {
  const sums = new Map<string, bigint>();
  for (const { minor, currency } of amounts) sums.set(currency, (sums.get(currency) ?? 0n) + BigInt(minor));
  return [...sums].map(([currency, minor]) => ({ currency, minor: minor.toString() }));
}

/** What can be done to the selected orders; each deed says first how many it can be done to. */
export function OrderBulk({ orders, onDone }: { orders: readonly OrderRow[]; onDone: () => void }) {
  const act = useDo();
  const [more, setMore] = useState(false);
  useKeys({ '.': () => setMore(true) });
  const chosen = orders.slice(0, most);
  const noun = counted(chosen.length, 'order');
  const suppliers = new Set(orders.flatMap((order) => order.suppliers.map(({ id }) => id))).size;
  const deed = (action: string, verb: string, warning?: string) => () =>
    act({
      path: '/orders/bulk',
      body: { action, ids: chosen.map(({ id }) => id) },
      label: `${verb} ${noun}`,
      ask: true,
      danger: action === 'cancel',
      ...(warning ? { warning } : {}),
      after: onDone,
    });
  return (
    <>
      <p className="bulk-words num">
        <strong>{counted(orders.length, 'selected', 'selected')}</strong>
        {suppliers > 0 ? ` · ${counted(suppliers, 'supplier')}` : ''} · {showSums(sumsOf(orders.map(({ total }) => total)))}
        {orders.length > most ? ` · the first ${most} at once` : ''}
      </p>
      <Button kind="primary" onClick={deed('route', 'Route')}>
        Route
      </Button>
      <Button onClick={deed('hold', 'Hold')}>Hold</Button>
      <Menu
        label="More"
        open={more}
        onOpenChange={setMore}
        choices={[
          { label: `Release ${noun}`, act: deed('release', 'Release') },
          {
            label: `Cancel ${noun}`,
            act: deed('cancel', 'Cancel', 'What is with a supplier already is asked back; the supplier may refuse.'),
          },
        ]}
      />
    </>
  );
}
