import type { Fault } from '#kernel/fault';
import { after, type Instant } from '#kernel/time';
import type { Plan } from '#platform/work';
import type { Fetched } from '#ports/supplier';
import type { Supplier } from './words.ts';

const pollMinutes = 10;
const mostWaitMinutes = 120;

/** When it is asked next: at once while more waits, else after its interval. */
export const decidePolled = (supplier: Supplier, fetched: Fetched, now: Instant): Plan<'idle'> => ({
  to: 'idle', facts: [], resolve: ['connection_broken'], ...(fetched.more ? {} : { due: after(now, { minutes: minutesOf(supplier) }) }),
});

/** A passing trouble is tried again; one that needs a person is told, and tried again more slowly. */
export function decidePollFailed(supplier: Supplier, fault: Fault, now: Instant): Plan<'idle'> {
  const minutes = Math.max(minutesOf(supplier), (fault.retryAfterMs ?? 0) / 60_000);
  if (fault.kind === 'transient' || fault.kind === 'unknown') return { to: 'idle', facts: [], due: after(now, { minutes: Math.min(minutes, mostWaitMinutes) }) };
  return {
    to: 'idle', facts: [], due: after(now, { minutes: Math.max(minutes, 30) }),
    raise: [{
      kind: 'connection_broken', subject: { kind: 'supplier', id: supplier.id }, cause: `connection_broken:${supplier.code}`,
      title: `What ${supplier.name} leaves for us cannot be read: ${fault.message}`,
      detail: 'Acknowledgements and ship notices do not come in until this works.',
      evidence: { code: fault.code, ...fault.evidence },
      fixes: [{ action: 'try-again', label: 'Try again', effect: 'It is asked at once; it is asked every half hour anyway.' }],
      concerns: { supplier: supplier.id },
    }],
  };
}

const minutesOf = (supplier: Supplier): number => {
  const said = supplier.transport_settings['pollMinutes'];
  return typeof said === 'number' && said > 0 ? said : pollMinutes;
};
