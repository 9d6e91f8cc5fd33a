import type { Setup, World } from '#world/world';
import { beginListings } from '#flows/listing-life';
import { addListings, addMatches, addOffers, addVariants } from '#modules/catalog';
import { addChannels } from '#modules/channels';
import { addDoors, addPerson, addTenant } from '#modules/identity';
import { defaultPolicy, publishPolicy, saveDraft } from '#modules/routing';
import { addSuppliers } from '#modules/suppliers';
import type { Tx } from '#platform/db';
import type { Program } from './program.ts';
import { sealSecrets, secretField } from './wire.ts';

/** Webhooks and links are the fast way; a poll finds what they lost. */
const pollMinutes = 30;

export interface SettledIn {
  tenant: string;
  person: string;
  /** By code. */
  channels: Map<string, string>;
  suppliers: Map<string, string>;
}

/** Makes a tenant of the world's setup: its shops, suppliers, assortment and what each supplier offers. Tells the world where its webhooks go. */
export async function settleIn(
  program: Program,
  world: Pick<World, 'setup' | 'hook'>,
  mode: 'demo' | 'test',
  tenant: string,
): Promise<SettledIn> {
  const setup = world.setup();
  const { db } = program;
  await db.outsideTenants((tx) => addTenant(tx, { id: tenant, name: setup.tenant.name, mode, brand: setup.tenant.brand, settings: {} }));
  return db.tx(tenant, async (tx) => {
    const person = tx.newId();
    await addPerson(tx, { id: person, email: 'owner@demo.example', name: 'Demo owner', role: 'owner' });
    await saveDraft(tx, defaultPolicy, 'To begin with: the lowest landed cost, spread over suppliers where it must be.');
    await publishPolicy(tx);
    const channels = await connectStores(tx, program, setup);
    const suppliers = await addTheirs(tx, program, setup);
    const variants = await addVariants(tx, setup.variants);
    await addListings(
      tx,
      setup.listings.map((one) => ({
        channel_id: channels.get(one.channel) ?? '',
        sku: one.sku,
        variant_id: variants.get(one.variant) ?? '',
      })),
    );
    await offerAll(tx, setup, suppliers, variants);
    await openHooks(tx, program, world, channels);
    await beginListings(tx);
    return { tenant, person, channels, suppliers };
  });
}

/** Every store has its address for webhooks. Those of our plain kind are told it by hand; others are asked by their API. */
async function openHooks(
  tx: Tx,
  { given }: Program,
  world: Pick<World, 'hook' | 'setup'>,
  channels: ReadonlyMap<string, string>,
): Promise<void> {
  const doors = [...channels.values()].map((id) => ({
    hash: given.hookToken(id).hash,
    tenant: tx.tenant,
    purpose: 'hook' as const,
    subject: id,
    scope: { kind: 'channel' },
    expires: null,
  }));
  await addDoors(tx, doors, tx.now);
  for (const { code, kind } of world.setup().channels) if (kind === 'rest') world.hook(code, given.hookUrl(channels.get(code) ?? ''));
}

async function connectStores(tx: Tx, { options }: Program, setup: Setup): Promise<Map<string, string>> {
  const rows = setup.channels.map((one) => {
    const id = tx.newId();
    return {
      id,
      code: one.code,
      name: one.name,
      kind: one.kind,
      currency: one.currency,
      settings: {
        pollMinutes,
        ...one.settings,
        ...(one.drop ? { drop: one.drop.code, folder: one.drop.folder } : {}),
      },
      secrets: sealSecrets(options.sealer, one.secrets, tx.tenant, secretField('channel', id)),
    };
  });
  await addChannels(tx, rows);
  return new Map(rows.map(({ code, id }) => [code, id]));
}

async function addTheirs(tx: Tx, { options }: Program, setup: Setup): Promise<Map<string, string>> {
  return addSuppliers(
    tx,
    setup.suppliers.map((one) => {
      const id = tx.newId();
      const { offers: _offers, feed: _feed, character: _character, secrets, shipping_minor, ...row } = one;
      return {
        ...row,
        id,
        transport_settings: { ...row.transport_settings, pollMinutes },
        shipping_minor: Object.fromEntries(Object.entries(shipping_minor).map(([place, minor]) => [place, minor.toString()])),
        secrets: sealSecrets(options.sealer, secrets, tx.tenant, secretField('supplier', id)),
      };
    }),
  );
}

async function offerAll(
  tx: Tx,
  setup: Setup,
  suppliers: ReadonlyMap<string, string>,
  variants: ReadonlyMap<string, string>,
): Promise<void> {
  const given = setup.suppliers.flatMap((one) => one.offers.map((offer) => ({ ...offer, supplier_id: suppliers.get(one.code) ?? '' })));
  const offers = await addOffers(tx, given);
  await addMatches(
    tx,
    given.flatMap((offer) => {
      const variant_id = variants.get(offer.variant);
      const offer_id = offers.get(`${offer.supplier_id} ${offer.supplier_sku}`);
      return variant_id && offer_id ? [{ variant_id, offer_id, evidence: 'The supplier says whose article it is.' }] : [];
    }),
  );
}
