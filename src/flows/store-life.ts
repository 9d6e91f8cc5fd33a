/**
 * How stores are heard, top to bottom: their webhooks are kept alive, and orders that they only name are asked for. Whatever is missed
 * comes by the poll, `pollChannel` in `order-life.ts`.
 */
import {
  decideListened,
  decideListenFailed,
  decideNudged,
  decideNudgeFailed,
  ear,
  endNudges,
  nudge,
  recordListened,
} from '#modules/channels';
import { arrive } from '#platform/inbox';
import { type AnyStep, reading } from '#platform/work';
import type { Far } from './far.ts';

/** A store's webhooks are looked at once a day: platforms switch them off, and people delete them. */
export const listenStore = reading(ear, {
  name: 'listenStore',
  from: ['kept'],
  to: ['kept'],
  account: ({ channel: { code } }) => code,
  batch: 10,
  ask: (far: Far, { channel }) => far.listen(channel),
  record: recordListened,
  decide: decideListened,
  refused: decideListenFailed,
});

/** Orders that a webhook named are asked for, so that what is read is what is so now. */
export const askNudged = reading(nudge, {
  name: 'askNudged',
  from: ['heard'],
  to: ['heard'],
  account: ({ channel: { code } }) => code,
  batch: 50,
  ask: async (far: Far, one) => ({ heard_at: one.heard_at, documents: (await far.channel(one.channel).named?.([one.object])) ?? [] }),
  record: async (tx, asked) => {
    await arrive(
      tx,
      asked.flatMap(({ thing, reply }) =>
        reply.documents.map(({ object, name, body }) => ({
          kind: 'order',
          source: `channel:${thing.channel_id}`,
          object,
          name,
          headers: { by: 'nudge' },
          body,
        })),
      ),
    );
    await endNudges(
      tx,
      asked.map(({ thing, reply }) => ({ id: thing.id, heard_at: reply.heard_at })),
    );
  },
  decide: decideNudged,
  refused: decideNudgeFailed,
});

/** In reading order. */
export const storeLife: readonly AnyStep[] = [listenStore, askNudged];
