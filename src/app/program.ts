import { offlineAddresses } from '#connectors/addresses/offline';
import { carrierDoor } from '#connectors/carriers/rest';
import { csvStore, readCsvOrders } from '#connectors/stores/csv';
import { emailSupplier, fileSupplier, readSupplierDocument, restSupplier } from '#connectors/suppliers';
import { type Far, type Given } from '#flows/far';
import { feedSteps } from '#flows/feed-sources';
import { listingLife } from '#flows/listing-life';
import { orderLife } from '#flows/order-life';
import { tell } from '#flows/reactions';
import { storeLife } from '#flows/store-life';
import { Fault } from '#kernel/fault';
import type { Chance } from '#kernel/chance';
import { uuidV7 } from '#kernel/id';
import type { Clock } from '#kernel/time';
import type { Channel } from '#modules/channels';
import { raise, resolve } from '#modules/exceptions';
import { tenantOf } from '#modules/identity';
import { findSupplier, type Supplier } from '#modules/suppliers';
import { textOf } from '#kernel/text';
import type { CarrierDoor } from '#ports/carrier';
import type { ChannelDoor, StoreFound } from '#ports/channel';
import type { StoreGiven } from '#ports/store';
import type { SupplierDoor } from '#ports/supplier';
import { readPortalAnswer } from '#surfaces/portals';
import { type Account, type CallRecord, makeApi, makeBreakers, makeBudget } from '#platform/api';
import { type Database, openDatabase } from '#platform/db';
import { deriveToken, type Sealer } from '#platform/secrets';
import type { Sleep } from '#platform/time';
import { feedDoor } from './feed-doors.ts';
import { armHooks, openStore, probeStore, storeKindOf } from './stores.ts';
import { openSecrets, type Outside, secretField, type Shared, wireOf } from './wire.ts';
import { type Bell, makeWork, type Work, wished, type WorkHooks } from '#platform/work';

export interface ProgramOptions {
  url: string;
  clock: Clock;
  chance: Chance;
  sleep: Sleep;
  outsideOf(tenant: string): Outside;
  sealer: Sealer;
  /** 32 bytes from which the tokens of links are derived. */
  linkKey: Uint8Array;
  publicUrl: string;
  /** Whether stores can reach `publicUrl` with their webhooks; left out, by its look. */
  reachable?: boolean;
  mailFrom: string;
  /** Conversations at once per step; one where order must not depend on chance. */
  concurrency: number;
  connections?: number;
  /** False only for demo and stories, whose outside is no more durable than they are. */
  durable?: boolean;
  /** Left out: nobody is woken, and whoever drives the program looks for itself. */
  bell?: Bell;
  boundary?: (where: 'before-commit' | 'after-commit') => void;
  trace?: (call: CallRecord) => void;
  /** Where files of feeds lie; left out, none are fetched. */
  feedFolder?: string;
  /** Whether rate budgets are shared through the database. */
  budget?: boolean;
  /** Aborted when the process is to end: nothing new is begun. */
  stopping?: AbortSignal;
}

export interface Program {
  db: Database;
  work: Work;
  given: Given;
  options: ProgramOptions;
  /** The outside of a tenant, as steps are given it. */
  farOf(tenant: string): Promise<Far>;
  /** A look at a store that is not connected yet. */
  probe(tenant: string, asked: { kind: string; currency: string; fields: StoreGiven }): Promise<StoreFound>;
  close(): Promise<void>;
}

/** Builds the program once: database, steps, and the doors that they are given. */
export function makeProgram(options: ProgramOptions): Program {
  const given = givenBy(options);
  const { clock, chance, feedFolder: folder } = options;
  const fetching =
    folder === undefined ? [] : feedSteps({ folder, now: () => clock.now(), newId: (nth) => uuidV7(clock.now(), chance, nth) });
  const steps = [...orderLife(given), ...storeLife, ...listingLife, ...fetching];
  const db = openDatabase({
    url: options.url,
    clock: options.clock,
    chance: options.chance,
    ...(options.connections ? { connections: options.connections } : {}),
    ...(options.boundary ? { boundary: options.boundary } : {}),
    ...(options.durable === false ? { durable: false } : {}),
    beforeCommit: async (tx) => {
      const names = options.bell ? wished(tx, steps) : [];
      if (names.length > 0) await options.bell?.ring(tx, names);
    },
  });
  const hooks: WorkHooks = {
    facts: (tx, facts) => tell(tx, given, facts),
    raise,
    resolve,
  };
  const doors = makeDoors(db, options, given);
  const work = makeWork(db, steps, {
    farOf: doors,
    hooks,
    concurrency: options.concurrency,
    stopping: () => options.stopping?.aborted ?? false,
  });
  const probe: Program['probe'] = async (tenant, asked) =>
    probeStore({ tenant, ...asked }, options.outsideOf(tenant), { options, breakers: makeBreakers(options.clock) });
  return { db, work, given, options, farOf: doors, probe, close: () => db.close() };
}

