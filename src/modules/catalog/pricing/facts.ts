import type { ChannelFacts, Facts, OfferFacts, SupplierFacts } from './words.ts';

/** One listing with one of its offers, as the database tells it; the rows of a listing come one after the other. */
export interface FactsRow {
  channel_id: string;
  sku: string;
  brand: string;
  category: string;
  /** Separated by the control letter 31. */
  tags: string;
  weight_grams: number | null;
  variant_currency: string | null;
  map_minor: bigint | null;
  msrp_minor: bigint | null;
  price_minor: bigint | null;
  compare_minor: bigint | null;
  is_published: boolean;
  accepted_cost: bigint | null;
  accepted_currency: string | null;
  sold: number;
  /** Null when no confirmed offer stands behind it. */
  offer_id: Uint8Array | null;
  supplier_id: string | null;
  cost_minor: bigint | null;
  cost_currency: string | null;
  units: number | null;
  stock: number | null;
  offer_map: bigint | null;
  offer_msrp: bigint | null;
  is_accepted: boolean;
}

/** A catalog's worth of facts, in columns: a hundred bytes a listing, so that a million can be kept while somebody tries rules on them. */
export interface CatalogFacts {
  readonly size: number;
  readonly offers: number;
  at(place: number): Facts;
  /** The uuid of an offer by its place. */
  offerId(place: number): string;
  readonly channels: readonly ChannelFacts[];
  readonly suppliers: readonly SupplierFacts[];
  /** Words that rules can name, with how many listings have each. */
  readonly brands: ReadonlyMap<string, number>;
  readonly categories: ReadonlyMap<string, number>;
  readonly tags: ReadonlyMap<string, number>;
}

export interface FactsBuilder {
  add(row: FactsRow): void;
  done(): CatalogFacts;
}

const none = -1n;
const orNone = (value: bigint | null): bigint => value ?? none;
const orNull = (value: bigint | undefined): bigint | null => (value === undefined || value < 0n ? null : value);

type Numbers = BigInt64Array<ArrayBuffer> | Int32Array<ArrayBuffer> | Uint8Array<ArrayBuffer>;

/** Columns of one length that grow together. */
function makeColumns<C extends Record<string, Numbers>>(make: (size: number) => C): { of: C; room(size: number): void } {
  let capacity = 1_024;
  const columns = { of: make(capacity) };
  return {
    get of() {
      return columns.of;
    },
    room: (size) => {
      if (size <= capacity) return;
      capacity *= 2;
      const next = make(capacity);
      for (const name of Object.keys(next)) (next[name] as Int32Array).set(columns.of[name] as Int32Array);
      columns.of = next;
    },
  };
}

interface Words {
  place(word: string): number;
  readonly all: string[];
}
function makeWords(): Words {
  const places = new Map<string, number>();
  const all: string[] = [];
  return {
    all,
    place: (word) => {
      let place = places.get(word);
      if (place === undefined) {
        place = all.length;
        places.set(word, place);
        all.push(word);
      }
      return place;
    },
  };
}

const listingColumns = (size: number) => ({
  channel: new Int32Array(size),
  brand: new Int32Array(size),
  category: new Int32Array(size),
  tags: new Int32Array(size),
  weight: new Int32Array(size),
  currency: new Int32Array(size),
  acceptedCurrency: new Int32Array(size),
  sold: new Int32Array(size),
  firstOffer: new Int32Array(size + 1),
  isPublished: new Uint8Array(size),
  map: new BigInt64Array(size),
  msrp: new BigInt64Array(size),
  price: new BigInt64Array(size),
  compare: new BigInt64Array(size),
  acceptedCost: new BigInt64Array(size),
});
const offerColumns = (size: number) => ({
  id: new Uint8Array(size * 16),
  supplier: new Int32Array(size),
  currency: new Int32Array(size),
  units: new Int32Array(size),
  stock: new Int32Array(size),
  isAccepted: new Uint8Array(size),
  cost: new BigInt64Array(size),
  map: new BigInt64Array(size),
  msrp: new BigInt64Array(size),
});

export function factsBuilder(channels: readonly ChannelFacts[], suppliers: readonly SupplierFacts[]): FactsBuilder {
  const channelPlaces = new Map(channels.map(({ id }, place) => [id, place]));
  const supplierPlaces = new Map(suppliers.map(({ id }, place) => [id, place]));
  const listings = makeColumns(listingColumns);
  const offers = makeColumns(offerColumns);
  const skus: string[] = [];
  const [brands, categories, tags, currencies] = [makeWords(), makeWords(), makeWords(), makeWords()];
  let offerCount = 0;
  let isSkipping = false;
  let lastChannel = '';
  let lastSku: string | null = null;

  const addListing = (row: FactsRow): void => {
    const place = skus.length;
    listings.room(place + 2);
    const to = listings.of;
    skus.push(row.sku);
    to.channel[place] = channelPlaces.get(row.channel_id) ?? -1;
    to.brand[place] = brands.place(row.brand);
    to.category[place] = categories.place(row.category);
    to.tags[place] = tags.place(row.tags);
    to.weight[place] = row.weight_grams ?? -1;
    to.currency[place] = currencies.place(row.variant_currency ?? '');
    to.acceptedCurrency[place] = currencies.place(row.accepted_currency ?? '');
    to.sold[place] = row.sold;
    to.isPublished[place] = row.is_published ? 1 : 0;
    to.map[place] = orNone(row.map_minor);
    to.msrp[place] = orNone(row.msrp_minor);
    to.price[place] = orNone(row.price_minor);
    to.compare[place] = orNone(row.compare_minor);
    to.acceptedCost[place] = orNone(row.accepted_cost);
    to.firstOffer[place] = offerCount;
  };
  const addOffer = (row: FactsRow, id: Uint8Array, supplier: number): void => {
    offers.room(offerCount + 1);
    const to = offers.of;
    to.id.set(id, offerCount * 16);
    to.supplier[offerCount] = supplier;
    to.currency[offerCount] = currencies.place(row.cost_currency ?? '');
    to.units[offerCount] = Math.max(1, row.units ?? 1);
    to.stock[offerCount] = row.stock ?? 0;
    to.isAccepted[offerCount] = row.is_accepted ? 1 : 0;
    to.cost[offerCount] = orNone(row.cost_minor);
    to.map[offerCount] = orNone(row.offer_map);
    to.msrp[offerCount] = orNone(row.offer_msrp);
    offerCount += 1;
  };

  return {
    add: (row) => {
      if (lastSku !== row.sku || lastChannel !== row.channel_id) {
        lastSku = row.sku;
        lastChannel = row.channel_id;
        isSkipping = !channelPlaces.has(row.channel_id);
        if (!isSkipping) addListing(row);
      }
      const supplier = row.supplier_id === null ? undefined : supplierPlaces.get(row.supplier_id);
      if (!isSkipping && row.offer_id !== null && supplier !== undefined) addOffer(row, row.offer_id, supplier);
    },
    done: () => {
      listings.room(skus.length + 1);
      listings.of.firstOffer[skus.length] = offerCount;
      const words = { brands: brands.all, categories: categories.all, tags: tags.all.map(tagsOf), currencies: currencies.all };
      return catalogOf({ channels, suppliers, skus, listings: listings.of, offers: offers.of, offerCount, words });
    },
  };
}

