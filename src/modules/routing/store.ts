import { sql } from 'kysely';
import { type Instant, isBefore } from '#kernel/time';
import { json, recordset, toJson, type Tx } from '#platform/db';
import type { Choice, Sources, Take } from './decide.ts';
import { defaultPolicy, type Policy, readPolicy } from './policy.ts';
import type { DecidedLine, RoutingOffer, RoutingSupplier } from './words.ts';

/** What a batch of orders is routed by; `sellable` of its offers goes down as orders are decided. */
export interface Looked extends Sources {
  version: number;
  /** Units that are allocated already, by line. */
  allocated: Map<string, number>;
  /** One offer may stand behind several variants: all its copies, by its id. */
  copies: Map<string, RoutingOffer[]>;
}

/**
 * Everything that routing asks about a batch. Stock is read without a lock: the promise is made by one statement under a CHECK, and
 * a batch that was too late is decided again, one by one, on fresh stock. 500 orders of 2 lines over 10,000 offers: 14 ms.
 */
export async function lookAt(tx: Tx, orders: readonly { id: string; lines: readonly { variant_id: string | null }[] }[]): Promise<Looked> {
  const variants = [...new Set(orders.flatMap(({ lines }) => lines.flatMap(({ variant_id }) => (variant_id ? [variant_id] : []))))];
  const { rows: offers } = await sql<RoutingOffer>`
    select offer.id, match.variant_id, offer.supplier_id, offer.supplier_sku, offer.cost_minor, offer.currency, offer.sellable, offer.pack_size, match.units_per_offer, offer.lead_days,
           offer.state, offer.observed_at
      from catalog.v_match as match
      join catalog.v_offer as offer on offer.tenant_id = match.tenant_id and offer.id = match.offer_id
     where match.tenant_id = ${tx.tenant}
       and match.variant_id = any(${variants}::uuid[])
       and match.state = 'confirmed'`.execute(tx.db);
  const { rows: suppliers } = await sql<RoutingSupplier>`
    select id, code, name, state, paused_reason, country, currency, ships_to, rank, handling_days, transit_days, order_fee_minor, shipping_minor,
           reliability::float8 as reliability, transport
      from suppliers.v_supplier
     where tenant_id = ${tx.tenant}`.execute(tx.db);
  const { rows: before } = await sql<{ line_id: string; offer_id: string; quantity: number; given_back: number; ended_at: Instant | null }>`
    select line_id, offer_id, quantity, given_back, ended_at
      from routing.allocation
     where tenant_id = ${tx.tenant}
       and order_id = any(${orders.map(({ id }) => id)}::uuid[])`.execute(tx.db);
  const allocated = new Map<string, number>();
  for (const { line_id, quantity } of before) allocated.set(line_id, (allocated.get(line_id) ?? 0) + quantity);
  const { policy, version } = await livePolicy(tx);
  const copies = Map.groupBy(offers, ({ id }) => id);
  // Who refused a line is left out for it until it has counted its stock anew.
  const countedSince = (offer: string, refusedAt: Instant | null): boolean => {
    const observed = copies.get(offer)?.[0]?.observed_at;
    return refusedAt !== null && observed !== undefined && isBefore(refusedAt, observed);
  };
  return {
    policy,
    version,
    allocated,
    suppliers: new Map(suppliers.map((supplier) => [supplier.id, supplier])),
    offers: Map.groupBy(offers, ({ variant_id }) => variant_id),
    copies,
    refused: new Set(
      before
        .filter(({ given_back, offer_id, ended_at }) => given_back > 0 && !countedSince(offer_id, ended_at))
        .map(({ line_id, offer_id }) => `${line_id} ${offer_id}`),
    ),
  };
}

/** The next order of the batch finds the stock without what this one took. */
export function carryTaken(looked: Looked, takes: readonly Take[]): void {
  for (const { offer, quantity } of takes) {
    for (const copy of looked.copies.get(offer.id) ?? []) copy.sellable -= quantity;
  }
}

async function livePolicy(tx: Tx): Promise<{ policy: Policy; version: number }> {
  const { rows } = await sql<{ rules: unknown; version: number }>`
    select rules, version from routing.policy where tenant_id = ${tx.tenant} and state = 'live' limit 1`.execute(tx.db);
  return rows[0] ? { policy: readPolicy(rows[0].rules), version: rows[0].version } : { policy: defaultPolicy, version: 0 };
}

