import type { Instant } from '#kernel/time';

export const roles = ['owner', 'admin', 'operations', 'read-only'] as const;
export type Role = (typeof roles)[number];

/** What rights are about. Each can be read or written. */
export const resources = [
  'orders',
  'purchases',
  'parcels',
  'exceptions',
  'suppliers',
  'catalog',
  'channels',
  'arrivals',
  'routing',
  'facts',
  'keys',
  'demo',
] as const;
export type Resource = (typeof resources)[number];
export type Right = `${Resource}:${'read' | 'write'}`;

export interface Tenant {
  id: string;
  name: string;
  mode: 'demo' | 'test' | 'live';
  brand: Record<string, unknown>;
  settings: Record<string, unknown>;
}

export interface Person {
  id: string;
  email: string;
  name: string;
  role: Role;
}

export type Purpose = 'sign-in' | 'session' | 'api-key' | 'hook' | 'supplier-link' | 'tracking-link';

/** What a token opens. Its secret is kept as a hash only; `hash` is that hash in base64url. */
export interface Door {
  hash: string;
  tenant: string;
  mode: Tenant['mode'];
  purpose: Purpose;
  /** The person of a session, the key's own id, the channel of a hook, the order or purchase order of a link. */
  subject: string | null;
  scope: Readonly<Record<string, unknown>>;
  created: Instant;
  expires: Instant | null;
  used: Instant | null;
  revoked: Instant | null;
}

/** A key as its owner sees it afterwards: never the secret. */
export interface KeyShown {
  id: string;
  name: string;
  shown: string;
  scopes: string[];
  created: Instant;
  expires: Instant | null;
  used: Instant | null;
}

/** Who asks: a person with a session, or a key. */
export interface Caller {
  tenant: Tenant;
  person: Person | null;
  /** As facts name actors. */
  actor: string;
  rights: ReadonlySet<Right>;
}
