import { problem } from '#kernel/problem';
import { addChannels, changeChannel, findChannel, listenNow } from '#modules/channels';
import { addDoors } from '#modules/identity';
import { changeSupplier, findSupplier, type SupplierChange } from '#modules/suppliers';
import { textOf } from '#kernel/text';
import type { Tx } from '#platform/db';
import type { StoreKind } from '#ports/store';
import type { Asked, Deed } from './acting.ts';
import { beginListings } from './listing-life.ts';
import { readFields } from './store-fields.ts';

/** What connecting a store needs of the installation. */
export interface PartyGiven {
  /** Seals the secrets of a connection, over those it has; what is not given stays. */
  seal(tenant: string, field: string, before: Uint8Array | null, secrets: Record<string, string>): Uint8Array;
  newWebhookSecret(): string;
  hookToken(channel: string): { token: string; hash: string };
  hookUrl(channel: string): string;
  /** What is known of a kind of store; undefined where there is no such. */
  storeKind(kind: string): StoreKind | undefined;
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
  const kind = textOf(input['kind']);
  const name = textOf(input['name']);
  const { settings, secrets } = readFields(kindOf(kind, given), fieldsOf(input));
  const webhookSecret = given.newWebhookSecret();
  const known = textOf(secrets['webhookSecret'], webhookSecret);
  await addChannels(tx, [
    {
      id,
      kind,
      name,
      code: textOf(input['code']),
      currency: textOf(input['currency']),
      settings: { ...settings, ...daysOf(input) },
      secrets: given.seal(tx.tenant, `channel:${id}`, null, { ...secrets, webhookSecret: known }),
    },
  ]);
  const { hash } = given.hookToken(id);
  await addDoors(tx, [{ hash, tenant: tx.tenant, purpose: 'hook', subject: id, scope: { kind: 'channel' }, expires: null }], tx.now);
  await beginListings(tx);
  return {
    said: `${name} is connected; its orders are asked for now.`,
    made: id,
    facts: [{ type: 'person.connected_channel', subject: { kind: 'channel', id }, data: { name, kind } }],
    // Kinds that cannot be asked to send webhooks by API are told where to by a person.
    ...(kind === 'rest' ? { more: { hookUrl: given.hookUrl(id), hookSecret: known } } : {}),
  };
}

const fieldsOf = (input: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(Object.entries((input['fields'] ?? {}) as object).map(([name, value]) => [name, textOf(value)]));

/** From which day orders are read, and from which they are acted upon. */
const daysOf = (input: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(['since', 'actFrom'].flatMap((name) => (typeof input[name] === 'string' ? [[name, input[name]]] : [])));

/** CSV files are no kind that is asked by API: they ask for nothing. */
const filesKind = { name: 'CSV files', fields: [] } as unknown as StoreKind;

function kindOf(kind: string, given: PartyGiven): StoreKind {
  const found = kind === 'csv' ? filesKind : given.storeKind(kind);
  if (!found)
    throw problem('invalid-field', `There is no kind of store "${kind}".`, {
      param: 'kind',
      fix: 'GET /v1/store-kinds lists those there are.',
    });
  return found;
}

async function changeStore(tx: Tx, { id, input }: Asked, given: PartyGiven): Promise<Deed> {
  const before = await findChannel(tx, id);
  if (!before) throw problem('not-found', 'There is no such channel.');
  const state = input['state'] === 'paused' || input['state'] === 'connected' ? input['state'] : undefined;
  const kind = kindOf(before.kind, given);
  const { settings, secrets } = readFields(
    kind,
    fieldsOf(input),
    kind.fields.map(({ name }) => name),
  );
  await changeChannel(tx, id, {
    ...(typeof input['name'] === 'string' ? { name: input['name'] } : {}),
    ...(state ? { state } : {}),
    settings: { ...settings, ...daysOf(input) },
    ...(Object.keys(secrets).length > 0 ? { secrets: given.seal(tx.tenant, `channel:${id}`, before.secrets, secrets) } : {}),
  });
  if (Object.keys({ ...settings, ...secrets }).length > 0) await listenNow(tx, id);
  const what = [...Object.keys(input).filter((name) => name !== 'fields'), ...Object.keys({ ...settings, ...secrets })];
  return {
    said: `${before.name} is changed.`,
    facts: [{ type: 'person.changed_channel', subject: { kind: 'channel', id }, data: { name: before.name, what } }],
  };
}