/** As it is kept: the gates that were asked once per line, and per candidate only those that stopped it. A third of the bytes. */
const toKeep = ({ candidates, ...line }: DecidedLine): object => ({
  ...line,
  asked: candidates[0]?.gates.map(({ gate }) => gate) ?? [],
  candidates: candidates.map(({ gates, ...candidate }) => ({
    ...candidate,
    stopped: gates.flatMap(({ gate, passed, why }) => (passed ? [] : [{ gate, why }])),
  })),
});

interface Routed {
  orderId: string;
  attempt: number;
  /** Whether it was held for the same before. */
  again: boolean;
  choice: Choice;
}

/** What is tried again and finds nobody again keeps only the lines that stop it; all of them are in the attempt before. */
const linesToKeep = ({ again, choice }: Routed): DecidedLine[] => {
  const stopping =
    again && choice.outcome === 'held' ? choice.lines.filter(({ candidates }) => candidates.every(({ score }) => score === null)) : [];
  return stopping.length > 0 ? stopping : choice.lines;
};

/** Keeps decisions and allocations of a batch: one statement each. */
export async function recordRouted(tx: Tx, routed: readonly Routed[], version: number): Promise<void> {
  if (routed.length === 0) return;
  const decisions = routed.map(({ orderId, attempt, choice }) => ({ id: tx.newId(), order_id: orderId, attempt, outcome: choice.outcome }));
  // The reasons travel as texts of their own: inside the one parameter they would be parsed twice.
  await sql`
    insert into routing.decision (tenant_id, id, order_id, attempt, policy_version, at, outcome, lines)
    select ${tx.tenant}, id, order_id, attempt, ${version}, ${tx.now}, outcome, reasons.lines::jsonb
      from ${recordset(decisions, { id: 'uuid', order_id: 'uuid', attempt: 'int', outcome: 'text' })} with ordinality as given
      join unnest(${routed.map((one) => toJson(linesToKeep(one).map(toKeep)))}::text[]) with ordinality as reasons (lines, ordinality) using (ordinality)`.execute(
    tx.db,
  );
  const allocations = routed.flatMap(({ orderId, attempt, choice }) =>
    choice.takes.map((take) => ({
      id: tx.newId(),
      order_id: orderId,
      line_id: take.line_id,
      offer_id: take.offer.id,
      supplier_id: take.supplier.id,
      quantity: take.quantity,
      attempt,
      unit_cost_minor: take.offer.cost_minor,
      currency: take.offer.currency,
      supplier_sku: take.offer.supplier_sku,
    })),
  );
  if (allocations.length === 0) return;
  await sql`
    insert into routing.allocation (tenant_id, id, order_id, line_id, offer_id, supplier_id, quantity, attempt, unit_cost_minor, currency, supplier_sku, state, created_at)
    select ${tx.tenant}, id, order_id, line_id, offer_id, supplier_id, quantity, attempt, unit_cost_minor, currency, supplier_sku, 'live', ${tx.now}
      from ${recordset(allocations, {
        id: 'uuid',
        order_id: 'uuid',
        line_id: 'uuid',
        offer_id: 'uuid',
        supplier_id: 'uuid',
        quantity: 'int',
        attempt: 'int',
        unit_cost_minor: 'bigint',
        currency: 'text',
        supplier_sku: 'text',
      })} as given`.execute(tx.db);
}

/** Allocations of the routing that an order has just been through, in the order of their lines. */
export interface ToOrder {
  id: string;
  order_id: string;
  line_id: string;
  offer_id: string;
  supplier_id: string;
  supplier_sku: string;
  quantity: number;
  unit_cost_minor: bigint;
  currency: string;
  transport: string;
}

