import type { Instant } from '#kernel/time';
import type { ChannelDocument } from '#ports/channel';

export interface ChannelSettings {
  /** What the kind of store asks for, such as its address. */
  [field: string]: unknown;
  /** Minutes between two polls; webhooks are faster, polls are the truth. */
  pollMinutes?: number;
  /** For CSV: the file drop's folder and the columns, where they differ from ours. */
  folder?: string;
  columns?: Readonly<Record<string, string>>;
}

export interface Channel {
  id: string;
  code: string;
  name: string;
  /** `csv`, or a kind of store that a connector knows. */
  kind: string;
  state: 'connected' | 'paused' | 'failing';
  settings: ChannelSettings;
  /** Sealed; opened only where a door is made. */
  secrets: Uint8Array | null;
  currency: string;
  poll_cursor: string;
  trouble: string;
}

export interface NewChannel {
  id?: string;
  code: string;
  name: string;
  /** `csv`, or a kind of store that a connector knows. */
  kind: string;
  settings: ChannelSettings;
  secrets: Uint8Array | null;
  currency: string;
}

export interface Polled {
  documents: ChannelDocument[];
  cursor: string;
  more: boolean;
}

/** A parcel that the store has to be told of, with the lines in it under the store's own names. */
export interface Report {
  id: string;
  channel_id: string;
  order_id: string;
  order_external_id: string;
  order_number: string;
  parcel_id: string;
  state: 'queued' | 'sending' | 'sent' | 'unknown' | 'failed';
  carrier: string;
  number: string;
  lines: { externalId: string; quantity: number }[];
  channel: Channel;
  created_at: Instant;
}

/** What is said of one listing; amounts in the channel's minor units, as text. A price of null is left to the store. */
export interface PushedRow {
  sku: string;
  /** The store's own names of it; '' or left out where they are not known yet. */
  ref?: string;
  quantity: number;
  price: string | null;
  compare: string | null;
}

/** Some listings on their way to a store, in one call. */
export interface Push {
  id: string;
  channel_id: string;
  state: 'queued' | 'sending' | 'sent' | 'unknown' | 'failed';
  rows: PushedRow[];
  /** Why the store took none of it. */
  trouble: string;
  channel: Channel;
  created_at: Instant;
}

/** A store's own figures, read once a day. */
export interface Shelf {
  id: string;
  state: 'kept';
  cursor: string;
  trouble: string;
  channel: Channel;
}

/** An order that a store says has changed, to be asked for. */
export interface Nudge {
  id: string;
  channel_id: string;
  object: string;
  state: 'heard';
  /** The latest time that it was heard of. */
  heard_at: Instant;
  first_at: Instant;
  channel: Channel;
}

/** How a store is listened to. */
export interface Ear {
  id: string;
  state: 'kept';
  trouble: string;
  channel: Channel;
}

/** What came of arming a store's webhooks; without topics it is polled only, and `trouble` says why. */
export interface Listened {
  topics: string[];
  mended: number;
  trouble: string;
}
