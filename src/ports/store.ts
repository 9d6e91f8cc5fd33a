import type { Clock, Instant } from '#kernel/time';
import type { Api } from './api.ts';
import type { ChannelDoor, ChannelOrder } from './channel.ts';

/** What a person gives to connect a store: a setting, or a secret that is kept sealed. */
export interface StoreField {
  name: string;
  label: string;
  kind: 'text' | 'url' | 'secret';
  required: boolean;
  /** Where to find it in the store, in a sentence. */
  hint: string;
  placeholder?: string;
}

export type StoreGiven = Readonly<Record<string, string>>;

/** A call before it is sent, for those that sign each. */
export interface StoreRequest {
  method: 'GET' | 'POST' | 'PUT';
  url: URL;
  body: string | undefined;
}

type Headers = Readonly<Record<string, string>>;

/** Where calls go and how they prove who we are. */
export interface StoreAccount {
  baseUrl: string;
  headers: Headers | ((request: StoreRequest) => Headers);
  /** The header that carries the key of what we say, where the store knows one. */
  keyHeader?: string;
  /** What the store allows, as its documentation says; the store's own 429 is obeyed besides. */
  rate: { perSecond: number; burst: number };
}

/** Time and chance, for those that sign each call. */
export interface StoreTools {
  clock: Clock;
  /** A word that was not used before. */
  nonce(): string;
}

/** A login that ends: asked for when there is none, kept until then, and asked for again when the store does not know it any more. */
export interface StoreSession {
  headers: Headers;
  expiresAt: Instant | null;
}

export interface StoreContext {
  clock: Clock;
  currency: string;
  settings: StoreGiven;
}

/** A webhook as it came. `secrets`: those that it may be signed with, two while one is being replaced. */
export interface StoreCall {
  /** Names in small letters. */
  headers: Headers;
  body: Uint8Array;
  secrets: readonly StoreGiven[];
  settings: StoreGiven;
  now: Instant;
}

/**
 * What a webhook is: forged; a whole order, for `read`; a nudge that an order changed, to be asked for by `named`; stock or products
 * that changed, so that the shelf is read again; the end of the connection; or something else, which is kept and changes nothing.
 */
export type StoreHeard =
  | { what: 'forged'; why: string }
  | { what: 'order' | 'nudge' | 'shelf' | 'goodbye' | 'other'; object: string; topic: string };

/** A kind of store: all that the program knows of it. Pure but for the doors that it opens. */
export interface StoreKind {
  /** `shopify`; kept with the channel. */
  kind: string;
  /** As people write it. */
  name: string;
  fields: readonly StoreField[];
  /** How a person gets what the fields ask for: one step a line. */
  steps: readonly string[];
  /** The least that it needs, and why, in plain words. */
  scopes: readonly { name: string; why: string }[];
  /** What it can be told. */
  tells: { parcels: boolean; stock: boolean; prices: boolean };
  /** Headers of a webhook worth keeping beside it, in small letters; never a signature. */
  keeps: readonly string[];
  /** What the platform does not let us do, or what nobody could verify, in words for the docs. */
  cannot: readonly { what: string; why: string }[];
  /** Throws `Fault` `misconfigured` with what to correct. */
  account(given: { settings: StoreGiven; secrets: StoreGiven }, tools: StoreTools): StoreAccount;
  /** Only where keys alone do not open it. `api` sends no login. */
  session?(api: Api, given: { settings: StoreGiven; secrets: StoreGiven }, now: Instant): Promise<StoreSession>;
  open(api: Api, context: StoreContext): ChannelDoor;
  /** Left out where the platform sends none. Total: whatever comes, it answers. */
  hear?(call: StoreCall): StoreHeard;
  /** A document of a poll or a webhook, as orders. Throws `Unreadable` with the field that does not fit. */
  read(document: { name: string; headers: Headers; body: Uint8Array }, context: { currency: string }): ChannelOrder[];
}