const tagsOf = (text: string): readonly string[] => (text === '' ? [] : text.split('\u001f'));

interface Kept {
  channels: readonly ChannelFacts[];
  suppliers: readonly SupplierFacts[];
  skus: readonly string[];
  listings: ReturnType<typeof listingColumns>;
  offers: ReturnType<typeof offerColumns>;
  offerCount: number;
  words: { brands: readonly string[]; categories: readonly string[]; tags: readonly (readonly string[])[]; currencies: readonly string[] };
}

function catalogOf(kept: Kept): CatalogFacts {
  const { listings, words, skus, channels } = kept;
  const count = (column: Int32Array, of: readonly string[]): Map<string, number> => {
    const counts = new Int32Array(of.length);
    for (let place = 0; place < skus.length; place += 1) counts[column[place] ?? 0] = (counts[column[place] ?? 0] ?? 0) + 1;
    return new Map(of.map((word, place) => [word, counts[place] ?? 0] as const).filter(([word, many]) => word !== '' && many > 0));
  };
  const tags = new Map<string, number>();
  const tagSets = count(
    listings.tags,
    words.tags.map((set) => set.join('\u001f')),
  );
  for (const [set, many] of tagSets) for (const tag of tagsOf(set)) tags.set(tag, (tags.get(tag) ?? 0) + many);
  return {
    size: skus.length,
    offers: kept.offerCount,
    channels,
    suppliers: kept.suppliers,
    brands: count(listings.brand, words.brands),
    categories: count(listings.category, words.categories),
    tags,
    at: (place) => factsAt(kept, place),
    offerId: (place) => uuidText(kept.offers.id.subarray(place * 16, place * 16 + 16)),
  };
}

const noOffers: readonly OfferFacts[] = [];
const noTags: readonly string[] = [];

function factsAt(kept: Kept, place: number): Facts {
  const { listings, words } = kept;
  const channel = kept.channels[listings.channel[place] ?? -1];
  const sku = kept.skus[place];
  if (!channel || sku === undefined) throw new RangeError(`there is no listing ${place} among ${kept.skus.length}`);
  const first = listings.firstOffer[place] ?? 0;
  const end = listings.firstOffer[place + 1] ?? first;
  const offers: OfferFacts[] = [];
  for (let at = first; at < end; at += 1) offers.push(offerAt(kept, at));
  const weight = listings.weight[place] ?? -1;
  return {
    channel,
    sku,
    brand: words.brands[listings.brand[place] ?? 0] ?? '',
    category: words.categories[listings.category[place] ?? 0] ?? '',
    tags: words.tags[listings.tags[place] ?? 0] ?? noTags,
    weightGrams: weight < 0 ? null : weight,
    map: orNull(listings.map[place]),
    msrp: orNull(listings.msrp[place]),
    variantCurrency: words.currencies[listings.currency[place] ?? 0] || null,
    offers: offers.length === 0 ? noOffers : offers,
    price: orNull(listings.price[place]),
    compare: orNull(listings.compare[place]),
    isPublished: listings.isPublished[place] === 1,
    acceptedCost: orNull(listings.acceptedCost[place]),
    acceptedCurrency: words.currencies[listings.acceptedCurrency[place] ?? 0] || null,
    sold: listings.sold[place] ?? 0,
  };
}

function offerAt({ offers, suppliers, words }: Kept, at: number): OfferFacts {
  const supplier = suppliers[offers.supplier[at] ?? -1];
  if (!supplier) throw new RangeError(`offer ${at} has no supplier`);
  return {
    place: at,
    supplier,
    currency: words.currencies[offers.currency[at] ?? 0] ?? '',
    cost: orNull(offers.cost[at]),
    units: offers.units[at] ?? 1,
    stock: offers.stock[at] ?? 0,
    map: orNull(offers.map[at]),
    msrp: orNull(offers.msrp[at]),
    isAccepted: offers.isAccepted[at] === 1,
  };
}

export function uuidText(bytes: Uint8Array): string {
  const digits = Buffer.from(bytes.buffer, bytes.byteOffset, 16).toString('hex');
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-${digits.slice(12, 16)}-${digits.slice(16, 20)}-${digits.slice(20)}`;
}
