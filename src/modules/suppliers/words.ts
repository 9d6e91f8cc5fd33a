import type { Instant } from '#kernel/time';

export const supplierStates = ['prospect', 'sampling', 'onboarding', 'pilot', 'live', 'watch', 'paused', 'ended'] as const;
export type SupplierState = (typeof supplierStates)[number];
export type Transport = 'file' | 'email' | 'rest';

/** One supplier, as far as purchase orders and polling must know it. */
export interface Supplier {
  id: string;
  code: string;
  name: string;
  state: SupplierState;
  currency: string;
  transport: Transport;
  transport_settings: Readonly<Record<string, unknown>>;
  secrets: Uint8Array | null;
  contact_email: string;
  ack_hours: number;
  ship_hours: number;
  poll_state: 'idle' | 'polling' | 'stopped';
  poll_cursor: string;
  polled_at: Instant | null;
  created_at: Instant;
}

export interface NewSupplier {
  id?: string;
  code: string;
  name: string;
  state: SupplierState;
  country: string;
  currency: string;
  time_zone: string;
  ships_to: readonly string[];
  rank: number;
  handling_days: number;
  transit_days: Readonly<Record<string, number>>;
  ack_hours: number;
  ship_hours: number;
  order_fee_minor: bigint;
  shipping_minor: Readonly<Record<string, number | string>>;
  transport: Transport;
  transport_settings: Readonly<Record<string, unknown>>;
  secrets: Uint8Array | null;
  contact_email: string;
}

/** What people may change of one; left out stays as it is. */
export interface SupplierChange {
  name?: string;
  state?: SupplierState;
  paused_reason?: string;
  rank?: number;
  ack_hours?: number;
  ship_hours?: number;
  contact_email?: string;
  ships_to?: readonly string[];
  handling_days?: number;
  time_zone?: string;
}
