import type { Fault } from '#kernel/fault';
import { after, type Instant } from '#kernel/time';
import type { NewException, Plan } from '#platform/work';
import type { Published, PublishedOutcome } from '#ports/channel';
import type { Push, Shelf } from './words.ts';

const reconcileHours = 24;
const retryMinutes = 15;

export const pushKey = ({ id }: Pick<Push, 'id'>): string => `push:${id}`;

/** Refused rows are shown with their listings and on the store's page; the same root is one card. */
export function decidePublished(push: Push, { outcomes }: { outcomes: PublishedOutcome[] }, now: Instant): Plan<'sent'> {
  const refused = outcomes.filter(({ ok }) => !ok);
  const plan: Plan<'sent'> = { to: 'sent', due: null, facts: [] };
  if (refused.length === 0) return plan;
  const named = refused.slice(0, 3).map(({ sku, why }) => `${sku}: ${why ?? 'no reason given'}`);
  const title = `${push.channel.name} did not take ${refused.length} of ${push.rows.length} listings (${named.join('; ')})`;
  return { ...plan, raise: [aboutListings(push, title, now)] };
}

/** Nothing of it was taken: its rows are let go of. */
export function decidePublishRefused(push: Push, fault: Fault, now: Instant): Plan<'failed'> & { set: object } {
  const title = `${push.channel.name} did not take stock and prices of ${push.rows.length} listings: ${fault.message}`;
  return { to: 'failed', facts: [], set: { trouble: fault.message.slice(0, 500) }, raise: [aboutListings(push, title, now)] };
}

export const decideLetGo = (): Plan<'failed'> => ({ to: 'failed', due: null, facts: [] });

export const publishDoubtful = (push: Push, why: string, now: Instant): NewException =>
  aboutListings(push, `Whether ${push.channel.name} took stock and prices of ${push.rows.length} listings is not certain: ${why}`, now);

export const publishMisconfigured = (push: Push, fault: Fault): NewException => ({
  kind: 'connection_broken',
  subject: { kind: 'channel', id: push.channel_id },
  cause: `connection_broken:${push.channel.code}`,
  title: `${push.channel.name} cannot be told anything: ${fault.message}`,
  detail: 'It cannot work until its key or address is changed. Stock and prices there stay as they were told last.',
  evidence: { code: fault.code, ...fault.evidence },
  fixes: [{ action: 'try-again', label: 'Try again', effect: 'It is told again at once.' }],
  concerns: { channel: push.channel_id },
});

const aboutListings = (push: Push, title: string, now: Instant): NewException => ({
  kind: 'publish_failed',
  subject: { kind: 'channel', id: push.channel_id },
  cause: `publish_failed:${push.channel.code}`,
  title: title.slice(0, 500),
  detail: 'The store goes on showing what it was told last for these. Each says why on its page.',
  fixes: [
    { action: 'try-again', label: 'Tell the store again', effect: 'What it should say now is sent once more.' },
    { action: 'dismiss', label: 'Leave it', effect: 'They are told again when something about them changes.' },
  ],
  due: after(now, { hours: 4 }),
  concerns: { channel: push.channel_id },
});

/** The next page at once, the next reading in a day. */
export function decideReconciled(_shelf: Shelf, { cursor, more }: Published, now: Instant): Plan<'kept'> & { set: object } {
  return {
    to: 'kept',
    facts: [],
    set: { cursor: more ? cursor : '', trouble: '' },
    ...(more ? {} : { due: after(now, { hours: reconcileHours }) }),
  };
}

/** Reading may fail for a while; that nothing can be said to the store is told elsewhere. */
export function decideReconcileFailed(shelf: Shelf, fault: Fault, now: Instant): Plan<'kept'> & { set: object } {
  const wait = { ms: fault.retryAfterMs ?? retryMinutes * 60_000 };
  return { to: 'kept', facts: [], due: after(now, wait), set: { cursor: shelf.cursor, trouble: fault.message.slice(0, 500) } };
}
