import pg from 'pg';
import type { Instant } from '#kernel/time';

/** A shop of a year's orders, written set by set past the program: eight suppliers, 40,000 offers, one order in twenty still open. */
export const tenant = '01900000-0000-7000-8000-0000000000aa';

export async function fillShop(url: string, orders: number, now: Instant): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(helpers);
    // Not every statement uses all three, and the server wants to know the type of each: so they are written in.
    const values = [`'${tenant}'::uuid`, `'${now.toString()}'::timestamptz`, String(orders)];
    for (const statement of statements) {
      await client.query(values.reduce((text, value, place) => text.replaceAll(`$${place + 1}`, () => value), statement));
    }
    await client.query('vacuum analyze');
  } finally {
    await client.end();
  }
}

/** Ids like those of the program: born in the order of their numbers. */
const helpers = `
  create function pg_temp.id(kind int, number bigint) returns uuid language sql immutable as $$
    select (lpad(to_hex(1700000000000 + number * 300), 12, '0') || '7' || lpad(to_hex(kind), 3, '0') || '8' || lpad(to_hex(number), 15, '0'))::uuid $$;`;

const statements = [
  `insert into identity.tenant values ($1, 'Bench', 'test', '{}', '{}', $2)`,
  `insert into suppliers.supplier (tenant_id, id, code, name, state, country, currency, time_zone, rank, handling_days, ack_hours, ship_hours, transport, created_at)
     select $1, pg_temp.id(1, s), 'SUP' || s, 'Supplier ' || s, 'live', 'US', 'USD', 'UTC', s, 1, 24, 48, 'rest', $2 from generate_series(1, 8) s`,
  `insert into channels.channel (tenant_id, id, code, name, kind, state, currency, created_at)
     select $1, pg_temp.id(2, c), 'shop' || c, 'Shop ' || c, 'rest', 'connected', 'USD', $2 from generate_series(1, 4) c`,
  `insert into catalog.variant (tenant_id, id, sku, title, price_minor, currency, created_at)
     select $1, pg_temp.id(3, v), 'SKU-' || v, 'Product ' || v, 1000 + v % 900, 'USD', $2 from generate_series(1, 20000) v`,
  `insert into catalog.offer (tenant_id, id, supplier_id, supplier_sku, title, cost_minor, currency, quantity, ceiling, observed_at, changed_at)
     select $1, pg_temp.id(4, o), pg_temp.id(1, 1 + o % 8), 'S-' || o, 'Product ' || o, 300 + o % 500, 'USD', 50, 50, $2, $2 from generate_series(1, 40000) o`,
  `insert into catalog.match (tenant_id, variant_id, offer_id, state, created_at)
     select $1, pg_temp.id(3, 1 + o % 20000), pg_temp.id(4, o), 'confirmed', $2 from generate_series(1, 40000) o`,
  `insert into catalog.feed_run (tenant_id, id, supplier_id, name, state, rows_read, rows_same, observed_at, started_at, ended_at)
     select $1, pg_temp.id(5, r), pg_temp.id(1, 1 + r % 8), 'feed.csv', 'applied', 5000, 5000, at, at, at
       from generate_series(1, 800) r, lateral (select $2::timestamptz - make_interval(hours => 800 - r) as at) t`,
  // One order every five minutes; 19 of 20 are delivered. The rarest supplier, channel and country are rare.
  `insert into orders."order" (tenant_id, id, channel_id, external_id, number, state, status, placed_at, received_at, changed_at, source_at, currency,
       subtotal_minor, tax_minor, total_minor, payment, customer_name, email, phone, ship_to, country, postcode, likeness, promised_at)
     select $1, pg_temp.id(6, o), pg_temp.id(2, case when o % 1000 = 0 then 4 else 1 + o % 3 end), 'ext-' || o, '#' || (100000 + o),
            case when o % 20 > 0 then 'closed' when o % 60 = 0 then 'held' else 'in_fulfilment' end,
            case when o % 20 > 0 then 'delivered' when o % 60 = 0 then 'on_hold' when o % 400 = 20 then 'no_supplier' when o % 40 = 0 then 'part_shipped' else 'with_supplier' end,
            at, at, at, at, 'USD', 2500, 200, 2700, 'paid',
            (array['Ada','Grace','Alan','Edsger','Barbara','Donald'])[1 + o % 6] || ' ' || (array['Lovelace','Hopper','Turing','Dijkstra','Liskov'])[1 + o % 5] || ' ' || o % 997,
            'shopper' || o % 30000 || '@example.org', '+1555' || lpad((o % 30000)::text, 7, '0'), '{"name": "A", "city": "B", "country": "US"}',
            case when o % 5000 = 0 then 'MT' when o % 10 = 0 then 'IT' else 'US' end, lpad((10000 + o % 85000)::text, 5, '0'), decode(md5(o::text), 'hex'), at + interval '6 days'
       from generate_series(1, $3::int) o, lateral (select $2::timestamptz - make_interval(mins => 5 * ($3::int - o)) as at) t`,
  `insert into orders.line (tenant_id, id, order_id, position, external_id, sku, title, variant_id, quantity, price_minor)
     select $1, pg_temp.id(7, o * 2 + l), pg_temp.id(6, o), l, l::text, 'SKU-' || (1 + (o + l) % 20000), 'Product', pg_temp.id(3, 1 + (o + l) % 20000), 1, 1250
       from generate_series(1, $3::int) o, generate_series(1, 2) l`,
  `insert into orders.hold (tenant_id, id, order_id, reason, placed_at, actor)
     select $1, pg_temp.id(8, o), pg_temp.id(6, o), 'address', $2, 'step:screenOrder' from generate_series(60, $3::int, 60) o`,
  `insert into routing.policy (tenant_id, id, version, state, rules, created_at) values ($1, pg_temp.id(9, 1), 1, 'live', '{}', $2)`,
  `insert into routing.decision (tenant_id, id, order_id, attempt, policy_version, at, outcome, lines)
     select $1, pg_temp.id(10, o), pg_temp.id(6, o), 1, 1, $2, 'routed',
            jsonb_build_array(jsonb_build_object('line', pg_temp.id(7, o * 2 + 1), 'sku', 'SKU', 'sentence', 'The cheapest of two that could deliver in time.', 'candidates',
              jsonb_build_array(jsonb_build_object('supplier', pg_temp.id(1, 1), 'offer', pg_temp.id(4, 1), 'stopped', '[]'::jsonb, 'numbers', '{}'::jsonb, 'score', 1, 'given', 1))))
       from generate_series(1, $3::int) o`,
  `insert into routing.allocation (tenant_id, id, order_id, line_id, offer_id, supplier_id, attempt, supplier_sku, quantity, unit_cost_minor, currency, state, created_at)
     select $1, pg_temp.id(11, o * 2 + l), pg_temp.id(6, o), pg_temp.id(7, o * 2 + l), pg_temp.id(4, 1 + o % 40000), pg_temp.id(1, case when o % 2000 = 0 then 8 else 1 + o % 7 end), 1, 'S', 1, 310, 'USD', 'live', $2
       from generate_series(1, $3::int) o, generate_series(1, 2) l`,
  `insert into purchasing.purchase (tenant_id, id, number, supplier_id, order_id, transmission, currency, cost_minor, ship_to, service, transport, created_at, changed_at, sent_at, ack_due_at,
       acknowledged_at, ship_due_at)
     select $1, pg_temp.id(12, o), 'PO-' || (500000 + o), pg_temp.id(1, case when o % 2000 = 0 then 8 else 1 + o % 7 end), pg_temp.id(6, o),
            case when o % 20 > 0 then 'closed' when o % 60 = 0 then 'sent' else 'acknowledged' end, 'USD', 620, '{}', 'standard', 'rest', at, at, at, at + interval '1 day', at + interval '9 hours', at + interval '2 days'
       from generate_series(1, $3::int) o, lateral (select $2::timestamptz - make_interval(mins => 5 * ($3::int - o)) as at) t`,
  `insert into purchasing.line (tenant_id, id, purchase_id, position, order_line_id, allocation_id, offer_id, supplier_sku, quantity, unit_cost_minor, response, accepted, answered_at)
     select $1, pg_temp.id(13, o * 2 + l), pg_temp.id(12, o), l, pg_temp.id(7, o * 2 + l), pg_temp.id(11, o * 2 + l), pg_temp.id(4, 1), 'S', 1, 310, 'accepted', 1,
            $2::timestamptz - make_interval(mins => 5 * ($3::int - o))
       from generate_series(1, $3::int) o, generate_series(1, 2) l`,
  `insert into purchasing.document (tenant_id, id, purchase_id, direction, kind, name, type, bytes, at)
     select $1, pg_temp.id(14, o), pg_temp.id(12, o), 'out', 'purchase-order', 'PO.json', 'application/json', convert_to(repeat('x', 600), 'UTF8'), $2 from generate_series(1, $3::int) o`,
  `insert into shipping.shipment (tenant_id, id, purchase_id, order_id, supplier_id, reference, shipped_at, received_at)
     select $1, pg_temp.id(15, o), pg_temp.id(12, o), pg_temp.id(6, o), pg_temp.id(1, 1 + o % 7), 'S', at, at
       from generate_series(1, $3::int) o, lateral (select $2::timestamptz - make_interval(mins => 5 * ($3::int - o)) + interval '1 day' as at) t where o % 20 > 0`,
  `insert into shipping.parcel (tenant_id, id, shipment_id, purchase_id, order_id, carrier, number, milestone, label_at, first_scan_at, delivered_at, created_at, changed_at)
     select $1, pg_temp.id(16, o), pg_temp.id(15, o), pg_temp.id(12, o), pg_temp.id(6, o), 'ups', '1Z' || o, case when o % 2500 = 1 then 'exception' else 'delivered' end, $2, $2, $2, $2, $2
       from generate_series(1, $3::int) o where o % 20 > 0`,
  `insert into shipping.parcel_line (tenant_id, parcel_id, purchase_line_id, order_line_id, quantity)
     select $1, pg_temp.id(16, o), pg_temp.id(13, o * 2 + l), pg_temp.id(7, o * 2 + l), 1 from generate_series(1, $3::int) o, generate_series(1, 2) l where o % 20 > 0`,
  `insert into shipping.event (tenant_id, id, parcel_id, at, milestone, place, text, source, received_at)
     select $1, pg_temp.id(17, o * 4 + e), pg_temp.id(16, o), $2::timestamptz + make_interval(hours => e), 'in_transit', 'Town', 'Scanned', 'carrier', $2
       from generate_series(1, $3::int) o, generate_series(1, 4) e where o % 20 > 0`,
  `insert into exceptions.exception (tenant_id, id, kind, subject_kind, subject_id, order_id, supplier_id, cause, title, money_minor, state, opened_at)
     select $1, pg_temp.id(18, o), 'purchase_not_shipped', 'purchase', pg_temp.id(12, o), pg_temp.id(6, o), pg_temp.id(1, 1 + o % 7), 'late:' || o % 7, 'Late', 2700,
            case when o % 200 = 0 then 'open' else 'resolved' end, $2 from generate_series(20, $3::int, 20) o`,
  `insert into audit.fact (tenant_id, id, type, subject_kind, subject_id, order_id, at, actor, number)
     select $1, pg_temp.id(19, o * 8 + f), 'order.changed', 'order', pg_temp.id(6, o), pg_temp.id(6, o), $2::timestamptz - make_interval(mins => 5 * ($3::int - o)), 'step:x', o * 8 + f
       from generate_series(1, $3::int) o, generate_series(1, 8) f`,
  `insert into platform.arrival (tenant_id, id, kind, source, object, content_hash, body, state, received_at, last_at)
     select $1, pg_temp.id(20, o), 'order', 'channel:' || pg_temp.id(2, case when o % 1000 = 0 then 4 else 1 + o % 3 end), o::text, decode(md5(o::text), 'hex'), convert_to(repeat('x', 1200), 'UTF8'),
            case when o % 5000 = 0 then 'refused' else 'read' end, at, at
       from generate_series(1, $3::int) o, lateral (select $2::timestamptz - make_interval(mins => 5 * ($3::int - o)) as at) t`,
];