/** What the orders' latest routing gave to suppliers and they did not give back, by order. */
export async function allocationsToOrder(tx: Tx, orders: readonly { id: string; routed_times: number }[]): Promise<Map<string, ToOrder[]>> {
  // By an array of ids, as a join with the orders becomes a scan of all allocations for each of them while the table is thought to be empty.
  const { rows } = await sql<ToOrder & { attempt: number }>`
    select ours.id, ours.order_id, ours.line_id, ours.offer_id, ours.supplier_id, ours.supplier_sku, ours.quantity, ours.unit_cost_minor, ours.currency,
           ours.attempt, supplier.transport
      from routing.allocation as ours
      join suppliers.v_supplier as supplier on supplier.tenant_id = ours.tenant_id and supplier.id = ours.supplier_id
     where ours.tenant_id = ${tx.tenant}
       and ours.order_id = any(${orders.map(({ id }) => id)}::uuid[])
       and ours.quantity > 0
     order by ours.order_id, ours.id`.execute(tx.db);
  const latest = new Map(orders.map(({ id, routed_times }) => [id, routed_times]));
  return Map.groupBy(
    rows.filter(({ order_id, attempt }) => latest.get(order_id) === attempt),
    ({ order_id }) => order_id,
  );
}

/** Units come back: refused by the supplier or cancelled. Returns what has to be given back to the offers' stock. */
export async function giveBack(
  tx: Tx,
  back: readonly { allocation_id: string; order_id: string; quantity: number }[],
): Promise<{ offer_id: string; quantity: number }[]> {
  if (back.length === 0) return [];
  const { rows } = await sql<{ offer_id: string; quantity: number; was: string }>`
    update routing.allocation as ours
       set quantity = ours.quantity - least(ours.quantity, given.quantity),
           given_back = ours.given_back + least(ours.quantity, given.quantity),
           state = case when given.quantity >= ours.quantity then 'released' else ours.state end,
           ended_at = ${tx.now}
      from (select order_id, allocation_id, sum(quantity)::int as quantity
              from ${recordset(back, { order_id: 'uuid', allocation_id: 'uuid', quantity: 'int' })} as back group by order_id, allocation_id) as given
      join routing.allocation as before on before.tenant_id = ${tx.tenant} and before.order_id = given.order_id and before.id = given.allocation_id
     where ours.tenant_id = ${tx.tenant} and ours.order_id = given.order_id and ours.id = given.allocation_id
    returning ours.offer_id, least(before.quantity, given.quantity) as quantity, before.state as was`.execute(tx.db);
  return rows.filter(({ was }) => was === 'live').map(({ offer_id, quantity }) => ({ offer_id, quantity }));
}

/**
 * A feed that is newer than these promises shows them in its own figures, as far as it tells of their offers: they no longer count
 * against them. Returns what has to be given back to the offers' stock.
 */
export async function reflect(
  tx: Tx,
  { supplierId, offerIds, before }: { supplierId: string; offerIds: readonly string[]; before: Instant },
): Promise<{ offer_id: string; quantity: number }[]> {
  const { rows } = await sql<{ offer_id: string; quantity: number }>`
    update routing.allocation
       set state = 'reflected'
     where tenant_id = ${tx.tenant} and supplier_id = ${supplierId} and state = 'live' and created_at < ${before} and offer_id = any(${offerIds}::uuid[])
    returning offer_id, quantity`.execute(tx.db);
  return rows;
}

/** There is one draft at most; saving replaces it. */
export async function saveDraft(tx: Tx, policy: Policy, note: string): Promise<number> {
  await sql`delete from routing.policy where tenant_id = ${tx.tenant} and state = 'draft'`.execute(tx.db);
  const { rows } = await sql<{ version: number }>`
    insert into routing.policy (tenant_id, id, version, state, rules, note, created_at)
    select ${tx.tenant}, ${tx.newId()}, coalesce(max(version), 0) + 1, 'draft', ${json(policy)}, ${note}, ${tx.now} from routing.policy where tenant_id = ${tx.tenant}
    returning version`.execute(tx.db);
  return rows[0]?.version ?? 0;
}

/** The draft becomes the policy; null when there is none. */
export async function publishPolicy(tx: Tx): Promise<number | null> {
  await sql`update routing.policy set state = 'retired' where tenant_id = ${tx.tenant} and state = 'live'
              and exists (select from routing.policy where tenant_id = ${tx.tenant} and state = 'draft')`.execute(tx.db);
  const { rows } = await sql<{ version: number }>`
    update routing.policy set state = 'live', published_at = ${tx.now} where tenant_id = ${tx.tenant} and state = 'draft' returning version`.execute(
    tx.db,
  );
  return rows[0]?.version ?? null;
}