function givenBy({ linkKey, publicUrl }: ProgramOptions): Given {
  const trackingToken = (order: string) => deriveToken(linkKey, 'tracking-link', order);
  const supplierToken = (purchase: string) => deriveToken(linkKey, 'supplier-link', purchase);
  const hookToken = (channel: string) => deriveToken(linkKey, 'hook', channel);
  return {
    addresses: offlineAddresses(),
    readOrder: async (channel, raw) =>
      channel.kind === 'csv' ? readCsvOrders(raw.body, channel.settings.columns) : storeKindOf(channel).read(raw, channel),
    readAnswer: async (supplier, raw) =>
      raw.headers['transport'] === 'portal'
        ? readPortalAnswer(raw.body)
        : readSupplierDocument(supplier.transport, supplier.transport_settings, supplier.currency, raw),
    trackingToken,
    supplierToken,
    hookToken,
    trackingUrl: (order) => `${publicUrl}/t/${trackingToken(order).token}`,
    supplierUrl: (purchase) => `${publicUrl}/s/${supplierToken(purchase).token}`,
    hookUrl: (channel) => `${publicUrl}/hooks/${hookToken(channel).token}`,
  };
}

/** The doors of each tenant, made once per connection and made anew when its settings or secrets change. */
function makeDoors(db: Database, options: ProgramOptions, given: Given): (tenant: string) => Promise<Far> {
  const shared: Shared = {
    options,
    breakers: makeBreakers(options.clock),
    ...(options.budget ? { budget: makeBudget(db, options.sleep) } : {}),
  };
  const kept = new Map<string, { stamp: string; door: unknown }>();
  const keep = <D>(key: string, stamp: string, make: () => D): D => {
    const known = kept.get(key);
    if (known?.stamp === stamp) return known.door as D;
    const door = make();
    kept.set(key, { stamp, door });
    return door;
  };
  return async (tenant) => {
    const found = await db.outsideTenants((tx) => tenantOf(tx, tenant));
    const brand = (found?.brand ?? {}) as { name?: string; senderEmail?: string };
    const outside = options.outsideOf(tenant);
    const buyer = { name: brand.name ?? found?.name ?? '', email: brand.senderEmail ?? options.mailFrom };
    const stampOf = (settings: unknown, secrets: Uint8Array | null): string =>
      `${JSON.stringify(settings)} ${secrets ? Buffer.from(secrets).toString('base64') : ''}`;
    const channel = (one: Channel): ChannelDoor =>
      keep(`${tenant} ${one.id}`, stampOf(one.settings, one.secrets), () => channelDoor(tenant, one, outside, shared));
    return {
      supplier: (one) =>
        keep(`${tenant} ${one.id}`, stampOf(one.transport_settings, one.secrets) + one.contact_email, () =>
          supplierDoor(tenant, one, outside, shared, buyer),
        ),
      channel,
      listen: async (one) => {
        const secrets = openSecrets(options.sealer, one.secrets, tenant, secretField('channel', one.id));
        return armHooks(channel(one), { url: given.hookUrl(one.id), secret: secrets['webhookSecret'] ?? '', reachable: options.reachable });
      },
      carrier: keep(`${tenant} carrier`, outside.carrier?.baseUrl ?? '', () => carrierOf(tenant, outside, shared)),
      messages: outside.messages,
      tenant,
      feed: async (source) => feedDoor(source, await db.tx(tenant, (tx) => findSupplier(tx, source.supplier_id)), outside, shared, tenant),
      buyer,
      answerUrl: (purchase) => (purchase.transport === 'email' ? given.supplierUrl(purchase.id) : ''),
      trackingUrl: given.trackingUrl,
    };
  };
}

const apiOf = (account: Account, outside: Outside, shared: Shared) => makeApi(account, wireOf(outside, shared));

function supplierDoor(
  tenant: string,
  supplier: Supplier,
  outside: Outside,
  shared: Shared,
  buyer: { name: string; email: string },
): SupplierDoor {
  const settings = supplier.transport_settings;
  const secrets = openSecrets(shared.options.sealer, supplier.secrets, tenant, secretField('supplier', supplier.id));
  if (supplier.transport === 'file')
    return fileSupplier({ drop: outside.drop(textOf(settings['drop'], supplier.code), settings, secrets), profile: settings });
  if (supplier.transport === 'email') {
    return emailSupplier({
      messages: outside.messages,
      mailbox: outside.mailbox,
      profile: settings,
      supplier: { name: supplier.name, email: supplier.contact_email },
      from: buyer,
    });
  }
  const { token = '' } = secrets;
  const account: Account = {
    tenant,
    name: `supplier:${supplier.code}`,
    baseUrl: textOf(settings['baseUrl']),
    headers: { authorization: `Bearer ${token}` },
    keyHeader: 'Idempotency-Key',
  };
  return restSupplier({ api: apiOf(account, outside, shared), profile: settings });
}

function channelDoor(tenant: string, channel: Channel, outside: Outside, shared: Shared): ChannelDoor {
  const secrets = openSecrets(shared.options.sealer, channel.secrets, tenant, secretField('channel', channel.id));
  const settings = channel.settings as Readonly<Record<string, unknown>>;
  if (channel.kind === 'csv')
    return csvStore(outside.drop(textOf(settings['drop'], channel.code), settings, secrets), {
      folder: channel.settings.folder ?? 'orders',
      ...(channel.settings.columns ? { columns: channel.settings.columns } : {}),
    });
  return openStore({ tenant, channel, secrets }, outside, shared);
}

function carrierOf(tenant: string, outside: Outside, shared: Shared): CarrierDoor {
  const { carrier } = outside;
  if (!carrier) {
    return {
      track: async () =>
        Promise.reject(new Fault('misconfigured', 'no-carrier', 'No carrier connection is set up, so parcels cannot be followed.')),
    };
  }
  return carrierDoor(
    apiOf({ tenant, name: 'carrier', baseUrl: carrier.baseUrl, headers: { authorization: `Bearer ${carrier.token}` } }, outside, shared),
  );
}
