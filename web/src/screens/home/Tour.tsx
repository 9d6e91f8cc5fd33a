import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { meQuery, ordersQuery } from '../../api/queries.ts';

import { Icon } from '../../parts/Icon.tsx';
import { To } from '../../parts/To.tsx';

const key = 'stockless.tour';
function kept(): number {
  try {
    return Number(localStorage.getItem(key) ?? '0') || 0;
  } catch {
    return 0;
  }
}
const over = 4;

/** The demo in four steps, each on its real screen. It may be left and taken up again. */
export function Tour() {
  const me = useQuery(meQuery);
  const [step, setStep] = useState(kept);
  const demo = me.data?.tenant.mode === 'demo';
  const newest = useInfiniteQuery({ ...ordersQuery({ status: 'with_supplier,accepted,shipped' }), enabled: demo && step < over });
  if (!demo || step >= over) return null;
  const order = newest.data?.pages[0]?.data[0]?.id;
  const steps = [
    ['Watch an order', 'Turn the clock by an hour above; orders come in and are routed.', '/orders'],
    ['See why', 'Which suppliers could deliver, and what decided.', order ? `/orders/${order}` : '/orders'],
    ['Fix an exception', 'One key does what is recommended, for all it holds.', '/inbox'],
    ['Open a tracking page', 'What the shopper sees, linked on each shipped order.', '/orders?status=shipped'],
  ] as const;
  const go = (next: number): void => {
    setStep(next);
    try {
      localStorage.setItem(key, String(next));
    } catch {
      // It begins anew next time.
    }
  };
  return (
    <section className="tour" aria-label="Tour in four steps">
      <ol>
        {steps.map(([title, text, href], index) => (
          <li key={title} className={index === step ? 'tour-step tour-now' : 'tour-step'}>
            <To href={href} className="tour-link" onGo={() => go(Math.max(step, index + 1))}>
              <span className="tour-number num">{index < step ? <Icon name="check" /> : index + 1}</span>
              <span>
                <span className="tour-title">{title}</span>
                <span className="tour-text">{text}</span>
              </span>
            </To>
          </li>
        ))}
      </ol>
      <button type="button" className="icon-button" aria-label="Close the tour" title="Close the tour" onClick={() => go(over)}>
        <Icon name="close" />
      </button>
    </section>
  );
}
