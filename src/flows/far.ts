import type { FeedSource } from '#modules/catalog';
import type { Channel, Listened } from '#modules/channels';
import type { Purchase } from '#modules/purchasing';
import type { Supplier } from '#modules/suppliers';
import type { CarrierDoor } from '#ports/carrier';
import type { ChannelDoor, ChannelOrder } from '#ports/channel';
import type { AddressValidator } from '#ports/address-validator';
import type { MessageSender } from '#ports/message-sender';
import type { FeedDoor } from '#ports/feed-door';
import type { SupplierDoor, SupplierSaid } from '#ports/supplier';

/** The outside of one tenant, as outside steps are given it. */
export interface Far {
  tenant: string;
  supplier(supplier: Supplier): SupplierDoor;
  channel(channel: Channel): ChannelDoor;
  /** Sees to it that this store sends us its webhooks, where it can and where we can be reached. */
  listen(channel: Channel): Promise<Listened>;
  carrier: CarrierDoor;
  /** Where a feed's files are fetched from. */
  feed(source: FeedSource): Promise<FeedDoor>;
  messages: MessageSender;
  /** Who orders: on every purchase order. */
  buyer: { name: string; email: string };
  /** The page where a supplier answers this purchase order without a login; '' when its transport has none. */
  answerUrl(purchase: Purchase): string;
  trackingUrl(order: string): string;
}

/** What arrived, as far as a reader has to know. */
export interface Raw {
  kind: string;
  name: string;
  object: string;
  headers: Readonly<Record<string, string>>;
  body: Uint8Array;
}

/** What the flows are given once, when the program is put together. Readers are pure and throw `Unreadable`. */
export interface Given {
  addresses: AddressValidator;
  readOrder(channel: Channel, raw: Raw): Promise<ChannelOrder[]>;
  readAnswer(supplier: Supplier, raw: Raw): Promise<SupplierSaid[]>;
  /** Tokens of links are derived, so that a link can be written before anybody opened it. */
  trackingToken(order: string): { token: string; hash: string };
  supplierToken(purchase: string): { token: string; hash: string };
  hookToken(channel: string): { token: string; hash: string };
  trackingUrl(order: string): string;
  supplierUrl(purchase: string): string;
  hookUrl(channel: string): string;
}
