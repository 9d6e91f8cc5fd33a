import { sql } from 'kysely';
import type { Instant } from '#kernel/time';
import { json, type Tx } from '#platform/db';
import { hashToken } from '#platform/secrets';
import type { Door, KeyShown, Person, Purpose, Role, Tenant } from './words.ts';

/** Doors and tenants stand above tenants: these work in `db.outsideTenants` and in a tenant's own transaction alike. */

interface DoorRow {
  token_hash: Buffer;
  tenant: string;
  mode: Tenant['mode'];
  purpose: Purpose;
  subject_id: string | null;
  scope: Record<string, unknown>;
  created_at: Instant;
  expires_at: Instant | null;
  used_at: Instant | null;
  revoked_at: Instant | null;
}

const bytesOf = (hash: string): Buffer => Buffer.from(hash, 'base64url');

const asDoor = (row: DoorRow): Door => ({
  hash: row.token_hash.toString('base64url'),
  tenant: row.tenant,
  mode: row.mode,
  purpose: row.purpose,
  subject: row.subject_id,
  scope: row.scope,
  created: row.created_at,
  expires: row.expires_at,
  used: row.used_at,
  revoked: row.revoked_at,
});

const columns = sql`token_hash, tenant, purpose, subject_id, scope, created_at, expires_at, used_at, revoked_at,
  (select mode from identity.tenant where id = tenant) as mode`;

/** The door that this token opens, whatever state it is in; null when there is none. */
export async function doorOf(tx: Tx, token: string): Promise<Door | null> {
  const { rows } = await sql<DoorRow>`select ${columns} from identity.door where token_hash = ${bytesOf(hashToken(token))}`.execute(tx.db);
  return rows[0] ? asDoor(rows[0]) : null;
}

export interface NewDoor {
  hash: string;
  tenant: string;
  purpose: Purpose;
  subject: string | null;
  scope?: Readonly<Record<string, unknown>>;
  expires: Instant | null;
}

export async function addDoors(tx: Tx, doors: readonly NewDoor[], at: Instant): Promise<void> {
  const rows = doors.map(({ hash, tenant, purpose, subject, scope, expires }) => ({
    hash: bytesOf(hash).toString('hex'),
    tenant,
    purpose,
    subject,
    scope: scope ?? {},
    expires,
  }));
  if (rows.length === 0) return;
  await sql`
    insert into identity.door (token_hash, tenant, purpose, subject_id, scope, created_at, expires_at)
    select decode(hash, 'hex'), tenant, purpose, subject, scope, ${at}, expires
      from jsonb_to_recordset(${json(rows)}) as given (hash text, tenant uuid, purpose text, subject uuid, scope jsonb, expires timestamptz)
        on conflict (token_hash) do nothing`.execute(tx.db);
}

/** Uses a door up; false when somebody was faster. */
export async function useOnce(tx: Tx, hash: string, at: Instant): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update identity.door set used_at = ${at} where token_hash = ${bytesOf(hash)} and used_at is null and revoked_at is null`.execute(tx.db);
  return numAffectedRows === 1n;
}

/** Notes that a door was used, and until when it now holds. */
export async function touchDoor(tx: Tx, hash: string, at: Instant, expires: Instant | null): Promise<void> {
  await sql`
    update identity.door set used_at = ${at}, expires_at = coalesce(${expires}, expires_at)
     where token_hash = ${bytesOf(hash)} and revoked_at is null`.execute(tx.db);
}

export async function revokeDoor(tx: Tx, hash: string, at: Instant): Promise<void> {
  await sql`update identity.door set revoked_at = ${at} where token_hash = ${bytesOf(hash)} and revoked_at is null`.execute(tx.db);
}

/** Ends all doors of a subject: a channel's old hook address, a person's sessions. Returns their hashes. */
export async function revokeDoorsOf(tx: Tx, subject: string, purpose: Purpose, at: Instant): Promise<string[]> {
  const { rows } = await sql<{ token_hash: Buffer }>`
    update identity.door set revoked_at = ${at}
     where tenant = ${tx.tenant} and purpose = ${purpose} and subject_id = ${subject} and revoked_at is null
    returning token_hash`.execute(tx.db);
  return rows.map(({ token_hash }) => token_hash.toString('base64url'));
}

export async function keysOf(tx: Tx): Promise<KeyShown[]> {
  const { rows } = await sql<DoorRow>`
    select ${columns} from identity.door
     where tenant = ${tx.tenant} and purpose = 'api-key' and revoked_at is null
     order by created_at desc, subject_id desc limit 500`.execute(tx.db);
  return rows.map((row) => ({
    id: row.subject_id ?? '',
    name: wordOf(row.scope['name']),
    shown: wordOf(row.scope['shown']),
    scopes: Array.isArray(row.scope['scopes']) ? row.scope['scopes'].map(wordOf) : [],
    created: row.created_at,
    expires: row.expires_at,
    used: row.used_at,
  }));
}

const wordOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Null when there is no such tenant. */
export async function tenantOf(tx: Tx, id: string): Promise<Tenant | null> {
  const { rows } = await sql<Tenant>`select id, name, mode, brand, settings from identity.tenant where id = ${id}`.execute(tx.db);
  return rows[0] ?? null;
}

export async function allTenants(tx: Tx): Promise<Tenant[]> {
  const { rows } = await sql<Tenant>`select id, name, mode, brand, settings from identity.tenant order by created_at, id`.execute(tx.db);
  return rows;
}

export async function addTenant(
  tx: Tx,
  tenant: { id: string; name: string; mode: Tenant['mode']; brand?: object; settings?: object },
): Promise<void> {
  await sql`
    insert into identity.tenant (id, name, mode, brand, settings, created_at)
    values (${tenant.id}, ${tenant.name}, ${tenant.mode}, ${json(tenant.brand ?? {})}, ${json(tenant.settings ?? {})}, ${tx.now})`.execute(
    tx.db,
  );
}

/** In the tenant's own transaction, as all of persons. */
export async function addPerson(tx: Tx, person: { id: string; email: string; name: string; role: Role }): Promise<void> {
  await sql`
    insert into identity.person (tenant_id, id, email, name, role, created_at)
    values (${tx.tenant}, ${person.id}, ${person.email.toLowerCase()}, ${person.name}, ${person.role}, ${tx.now})`.execute(tx.db);
}

export async function personOf(tx: Tx, id: string): Promise<Person | null> {
  const { rows } = await sql<Person>`
    select id, email, name, role from identity.person where tenant_id = ${tx.tenant} and id = ${id}`.execute(tx.db);
  return rows[0] ?? null;
}

export async function personByEmail(tx: Tx, email: string): Promise<Person | null> {
  const { rows } = await sql<Person>`
    select id, email, name, role from identity.person where tenant_id = ${tx.tenant} and email = ${email.toLowerCase()}`.execute(tx.db);
  return rows[0] ?? null;
}

export async function persons(tx: Tx): Promise<Person[]> {
  const { rows } = await sql<Person>`
    select id, email, name, role from identity.person where tenant_id = ${tx.tenant} order by created_at, id limit 1000`.execute(tx.db);
  return rows;
}
