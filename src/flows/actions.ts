import { problem } from '#kernel/problem';
import { type Tx } from '#platform/db';
import { readAgain } from '#platform/inbox';
import { publishPolicy, readPolicy, saveDraft } from '#modules/routing';
import { actOnException } from './actions-exceptions.ts';
import type { Asked, Deed, Done } from './acting.ts';
import { actOnFeed, actOnFeedRun } from './actions-feeds.ts';
import { cancelOrder, holdOrder, noteOrder, releaseOrder, routeAgain } from './actions-orders.ts';
import { changeParty, type PartyGiven } from './actions-parties.ts';
import { actOnListings } from './actions-listings.ts';
import { actOnMatches } from './actions-matches.ts';
import { actOnPrices } from './actions-prices.ts';
import { acceptForThem, cancelPurchase, remindThem, sendAgain } from './actions-purchases.ts';
import { actOnVariants } from './actions-variants.ts';
import type { Given } from './far.ts';
import { tell } from './reactions.ts';

type Action = (tx: Tx, asked: Asked, given: Given & PartyGiven) => Promise<Deed>;

/** Everything that people can do, by what it is done to. Each is one transaction; throws a Problem when it is not possible. */
const actions: Readonly<Record<string, Action>> = {
  'order.hold': holdOrder,
  'order.release': releaseOrder,
  'order.cancel': cancelOrder,
  'order.route': routeAgain,
  'order.note': noteOrder,
  'purchase.resend': sendAgain,
  'purchase.accept': acceptForThem,
  'purchase.cancel': cancelPurchase,
  'purchase.remind': remindThem,
  'supplier.change': changeParty,
  'supplier.pause': changeParty,
  'supplier.resume': changeParty,
  'feed.change': actOnFeed,
  'feed.run': actOnFeed,
  'feed.pause': actOnFeed,
  'feed.resume': actOnFeed,
  'feed-run.release': actOnFeedRun,
  'feed-run.reject': actOnFeedRun,
  'feed-run.replay': actOnFeedRun,
  'feed-run.roll-back': actOnFeedRun,
  'feed-run.cancel': actOnFeedRun,
  'channel.create': changeParty,
  'channel.change': changeParty,
  'arrival.read-again': readArrivalAgain,
  'match.approve': actOnMatches,
  'match.approve-group': actOnMatches,
  'match.reject': actOnMatches,
  'match.create': actOnMatches,
  'match.run': actOnMatches,
  'match.settings': actOnMatches,
  'listing.link': actOnListings,
  'listing.tell-again': actOnListings,
  'listing.read': actOnListings,
  'listing.recount': actOnListings,
  'availability.save': actOnListings,
  'variant.edit': actOnVariants,
  'variant.require': actOnVariants,
  'undo.undo': actOnMatches,
  'price.draft': actOnPrices,
  'price.publish': actOnPrices,
  'price.undo': actOnPrices,
  'price.rate': actOnPrices,
  'price.accept': actOnPrices,
  'policy.draft': draftPolicy,
  'policy.publish': publishDraft,
};

export const makeAct =
  (given: Given & PartyGiven) =>
  async (tx: Tx, asked: Asked): Promise<Done> => {
    const action = asked.kind === 'exception' ? actOnException : actions[`${asked.kind}.${asked.action}`];
    if (!action) throw problem('not-found', `There is no action "${asked.action}" for ${asked.kind}.`);
    const deed = await action(tx, asked, given);
    await tell(
      tx,
      given,
      deed.facts.map((fact) => ({ ...fact, actor: asked.by })),
    );
    return {
      facts: deed.facts.map(({ type, data }) => ({ type, data: data ?? {} })),
      said: deed.said,
      ...(deed.made ? { made: deed.made } : {}),
      ...(deed.more ? { more: deed.more } : {}),
    };
  };

async function readArrivalAgain(tx: Tx, { id }: Asked): Promise<Deed> {
  if ((await readAgain(tx, [id])) === 0) throw problem('not-found', 'There is no such arrival.');
  return { said: 'It is read again.', facts: [{ type: 'person.read_again', subject: { kind: 'arrival', id } }] };
}

async function draftPolicy(tx: Tx, { input }: Asked): Promise<Deed> {
  const version = await saveDraft(tx, readPolicy(input['rules']), typeof input['note'] === 'string' ? input['note'] : '');
  return { said: `Version ${version} is saved as a draft; nothing is routed by it yet.`, facts: [] };
}

async function publishDraft(tx: Tx): Promise<Deed> {
  const version = await publishPolicy(tx);
  if (version === null) throw problem('wrong-state', 'There is no draft to publish.', { fix: 'Save a draft first.' });
  return {
    said: `Version ${version} routes orders from now on.`,
    facts: [{ type: 'person.published_policy', subject: { kind: 'policy', id: tx.tenant }, data: { version } }],
  };
}
