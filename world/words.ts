/**
 * The world is the simulated outside: shoppers, stores, suppliers, carriers and mail servers in memory, that speak their real
 * protocols with real bytes. A *happening* is something the world does by itself at its time; a *delivery* is a webhook it wants
 * to post to us, a *visit* a link that a supplier opens. A *character* says how a supplier behaves, the *weather* what goes wrong.
 */
import type { Address } from '#kernel/address';
import type { Clock, Instant } from '#kernel/time';
import type { FileDrop } from '#ports/file-drop';
import type { Mailbox, MessageSender } from '#ports/message-sender';
import type { Finding } from './auditor.ts';
import type { Books } from './books.ts';
import type { Memory } from './memory.ts';

/** fair: now and then a slip · storm: everything at once · swarm: a third of the faults, at rates drawn by the seed · still: none. */
export type WeatherName = 'still' | 'fair' | 'storm' | 'swarm';

/** How large the world is. All of it is invented from the seed. */
export interface Scale {
  /** Orders placed by `placeOrdersOver` unless it is told another number. */
  orders: number;
  products: number;
  /** 1 to 6; the third drops CSV files, the others speak REST, unless `kinds` says otherwise. */
  stores: number;
  /** Of the stores, in their order: `csv` or the name of a face. Those beyond it are of the usual kind. */
  kinds: readonly string[];
  /** 3 to 8, in the order of `characters.ts`. */
  suppliers: number;
}

export interface WorldOptions {
  seed: number;
  clock: Clock;
  weather?: WeatherName;
  scale?: Partial<Scale>;
  /** What `save` gave: the world goes on from there. `seed` and `scale` are then taken from it. */
  saved?: string;
}

/** `fetch` as the program's door to HTTP uses it. */
export type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

/** A webhook to POST to us. Tell the world how it was answered with `delivered`, or it counts as never answered. */
export interface Delivery {
  id: string;
  channel: string;
  url: string;
  headers: Record<string, string>;
  body: Uint8Array;
  /** Deliveries with the same group are meant to arrive at the same instant: post them side by side. */
  group: number;
}

/** A link from an e-mail that someone at a supplier opens, or the form of the page that they then send. */
export interface Visit {
  id: string;
  supplier: string;
  purchase: string;
  intent: 'confirm' | 'short' | 'reject' | 'ship';
  method: 'GET' | 'POST';
  url: string;
  form: Record<string, string>;
}

/** A stock and cost list as a supplier sends it round. */
export interface FeedFile {
  supplier: string;
  name: string;
  bytes: Uint8Array;
  at: Instant;
}

/** How the outside comes to us: the driver gives both, `goOut` calls them in a fixed order. */
export interface Doors {
  post(delivery: Delivery): Promise<{ status: number }>;
  open(visit: Visit): Promise<{ status: number; body: string; headers?: Record<string, string> }>;
  /** A feed that arrived, by whatever way feeds come. Left out: feeds are dropped silently. */
  feed?(file: FeedFile): Promise<void>;
}

export const breaks = [
  'supplier_silent',
  'feed_costs_double',
  'feed_half',
  'parcel_lost',
  'webhooks_fail',
  'duplicate_answers',
  'fraud_burst',
  'supplier_timeouts',
] as const;
export type Break = (typeof breaks)[number];

export interface World {
  readonly seed: number;
  readonly scale: Scale;
  /** What the program needs to begin. */
  setup(): Setup;

  // what the program is given
  readonly fetch: Fetch;
  drop(code: string): FileDrop;
  readonly sender: MessageSender;
  readonly mailbox: Mailbox;

  // what happens by itself
  /** When the world next does something; null when it has nothing to do. Webhooks, visits and feeds that wait are due at once. */
  nextEvent(): Instant | null;
  /** Runs everything that is due, in a fixed order; how many things happened. */
  step(now: Instant): number;
  /** Hands over the webhooks that are due, each once. */
  deliveries(now: Instant): Delivery[];
  delivered(delivery: Delivery, status: number): void;
  visits(now: Instant): Visit[];
  /** The page that a visit got; gives the form to send next, or null when that person is done. */
  visited(visit: Visit, reply: { status: number; body: string; headers?: Record<string, string> }): Visit | null;
  feeds(now: Instant): FeedFile[];
  /** All three above, through the doors given, after `step(now)`; how many calls were made. */
  goOut(doors: Doors, now: Instant): Promise<number>;

  // what the driver decides
  /** Where webhooks of a channel go. Without it, that channel sends none. */
  hook(channel: string, url: string): void;
  /** Orders from now on: `count` in all, over so many days, and with `andOn` as many per day for ever. */
  placeOrdersOver(days: number, count?: number, andOn?: boolean): void;
  /** Puts the very next happening wrong, for the demo; says in a sentence what will be seen. */
  break(what: Break): string;
  /** Faults end; what is lost stays lost. */
  heal(): void;
  /** The stock list of a supplier as it is now. */
  feed(code: string): FeedFile;

  // what it remembers
  readonly memory: Memory;
  readonly trace: { readonly count: number; readonly recent: readonly string[]; hash(): string };
  audit(books: Books, how: { quiet: boolean; again?: string }): Finding;
  /** How often each kind of fault came down, so that a green run can show what it went through. */
  readonly faults: Readonly<Record<string, number>>;
  save(): string;
}

export interface Setup {
  tenant: { name: string; brand: Record<string, string> };
  channels: ChannelSetup[];
  suppliers: SupplierSetup[];
  variants: VariantSetup[];
  listings: { channel: string; sku: string; variant: string }[];
  carrier: { baseUrl: string; token: string };
  /** The address suppliers and shoppers write to. */
  address: string;
}

export interface ChannelSetup {
  code: string;
  name: string;
  /** `csv`, or the kind of store it is. */
  kind: string;
  currency: string;
  /** What a person types to connect it. A store of kind `rest` is told its hook's address with `world.hook`, others by their API. */
  settings: Record<string, string>;
  secrets: Record<string, string>;
  /** CSV: the drop's name for `world.drop`, and the folder in it. */
  drop: { code: string; folder: string } | null;
}

/** A row of suppliers.supplier, before ids and secrets are made of it. */
export interface SupplierSetup {
  code: string;
  name: string;
  state: 'prospect' | 'sampling' | 'onboarding' | 'pilot' | 'live' | 'watch' | 'paused' | 'ended';
  character: string;
  country: string;
  currency: string;
  time_zone: string;
  ships_to: string[];
  rank: number;
  handling_days: number;
  transit_days: Record<string, number>;
  ack_hours: number;
  ship_hours: number;
  order_fee_minor: bigint;
  shipping_minor: Record<string, bigint>;
  transport: 'file' | 'email' | 'rest';
  transport_settings: Record<string, unknown>;
  /** Plain here, sealed by the program: `{ token }` for REST, `{}` for the others. */
  secrets: Record<string, string>;
  contact_email: string;
  offers: OfferSetup[];
  feed: FeedFile;
}

export interface OfferSetup {
  supplier_sku: string;
  title: string;
  brand: string;
  gtin: string;
  mpn: string;
  cost_minor: bigint;
  currency: string;
  quantity: number;
  /** Which of our variants it is, as a person would match it. */
  variant: string;
}

export interface VariantSetup {
  sku: string;
  title: string;
  brand: string;
  gtin: string;
  price_minor: bigint;
  currency: string;
  weight_grams: number;
}

export type { Address, Instant };
