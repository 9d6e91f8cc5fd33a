import { isUuid, readId } from '#kernel/id';
import { problem } from '#kernel/problem';
import { textOf } from '#kernel/text';
import {
  addListings,
  type AvailabilityPolicy,
  availabilityPolicy,
  checkAvailabilityPolicy,
  effectOfPolicy,
  everythingTouched,
  hasVariant,
  saveAvailabilityPolicy,
} from '#modules/catalog';
import { findChannel, pushKey, reconcileNow, tellAgain } from '#modules/channels';
import type { Tx } from '#platform/db';
import { settleByPerson } from '#platform/work';
import type { Asked, Deed } from './acting.ts';

/** Stores are told again, read, and counted anew; how stock becomes a figure is changed; a SKU of a store gets its variant. */
export function actOnListings(tx: Tx, asked: Asked): Promise<Deed> {
  const deeds: Record<string, (tx: Tx, asked: Asked) => Promise<Deed>> = {
    link,
    'tell-again': tellOnceMore,
    read,
    recount,
    save: savePolicy,
  };
  const deed = deeds[asked.action];
  if (!deed) throw problem('not-found', `Listings have no action "${asked.action}".`);
  return deed(tx, asked);
}

const idFrom = (kind: 'channel' | 'variant', shown: unknown): string => {
  const id = readId(kind, textOf(shown));
  if (id === null || !isUuid(id))
    throw problem('invalid-field', `"${textOf(shown).slice(0, 60)}" is not the id of a ${kind}.`, { param: kind });
  return id;
};

async function channelFrom(tx: Tx, shown: unknown) {
  const found = await findChannel(tx, idFrom('channel', shown));
  if (!found) throw problem('not-found', 'There is no such store.');
  if (found.kind === 'csv') throw problem('wrong-state', `${found.name} takes files; it cannot be told or asked what it shows.`);
  return found;
}

async function link(tx: Tx, { input }: Asked): Promise<Deed> {
  const channel = await findChannel(tx, idFrom('channel', input['channel']));
  if (!channel) throw problem('not-found', 'There is no such store.');
  const variant = idFrom('variant', input['variant']);
  const sku = textOf(input['sku']).trim();
  if (!(await hasVariant(tx, variant))) throw problem('not-found', 'There is no such variant.');
  await addListings(tx, [{ channel_id: channel.id, sku, variant_id: variant }]);
  return {
    said: `${sku} of ${channel.name} is that variant.`,
    facts: [{ type: 'person.linked_listing', subject: { kind: 'channel', id: channel.id }, data: { sku, variant } }],
  };
}

async function tellOnceMore(tx: Tx, { input, by }: Asked): Promise<Deed> {
  const channel = await channelFrom(tx, input['channel']);
  const { doubtful, refused } = await tellAgain(tx, channel.id);
  const keys = doubtful.map((id) => pushKey({ id }));
  await settleByPerson(tx, keys, 'did-not-happen', by);
  return {
    said: `${channel.name} is told again of ${refused} ${refused === 1 ? 'listing' : 'listings'} that it refused.`,
    facts: [{ type: 'person.told_again', subject: { kind: 'channel', id: channel.id }, data: { refused, doubtful: doubtful.length } }],
  };
}

async function read(tx: Tx, { input }: Asked): Promise<Deed> {
  const channel = await channelFrom(tx, input['channel']);
  await reconcileNow(tx, channel.id);
  return {
    said: `What ${channel.name} shows is read now; what differs is put right.`,
    facts: [{ type: 'person.read_shelf', subject: { kind: 'channel', id: channel.id } }],
  };
}

async function recount(tx: Tx): Promise<Deed> {
  await everythingTouched(tx, true);
  return {
    said: 'Every listing is counted anew; stores are told of those that come out otherwise.',
    facts: [{ type: 'person.recounted', subject: { kind: 'tenant', id: tx.tenant } }],
  };
}

async function savePolicy(tx: Tx, { input, by }: Asked): Promise<Deed> {
  const policy: AvailabilityPolicy = checkAvailabilityPolicy(input['policy']);
  const before = (await availabilityPolicy(tx)).policy;
  const effect = await effectOfPolicy(tx, policy, before);
  await saveAvailabilityPolicy(tx, policy, by);
  await everythingTouched(tx, false);
  const of = effect.isPart ? `the first ${effect.listings} listings` : `${effect.listings} listings`;
  return {
    said: `Of ${of}, ${effect.changed} show another figure: ${effect.emptied} none any more, ${effect.filled} some again.`,
    facts: [
      {
        type: 'person.changed_availability',
        subject: { kind: 'tenant', id: tx.tenant },
        data: { changed: effect.changed, emptied: effect.emptied, filled: effect.filled },
      },
    ],
    more: { ...effect },
  };
}
