import { problem } from '#kernel/problem';
import { addChannels, changeChannel, findChannel } from '#modules/channels';
import { makeDoor } from '#modules/identity';
import { changeSupplier, findSupplier, type SupplierChange } from '#modules/suppliers';
import { textOf } from '#kernel/text';
import type { Tx } from '#platform/db';
import type { Asked, Deed } from './acting.ts';

/** What connecting a store needs of the installation. */
export interface PartyGiven {
  /** Seals the secrets of a connection, over those it has; what is not given stays. */
  seal(tenant: string, field: string, before: Uint8Array | null, secrets: Record<string, string>): Uint8Array;
  newWebhookSecret(): string;
  hookUrl(token: string): string;
}

/** Suppliers and channels: made, changed, paused. Facts name what was changed and never a secret. */
export function changeParty(tx: Tx, asked: Asked, given: PartyGiven): Promise<Deed> {
  if (asked.kind === 'supplier') return changeTheirs(tx, asked);
  return asked.action === 'create' ? connect(tx, asked, given) : changeStore(tx, asked, given);
}

async function changeTheirs(tx: Tx, { id, action, input }: Asked): Promise<Deed> {
  const before = await findSupplier(tx, id);
  if (!before) throw problem('not-found', 'There is no such supplier.');
  const change: SupplierChange =
    action === 'pause'
      ? { state: 'paused', paused_reason: textOf(input['reason'], 'A person paused it.') }
      : action === 'resume'
        ? { state: 'live', paused_reason: '' }
        : columnsOf(input);
  await changeSupplier(tx, id, change);
  const said =
    action === 'pause'
      ? `${before.name} gets no new orders.`
      : action === 'resume'
        ? `${before.name} gets orders again.`
        : `${before.name} is changed.`;
  return {
    said,
    facts: [{ type: `person.${action}d_supplier`, subject: { kind: 'supplier', id }, data: { name: before.name, ...change } }],
  };
}

const supplierColumns: Readonly<Record<string, keyof SupplierChange>> = {
  name: 'name',
  state: 'state',
  rank: 'rank',
  ackHours: 'ack_hours',
  shipHours: 'ship_hours',
  contactEmail: 'contact_email',
  shipsTo: 'ships_to',
  handlingDays: 'handling_days',
  timeZone: 'time_zone',
};

function columnsOf(input: Readonly<Record<string, unknown>>): SupplierChange {
  return Object.fromEntries(
    Object.entries(input).flatMap(([name, value]) => (supplierColumns[name] ? [[supplierColumns[name], value]] : [])),
  ) as SupplierChange;
}

async function connect(tx: Tx, { input }: Asked, given: PartyGiven): Promise<Deed> {
  const id = tx.newId();
  const kind = input['kind'] === 'csv' ? 'csv' : 'rest';
  const name = textOf(input['name']);
  const webhookSecret = given.newWebhookSecret();
  await addChannels(tx, [
    {
      id,
      kind,
      name,
      code: textOf(input['code']),
      currency: textOf(input['currency']),
      settings: typeof input['url'] === 'string' ? { baseUrl: input['url'] } : {},
      secrets: given.seal(tx.tenant, `channel:${id}`, null, { token: textOf(input['token']), webhookSecret }),
    },
  ]);
  const token = await makeDoor(tx, { purpose: 'hook', subject: id, scope: { kind: 'channel' }, expires: null }, tx.now);
  return {
    said: `${name} is connected; its orders are asked for now.`,
    made: id,
    facts: [{ type: 'person.connected_channel', subject: { kind: 'channel', id }, data: { name, kind } }],
    ...(kind === 'rest' ? { more: { hookUrl: given.hookUrl(token), hookSecret: webhookSecret } } : {}),
  };
}

async function changeStore(tx: Tx, { id, input }: Asked, given: PartyGiven): Promise<Deed> {
  const before = await findChannel(tx, id);
  if (!before) throw problem('not-found', 'There is no such channel.');
  const state = input['state'] === 'paused' || input['state'] === 'connected' ? input['state'] : undefined;
  await changeChannel(tx, id, {
    ...(typeof input['name'] === 'string' ? { name: input['name'] } : {}),
    ...(state ? { state } : {}),
    settings: typeof input['url'] === 'string' ? { baseUrl: input['url'] } : {},
    ...(typeof input['token'] === 'string'
      ? { secrets: given.seal(tx.tenant, `channel:${id}`, before.secrets, { token: input['token'] }) }
      : {}),
  });
  return {
    said: `${before.name} is changed.`,
    facts: [{ type: 'person.changed_channel', subject: { kind: 'channel', id }, data: { name: before.name, what: Object.keys(input) } }],
  };
}
