import type { Fault } from '#kernel/fault';
import { after, hoursBetween, type Instant } from '#kernel/time';
import type { NewException, Plan } from '#platform/work';
import type { Fetched } from '#ports/supplier';
import type { Supplier } from './words.ts';

const pollMinutes = 10;
const mostWaitMinutes = 120;
const stoppedMinutes = 30;
/** Passing trouble that does not pass for so long is for a person. */
const patienceHours = 6;

type Polled = Plan<'idle' | 'stopped'>;

/** When it is asked next: at once while more waits, else after its interval. */
export const decidePolled = (supplier: Supplier, fetched: Fetched, now: Instant): Polled => ({
  to: 'idle',
  facts: [],
  resolve: supplier.poll_state === 'stopped' ? ['connection_broken'] : [],
  ...(fetched.more ? {} : { due: after(now, { minutes: minutesOf(supplier) }) }),
});

/** A passing trouble is tried again; one that needs a person, or does not pass, is told once, and tried again more slowly. */
export function decidePollFailed(supplier: Supplier, fault: Fault, now: Instant): Polled {
  const minutes = Math.max(minutesOf(supplier), (fault.retryAfterMs ?? 0) / 60_000);
  const passing = fault.kind === 'transient' || fault.kind === 'unknown';
  const hours = hoursBetween(supplier.polled_at ?? supplier.created_at, now);
  if (passing && hours < patienceHours)
    return {
      to: supplier.poll_state === 'stopped' ? 'stopped' : 'idle',
      facts: [],
      due: after(now, { minutes: Math.min(minutes, mostWaitMinutes) }),
    };
  const due = after(now, { minutes: Math.max(Math.min(minutes, mostWaitMinutes), stoppedMinutes) });
  if (supplier.poll_state === 'stopped') return { to: 'stopped', facts: [], due };
  return { to: 'stopped', facts: [], due, raise: [broken(supplier, fault, passing ? ` for ${Math.floor(hours)} h` : '')] };
}

function broken(supplier: Supplier, fault: Fault, since: string): NewException {
  return {
    kind: 'connection_broken',
    subject: { kind: 'supplier', id: supplier.id },
    cause: `connection_broken:${supplier.code}`,
    title: `What ${supplier.name} leaves for us cannot be read${since}: ${fault.message}`,
    detail: 'Acknowledgements and ship notices do not come in until this works.',
    evidence: { code: fault.code, ...fault.evidence },
    fixes: [{ action: 'try-again', label: 'Try again', effect: 'It is asked at once; it is asked every half hour anyway.' }],
    concerns: { supplier: supplier.id },
  };
}

const minutesOf = (supplier: Supplier): number => {
  const said = supplier.transport_settings['pollMinutes'];
  return typeof said === 'number' && said > 0 ? Math.min(said, mostWaitMinutes) : pollMinutes;
};
