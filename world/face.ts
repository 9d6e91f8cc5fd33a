import type { Answered, Asked } from './answer.ts';
import type { Realm } from './realm.ts';
import type { StoreOrder } from './shops.ts';
import type { Shop } from './stores.ts';

/** A webhook as it leaves a store: which order changed, and how. */
export interface HookMessage {
  /** The same at every try. */
  id: string;
  /** order.created | order.updated | order.cancelled */
  type: string;
  order: StoreOrder;
  /** Seconds since 1970, at this try. */
  seconds: number;
}

/** How stores of one kind look from outside. What they keep is the same for all (`StoreState`); only the way of speaking differs. */
export interface StoreFace {
  /** What a person would type to connect it. */
  typed(realm: Realm, shop: Shop): { settings: Record<string, string>; secrets: Record<string, string> };
  serve(realm: Realm, shop: Shop, asked: Asked): Answered;
  /** Left out where the platform sends no webhooks. */
  hook?(realm: Realm, shop: Shop, message: HookMessage): { headers: Record<string, string>; body: string } | null;
  /** A try of a webhook was not answered well. */
  failed?(realm: Realm, shop: Shop, type: string): void;
  /** Pauses between tries of a webhook, in ms; after the last it is given up. Left out: as Standard Webhooks has them. */
  tries?: readonly number[];
}
