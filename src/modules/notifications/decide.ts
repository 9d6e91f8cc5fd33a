import type { Fault } from '#kernel/fault';
import type { Instant } from '#kernel/time';
import type { Fix, NewException, NewFact, Plan, Settled } from '#platform/work';
import type { Message, Sent } from './words.ts';

/** `an…@example.com`: enough to recognise, too little to use. */
export function maskAddress(address: string): string {
  const at = address.lastIndexOf('@');
  return at < 1 ? '…' : `${address.slice(0, Math.min(2, at))}…${address.slice(at)}`;
}

const base = (meaning: string): string => meaning.split(':')[0] ?? meaning;
const aboutOf = ({ id, order_id }: Message): Pick<NewFact, 'subject' | 'order'> => ({ subject: { kind: 'message', id }, order: order_id });
const tryAgain: Fix = {
  action: 'try-again',
  label: 'Try again',
  effect: 'The message is sent once more, to the address that the order has now.',
};
const dismiss: Fix = { action: 'dismiss', label: 'Dismiss', effect: 'The message stays unsent; the tracking page still tells all of it.' };

/** The mail server has taken it, may have taken it, or it was left unsaid because it had become too old. */
export function decideSent(message: Message, reply: Sent, _now: Instant): Plan<'sent' | 'suppressed' | 'unknown'> {
  const to = ({ sent: 'sent', unconfirmed: 'unknown', too_late: 'suppressed' } as const)[reply.outcome];
  const data = { meaning: base(message.meaning), to: maskAddress(message.address), ...(reply.why ? { because: reply.why } : {}) };
  return {
    to,
    due: null,
    facts: [
      {
        ...aboutOf(message),
        type: to === 'suppressed' ? 'message.suppressed' : 'message.sent',
        data: reply.outcome === 'unconfirmed' ? { ...data, confirmed: false } : data,
      },
    ],
    resolve: ['message_failed'],
  };
}

/** The mail server said no, or could not be reached in all its tries: nobody was told, so a person decides. */
export function decideRefused(message: Message, fault: Fault, _now: Instant): Plan<'failed'> {
  const meaning = base(message.meaning);
  return {
    to: 'failed',
    due: null,
    facts: [
      {
        ...aboutOf(message),
        type: 'message.failed',
        data: { meaning, to: maskAddress(message.address), because: fault.message.slice(0, 300) },
      },
    ],
    raise: [
      {
        kind: 'message_failed',
        subject: { kind: 'message', id: message.id },
        cause: `message_failed:${fault.code}`,
        title: `The message "${meaning}" could not be sent to ${maskAddress(message.address)}: ${fault.message}`.slice(0, 300),
        detail: 'It certainly was not delivered. Correct the address if it is wrong, or the mail settings if many fail alike.',
        evidence: { meaning, code: fault.code },
        fixes: [tryAgain, dismiss],
        concerns: message.order_id ? { order: message.order_id } : {},
      },
    ],
  };
}

/** Doubt ends here, without anybody being asked: see `Sent`. */
export const whatBecameOf = async (): Promise<Settled<Sent>> => ({
  outcome: 'happened',
  reply: { outcome: 'unconfirmed', reference: '', why: 'The mail server did not confirm it. It is not sent a second time.' },
});

/** Asked for by the step, and never reached: `whatBecameOf` always has an answer. */
export const doubtful = (message: Message, why: string, _now: Instant): NewException => ({
  kind: 'message_failed',
  subject: { kind: 'message', id: message.id },
  cause: 'message_failed:unknown',
  title: `Nobody knows whether "${base(message.meaning)}" reached ${maskAddress(message.address)}: ${why}`.slice(0, 300),
  fixes: [dismiss],
});

/** Mail cannot work until a setting changes: one exception for all messages that wait. */
export const misconfigured = (message: Message, fault: Fault, _now: Instant): NewException => ({
  kind: 'connection_broken',
  subject: { kind: 'message', id: message.id },
  cause: `connection_broken:mail:${fault.code}`,
  title: `No mail can be sent: ${fault.message}`.slice(0, 300),
  detail:
    'Messages wait and are tried every quarter of an hour; those that get too old to be useful are left unsent. Correct the mail settings.',
  fixes: [{ action: 'try-again', label: 'Try again', effect: 'The message is sent at once with the settings as they are now.' }],
});
