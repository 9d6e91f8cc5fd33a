import type { Readable } from 'node:stream';
import type { Clock } from '#kernel/time';
import type { Database, Tx } from '#platform/db';
import type { Log } from '#platform/log';
import type { Sleep } from '#platform/time';
import type { StoreFound } from '#ports/channel';
import type { StoreGiven, StoreKind } from '#ports/store';
import type { FeedDesk } from './deps-feeds.ts';
import type { DemoState } from './schemas-session.ts';

/** Every action that can be asked for by the API, by what it is done to. An exception's actions are the names of its fixes. */
export const actionsOf = {
  order: ['hold', 'release', 'cancel', 'route', 'note'],
  purchase: ['resend', 'accept', 'cancel', 'remind'],
  exception: [
    'try-again',
    'cancel-order',
    'release',
    're-route',
    'cancel-lines',
    'ask-again',
    'it-arrived',
    'it-did-not',
    'remind',
    'accept-for-them',
    'wait',
    'ask-cancel',
    'keep',
    'read-again',
    'dismiss',
    'ask-supplier',
    'release-feed',
    'snooze',
  ],
  supplier: ['change', 'pause', 'resume'],
  feed: ['change', 'run', 'pause', 'resume'],
  'feed-run': ['release', 'reject', 'replay', 'roll-back', 'cancel'],
  channel: ['create', 'change'],
  arrival: ['read-again'],
  policy: ['draft', 'publish'],
  match: ['approve', 'approve-group', 'reject', 'create', 'run', 'settings'],
  listing: ['link', 'tell-again', 'read', 'recount'],
  availability: ['save'],
  variant: ['edit', 'require'],
  undo: ['undo'],
  price: ['draft', 'publish', 'undo', 'rate', 'accept'],
} as const;
export type ActionKind = keyof typeof actionsOf;

/** What a person or a key asks for. */
export interface Asked {
  kind: ActionKind;
  /** One of `actionsOf[kind]`. */
  action: string;
  /** The uuid of what it is done to; '' when it is to be made (`channel.create`) or there is only one (`policy`). */
  id: string;
  /** As facts name actors: `person:<uuid>` or `key:<uuid>`. */
  by: string;
  /**
   * Checked against the action's schema (schemas-actions.ts), ids in it still as shown. `order.hold {reason?, detail?}` ·
   * `order.cancel {because?, lines?}` · `order.note {text}` · `purchase.accept {lines?, reference?}` · `purchase.cancel {because?}` ·
   * `exception.* {the fix's input}` · `exception.snooze {until}` · `supplier.change` SupplierChange · `supplier.pause {reason}` ·
   * `channel.create` ChannelNew · `channel.change` ChannelChange · `policy.draft` PolicyDraft · all others {}.
   */
  input: Readonly<Record<string, unknown>>;
}

/** What came of it. It was written in the same transaction, facts included; with a dry run all of it is rolled back. */
export interface Outcome {
  facts: readonly { type: string; data: Readonly<Record<string, unknown>> }[];
  /** One sentence for the person: "Order 1042 is on hold." */
  said: string;
  /** The uuid of what was made, for `channel.create`. */
  made?: string;
  /** What is shown once, such as a hook's address and secret. */
  more?: Readonly<Record<string, unknown>>;
}

/** Throws a `Problem`: `not-found`, `wrong-state` (say which state it is in), `invalid-field` (with `param`). */
export type Act = (tx: Tx, asked: Asked) => Promise<Outcome>;

/** Kinds of stores, and a look at one with what a person typed. Throws a `Problem` that says what to correct. */
export interface StoreDesk {
  kinds: readonly StoreKind[];
  probe(tenant: string, asked: { kind: string; currency: string; fields: StoreGiven }): Promise<StoreFound>;
}

/** The demo's clock and weather; only in tenants of mode `demo`. */
export interface Demo {
  state(tenant: string): Promise<DemoState>;
  advance(tenant: string, minutes: number): Promise<DemoState>;
  /** null stops it. */
  run(tenant: string, minutesPerSecond: number | null): Promise<DemoState>;
  break(tenant: string, what: string): Promise<DemoState>;
}

export interface FeedImport {
  supplier: string;
  /** File name as given, for people only. */
  name: string;
  type: string;
  by: string;
  bytes: Readable;
}

export interface ApiDeps {
  /** Of the program: its clock is the demo's when there is one. */
  db: Database;
  /** The real clock: sessions and rate limits age by it, so that turning the demo's clock signs nobody out. */
  realClock: Clock;
  sleep: Sleep;
  log: Log;
  act: Act;
  demo?: Demo;
  stores?: StoreDesk;
  /** Keeps the file, starts the import and returns the uuid of its run. Throws a Problem when the supplier is unknown. */
  /** Where files of feeds are looked at; only where they are worked on. */
  feeds?: FeedDesk;
  importFeed?(tenant: string, file: FeedImport): Promise<{ run: string }>;
  /** The address of an order's tracking page, for who holds the order. */
  trackingUrl?(tx: Tx, order: string): Promise<string | null>;
  /** '' when everything is there; else what is missing, for /readyz. */
  notReady(): Promise<string>;
  /** In the text format of Prometheus. */
  metrics(): Promise<string>;
  /** Where the built console lies; null when it is not built. */
  consoleFolder: string | null;
  /** Where people reach us: `https://ops.example.com`. With https the session cookie is Secure. */
  publicUrl: string;
  /** Checks every answer against its schema before it is sent; for tests and the demo's development. */
  checkAnswers?: boolean;
  limits?: { requestsPerSecond?: number; burst?: number; strangersBurst?: number; listenersPerTenant?: number };
}
