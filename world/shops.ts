/** What stores, suppliers, carriers and mail servers keep, as plain data. */
import type { Address } from '#kernel/address';

export interface Shops {
  stores: Record<string, StoreState>;
  suppliers: Record<string, SupplierState>;
  /** Mails that arrived for us. */
  post: { uid: string; at: number; bytes: string; taken: boolean }[];
  out: { deliveries: DueDelivery[]; visits: DueVisit[]; feeds: { supplier: string; name: string; bytes: string; at: number }[] };
}

/** An order as the store's interface shows it; amounts are decimal strings. */
export interface StoreOrder {
  id: string;
  number: string;
  created_at: string;
  updated_at: string;
  currency: string;
  financial_status: 'pending' | 'authorized' | 'paid' | 'partially_refunded' | 'refunded' | 'voided';
  cancelled_at: string | null;
  test: boolean;
  customer: { name: string; email: string; phone: string };
  shipping_address: Record<'name' | 'company' | 'line1' | 'line2' | 'city' | 'region' | 'postcode' | 'country' | 'phone', string>;
  shipping_service: 'standard' | 'express';
  lines: StoreLine[];
  subtotal: string;
  discount_total: string;
  shipping_total: string;
  tax_total: string;
  total: string;
  note: string;
  tags: string[];
}

export interface StoreLine {
  id: string;
  sku: string;
  title: string;
  quantity: number;
  unit_price: string;
  discount: string;
  tax: string;
  cancelled_quantity: number;
}

export interface StoreState {
  hook: string;
  /** What a subscription was told to send along or sign with; '' where the platform signs by a key of its own. */
  hookSecret: string;
  hooksDownUntil: number;
  /** Webhooks that were subscribed to, by topic. */
  subscriptions: Record<string, { id: number; status: string; failures: number }>;
  /** Units of lines that the store was told were shipped, by order. */
  shipped: Record<string, { line: string; quantity: number }[]>;
  /** Of a platform that counts what questions cost. */
  bucket?: { spent: number; at: number };
  /** What was said of orders besides parcels, by order. */
  extras: Record<string, OrderExtras>;
  orders: Record<string, StoreOrder>;
  /** When a row becomes visible to lists, where that is later than its time stamp. */
  late: Record<string, number>;
  /** By time of change; entries that are out of date are skipped. */
  changes: { at: number; id: string }[];
  fulfilments: Record<string, { id: string; key: string; tracking_number: string }[]>;
  keys: Record<string, string>;
  /** CSV stores: orders that wait for the next file. */
  waiting: string[];
  files: Folders;
  /** What it shows, by SKU; amounts in cents. */
  shelf: Record<string, ShelfLine>;
}

/** What programs keep with an order. */
export interface OrderExtras {
  status: string;
  meta: { id: number; key: string; value: string }[];
  notes: { id: number; note: string }[];
  refunds: (Record<string, unknown> & { id: number; reason: string; amount: string })[];
}

export interface ShelfLine {
  quantity: number;
  price: number;
  compare: number | null;
}

export interface StoredFile {
  name: string;
  bytes: string;
  at: number;
  archived: boolean;
}
export type Folders = Record<string, StoredFile[]>;

export interface JobLine {
  line: number;
  sku: string;
  quantity: number;
  response: '' | 'accepted' | 'short' | 'backordered' | 'rejected' | 'cancelled';
  accepted: number;
  shipped: number;
  expectedAt: number | null;
  reason: string;
}

/** A purchase order on a supplier's desk. */
export interface Job {
  number: string;
  reference: string;
  receivedAt: number;
  visibleAt: number;
  state: 'received' | 'answered' | 'packed' | 'shipped' | 'closed';
  lines: JobLine[];
  to: Pick<Address, 'name' | 'city' | 'country'> & { postcode: string };
  service: string;
  links: { label: string; url: string }[];
  shipments: number;
}

/** How a supplier's list can be wrong as a whole, with every row looking well. */
export const poisons = ['zero', 'cheap', 'dear', 'swapped', 'cut', 'empty', 'renamed', 'negative', 'garbled', 'double', 'half'] as const;
export type Poison = (typeof poisons)[number];

export interface SupplierState {
  stock: Record<string, number>;
  /** By our purchase order number; a second acceptance of the same number is `number#2`. */
  jobs: Record<string, Job>;
  keys: Record<string, string>;
  updates: Record<string, unknown>[];
  files: Folders;
  /** What the demo broke: until when. */
  silentUntil: number;
  losesUntil: number;
  twiceUntil: number;
  feedTrouble: Poison | '';
  /** What its lists said of our products while they were right, by our SKU, oldest first. */
  said: Record<string, { at: number; quantity: number }[]>;
}

export interface DueDelivery {
  id: string;
  channel: string;
  at: number;
  type: string;
  body: string;
  tries: number;
  group: number;
}

export interface DueVisit {
  id: string;
  supplier: string;
  purchase: string;
  intent: 'confirm' | 'short' | 'reject' | 'ship';
  at: number;
  url: string;
  tries: number;
  data: Record<string, string>;
}

export const emptyShops = (): Shops => ({
  stores: {},
  suppliers: {},
  post: [],
  out: { deliveries: [], visits: [], feeds: [] },
});

export const emptyStore = (): StoreState => ({
  hook: '',
  hookSecret: '',
  hooksDownUntil: 0,
  subscriptions: {},
  shipped: {},
  extras: {},
  orders: {},
  late: {},
  changes: [],
  fulfilments: {},
  keys: {},
  waiting: [],
  files: {},
  shelf: {},
});

export const emptySupplier = (): SupplierState => ({
  stock: {},
  jobs: {},
  keys: {},
  updates: [],
  files: {},
  silentUntil: 0,
  losesUntil: 0,
  twiceUntil: 0,
  feedTrouble: '',
  said: {},
});
