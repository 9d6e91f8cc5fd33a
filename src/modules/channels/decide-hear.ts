import type { Fault } from '#kernel/fault';
import { after, hoursBetween, type Instant } from '#kernel/time';
import type { NewException, Plan } from '#platform/work';
import type { Channel, Ear, Listened, Nudge } from './words.ts';

const listenHours = 24;
const retryMinutes = 15;
/** Beyond this the poll has brought it long ago. */
const nudgeHours = 24;

/** It is over; one that was heard of again meanwhile is still there, and asked for again. */
export const decideNudged = (_nudge: Nudge, _reply: unknown, now: Instant): Plan<'heard'> => ({ to: 'heard', due: now, facts: [] });

/** Asked for again until the poll will have brought it. */
export function decideNudgeFailed(nudge: Nudge, fault: Fault, now: Instant): Plan<'heard'> {
  const isOver = fault.kind === 'refused' || hoursBetween(nudge.first_at, now) >= nudgeHours;
  const wait = { ms: Math.max(fault.retryAfterMs ?? 0, fault.kind === 'misconfigured' ? retryMinutes * 60_000 : 30_000) };
  return { to: 'heard', facts: [], due: isOver ? null : after(now, wait) };
}

export const decideListened = (_ear: Ear, { trouble }: Listened, now: Instant): Plan<'kept'> & { set: object } => ({
  to: 'kept',
  facts: [],
  due: after(now, { hours: listenHours }),
  set: { trouble: trouble.slice(0, 500) },
});

/** Orders come by the poll meanwhile; that nothing works at all is told by the poll. */
export function decideListenFailed(_ear: Ear, fault: Fault, now: Instant): Plan<'kept'> & { set: object } {
  const wait = { ms: Math.max(fault.retryAfterMs ?? 0, retryMinutes * 60_000) };
  return { to: 'kept', facts: [], due: after(now, wait), set: { trouble: fault.message.slice(0, 500) } };
}

/** The store has told us that we are no longer let in. */
export const saidGoodbye = (channel: Channel): NewException => ({
  kind: 'connection_broken',
  subject: { kind: 'channel', id: channel.id },
  cause: `connection_broken:${channel.code}`,
  title: `${channel.name} has ended the connection: our access was removed there.`,
  detail: 'No orders come from it, and it is told nothing, until it is connected again.',
  fixes: [{ action: 'try-again', label: 'Try again', effect: 'It is asked at once; it is asked every 15 minutes anyway.' }],
  concerns: { channel: channel.id },
});
