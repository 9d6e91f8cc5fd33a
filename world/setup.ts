import { carrierHost } from './carrier.ts';
import type { Character } from './characters.ts';
import { seededHex } from './dice.ts';
import { faceOf } from './faces.ts';
import { shapeOf } from './file-shape.ts';
import { ourAddress } from './post.ts';
import type { Realm } from './realm.ts';
import type { Shop } from './stores.ts';
import { deskOf } from './supplier-desk.ts';
import { contactOf } from './supplier-email.ts';
import { hostOf, tokenOf } from './supplier-rest.ts';
import { feedOf, usesCommas } from './supplier-stock.ts';
import type { ChannelSetup, Setup, SupplierSetup } from './words.ts';

export const carrierToken = (realm: Realm): string => `carrier_${seededHex(realm.seed, 'carrier', 32)}`;

/** What a person would type in to connect this world, and what suppliers would send along on the first day. */
export function setUp(realm: Realm, shops: ReadonlyMap<string, Shop>): Setup {
  const all = [...shops.values()];
  return {
    tenant: {
      name: 'Fernway',
      brand: {
        name: 'Fernway',
        colour: '#2f5d50',
        site: 'https://fernway.test',
        email: ourAddress,
        address: '12 Foundry Row, Portland, OR 97205, US',
      },
    },
    channels: all.map((shop) => channelOf(realm, shop)),
    suppliers: realm.suppliers.map((supplier) => supplierOf(realm, supplier)),
    variants: realm.catalog.products.map(({ range: _, ...variant }) => variant),
    listings: all.flatMap((shop) => shop.listed.map((product) => ({ channel: shop.code, sku: product.sku, variant: product.sku }))),
    carrier: { baseUrl: `https://${carrierHost}/`, token: carrierToken(realm) },
    address: ourAddress,
  };
}

function channelOf(realm: Realm, shop: Shop): ChannelSetup {
  const { code, name, kind, currency } = shop;
  if (kind === 'csv') return { code, name, kind, currency, settings: { folder: 'orders' }, secrets: {}, drop: { code, folder: 'orders' } };
  return { code, name, kind, currency, ...faceOf(shop).typed(realm, shop), drop: null };
}

function supplierOf(realm: Realm, one: Character): SupplierSetup {
  const desk = deskOf(realm, one.code);
  const range = realm.catalog.ranges.get(one.code) ?? [];
  return {
    code: one.code,
    name: one.name,
    state: one.state,
    character: one.character,
    country: one.country,
    currency: one.currency,
    time_zone: one.zone,
    ships_to: one.shipsTo,
    rank: one.contract.rank,
    handling_days: one.contract.handlingDays,
    transit_days: one.transitDays,
    ack_hours: one.contract.ackHours,
    ship_hours: one.contract.shipHours,
    order_fee_minor: BigInt(one.contract.orderFee),
    shipping_minor: Object.fromEntries(Object.entries(one.shippingCost).map(([zone, minor]) => [zone, BigInt(minor)])),
    transport: one.transport,
    transport_settings: settingsOf(one),
    secrets: one.transport === 'rest' ? { token: tokenOf(realm, one) } : {},
    contact_email: contactOf(one),
    offers: range.map(({ supplierSku, product, cost, namesGtin }) => ({
      supplier_sku: supplierSku,
      title: product.title,
      brand: product.brand,
      gtin: namesGtin ? product.gtin : '',
      mpn: product.sku.replace(/^[A-Z]+-/, ''),
      cost_minor: BigInt(cost),
      currency: one.currency,
      quantity: Math.round((desk.stock[supplierSku] ?? 0) * one.boasts),
      variant: product.sku,
    })),
    feed: feedOf(realm, one, 0),
  };
}

function settingsOf(one: Character): Record<string, unknown> {
  const feed = usesCommas(one) ? { delimiter: ';', decimal: ',' } : { delimiter: ',', decimal: '.' };
  if (one.transport === 'rest') return { baseUrl: `https://${hostOf(one)}/`, dedupes: one.dedupes, feed };
  if (one.transport === 'file') return { drop: one.code, profile: shapeOf(one), feed };
  return { address: contactOf(one), feed };
}
