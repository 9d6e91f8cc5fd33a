import type { Fault } from '#kernel/fault';
import { after, type Instant } from '#kernel/time';
import type { NewException, Plan } from '#platform/work';
import type { Channel, Polled, Report } from './words.ts';

const pollMinutes = 5;
const retryMinutes = 5;

/** When its orders are asked for next: at once while there is more, else after its own interval. */
export function decidePolled(channel: Channel, polled: Polled, now: Instant): Plan<'connected' | 'failing'> & { set: object } {
  return {
    to: 'connected',
    facts: [],
    set: { trouble: '' },
    resolve: channel.state === 'failing' ? ['connection_broken'] : [],
    ...(polled.more ? {} : { due: after(now, { minutes: channel.settings.pollMinutes ?? pollMinutes }) }),
  };
}

export function decidePollFailed(channel: Channel, fault: Fault, now: Instant): Plan<'connected' | 'failing'> & { set: object } {
  // A store that is asked too fast says itself when to go on.
  const wait = { ms: fault.retryAfterMs ?? retryMinutes * 60_000 };
  if (fault.kind === 'transient' || fault.kind === 'unknown')
    return {
      to: channel.state === 'failing' ? 'failing' : 'connected',
      facts: [],
      due: after(now, wait),
      set: { trouble: `Its orders could not be asked for: ${fault.message}` },
    };
  return { to: 'failing', facts: [], due: after(now, { minutes: 15 }), set: { trouble: fault.message }, raise: [broken(channel, fault)] };
}

function broken(channel: Channel, fault: Fault): NewException {
  return {
    kind: 'connection_broken',
    subject: { kind: 'channel', id: channel.id },
    cause: `connection_broken:${channel.code}`,
    title: `${channel.name} cannot be read: ${fault.message}`,
    detail:
      fault.kind === 'misconfigured'
        ? 'It cannot work until its key or address is changed. Webhooks still come in.'
        : 'It answered in a way that cannot be right. Webhooks still come in.',
    evidence: { code: fault.code, ...fault.evidence },
    fixes: [{ action: 'try-again', label: 'Try again', effect: 'It is asked at once; it is asked every 15 minutes anyway.' }],
    concerns: { channel: channel.id },
  };
}

export const decideReported = (): Plan<'sent'> => ({ to: 'sent', due: null, facts: [] });

export function decideReportRefused(report: Report, fault: Fault, now: Instant): Plan<'failed'> {
  return {
    to: 'failed',
    due: null,
    facts: [],
    raise: [
      {
        ...doubt(report, `${report.channel.name} did not take the tracking number of order ${report.order_number}: ${fault.message}`, now),
        kind: 'report_failed',
      },
    ],
  };
}

export const reportDoubtful = (report: Report, why: string, now: Instant): NewException =>
  doubt(report, `Whether ${report.channel.name} knows the tracking number of order ${report.order_number} is not certain: ${why}`, now);

export function reportMisconfigured(report: Report, fault: Fault): NewException {
  return broken(report.channel, fault);
}

function doubt(report: Report, title: string, now: Instant): NewException {
  return {
    kind: 'report_unconfirmed',
    subject: { kind: 'report', id: report.id },
    cause: `report:${report.channel.code}`,
    title,
    detail: 'The shopper sees the parcel on our tracking page anyway; only the store does not show it.',
    fixes: [
      { action: 'try-again', label: 'Tell the store again', effect: 'Under the same key, so that it is told once.' },
      { action: 'dismiss', label: 'Leave it', effect: 'The store is not told.' },
    ],
    due: after(now, { hours: 24 }),
    concerns: { order: report.order_id, channel: report.channel_id },
  };
}
