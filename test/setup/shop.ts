import { createHash } from 'node:crypto';
import pg from 'pg';
import { seededChance } from '#kernel/chance';
import { uuidV7 } from '#kernel/id';
import { instant } from '#kernel/time';

/** A shop with one of everything, written past the program, for tests of what is read. */
export interface Shop {
  tenant: string;
  person: string;
  supplier: string;
  channel: string;
  variant: string;
  offer: string;
  order: string;
  line: string;
  purchase: string;
  document: string;
  parcel: string;
  exception: string;
  arrival: string;
  run: string;
  policy: string;
  fact: string;
  feed: string;
}

export const shopOpened = instant('2026-05-01T10:00:00Z');

/** Every text in it begins with `mark`, so that a leak is seen wherever it is. */
export async function openShop(url: string, mark: string, mode: 'demo' | 'test' | 'live' = 'test'): Promise<Shop> {
  const chance = seededChance(createHash('sha256').update(mark).digest().readUInt32LE());
  const id = () => uuidV7(shopOpened, chance);
  const shop: Shop = {
    tenant: id(),
    person: id(),
    supplier: id(),
    channel: id(),
    variant: id(),
    offer: id(),
    order: id(),
    line: id(),
    purchase: id(),
    document: id(),
    parcel: id(),
    exception: id(),
    arrival: id(),
    run: id(),
    policy: id(),
    fact: id(),
    feed: id(),
  };
  const more = {
    allocation: id(),
    purchase_line: id(),
    shipment: id(),
    decision: id(),
    message: id(),
    hold: id(),
    event: id(),
    change: id(),
    report: id(),
    token: id(),
  };
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(filled(rows, { ...shop, ...more, mark, mode, at: shopOpened.toString() }));
  } finally {
    await client.end();
  }
  return shop;
}

const filled = (text: string, values: Record<string, string>): string =>
  text.replaceAll(/@(\w+)\b/g, (whole, name: string) => (values[name] === undefined ? whole : `'${values[name]}'`));

const decision = `[{"line": @line_json, "sku": "X-1", "sentence": "The only one that could.", "asked": ["stock"], "candidates": [{"supplier": @supplier_json, "offer": "o",
  "stopped": [], "numbers": {"cost": "310"}, "score": 1.5, "rank": 1}]}]`;

const rows = `
insert into identity.tenant (id, name, mode, settings, created_at) values (@tenant, @mark, @mode, '{}', @at);
insert into identity.person (tenant_id, id, email, name, role, created_at) values (@tenant, @person, lower(@mark) || '@example.org', @mark || ' Owner', 'owner', @at);
insert into suppliers.supplier (tenant_id, id, code, name, state, country, currency, time_zone, handling_days, ack_hours, ship_hours, transport, transport_settings, created_at)
  values (@tenant, @supplier, upper(@mark), @mark || ' Supply', 'live', 'IT', 'USD', 'Europe/Rome', 1, 24, 48, 'rest', '{"url": "https://x.example", "api_key": "seen?"}', @at);
insert into channels.channel (tenant_id, id, code, name, kind, state, settings, currency, created_at)
  values (@tenant, @channel, 'shop', @mark || ' Store', 'rest', 'connected', '{"url": "https://s.example", "token": "seen?"}', 'USD', @at);
insert into catalog.variant (tenant_id, id, sku, title, created_at, price_minor, currency) values (@tenant, @variant, @mark || '-1', @mark || ' Lamp', @at, 1250, 'USD');
insert into catalog.offer (tenant_id, id, supplier_id, supplier_sku, title, cost_minor, currency, quantity, ceiling, observed_at, changed_at)
  values (@tenant, @offer, @supplier, @mark || '-S1', @mark || ' Lamp', 310, 'USD', 9, 9, @at, @at);
insert into catalog.match (tenant_id, variant_id, offer_id, state, created_at) values (@tenant, @variant, @offer, 'confirmed', @at);
insert into catalog.listing (tenant_id, channel_id, sku, variant_id) values (@tenant, @channel, @mark || '-1', @variant);
insert into catalog.feed_run (tenant_id, id, supplier_id, name, state, rows_read, rows_new, observed_at, started_at, ended_at)
  values (@tenant, @feed, @supplier, @mark || '.csv', 'applied', 9, 9, @at, @at, @at);
insert into orders."order" (tenant_id, id, channel_id, external_id, number, state, status, placed_at, received_at, changed_at, source_at, currency, subtotal_minor,
    tax_minor, total_minor, payment, customer_name, email, phone, ship_to, country, postcode, likeness, promised_at)
  values (@tenant, @order, @channel, @mark || '-9001', '#' || @mark || '1042', 'in_fulfilment', 'part_shipped', @at, @at, @at, @at, 'USD', 2500, 200, 2700, 'paid',
    @mark || ' Lovelace', lower(@mark) || '.ada@example.org', '+39 06 555 0101', '{"name": "Ada", "line1": "Via 1", "city": "Roma", "postcode": "00184", "country": "IT"}', 'IT', '00184', '\\x01',
    @at::timestamptz + interval '9 days');
insert into orders.line (tenant_id, id, order_id, position, external_id, sku, title, variant_id, quantity, price_minor, tax_minor)
  values (@tenant, @line, @order, 1, '1', @mark || '-1', @mark || ' Lamp', @variant, 2, 1250, 200);
insert into orders.hold (tenant_id, id, order_id, reason, placed_at, actor, released_at, released_by) values (@tenant, @hold, @order, 'manual', @at, 'person:' || @person, @at, 'person:' || @person);
insert into routing.policy (tenant_id, id, version, state, rules, created_at) values (@tenant, @policy, 1, 'live', '{"rules": []}', @at);
insert into routing.decision (tenant_id, id, order_id, attempt, policy_version, at, outcome, lines)
  values (@tenant, @decision, @order, 1, 1, @at, 'routed', replace(replace('${decision.replaceAll('\n', ' ')}', '@line_json', to_json(@line::text)::text), '@supplier_json', to_json(@supplier::text)::text)::jsonb);
insert into routing.allocation (tenant_id, id, order_id, line_id, offer_id, supplier_id, attempt, supplier_sku, quantity, unit_cost_minor, currency, state, created_at)
  values (@tenant, @allocation, @order, @line, @offer, @supplier, 1, @mark || '-S1', 2, 310, 'USD', 'live', @at);
insert into purchasing.purchase (tenant_id, id, number, supplier_id, order_id, transmission, currency, cost_minor, ship_to, service, transport, created_at, changed_at, sent_at, ack_due_at, acknowledged_at, ship_due_at)
  values (@tenant, @purchase, 'PO-' || upper(@mark) || '1', @supplier, @order, 'acknowledged', 'USD', 620, '{"name": "Ada", "city": "Roma"}', 'standard', 'rest', @at, @at, @at, @at, @at, @at);
insert into purchasing.line (tenant_id, id, purchase_id, position, order_line_id, allocation_id, offer_id, supplier_sku, quantity, unit_cost_minor, response, accepted, shipped, answered_at)
  values (@tenant, @purchase_line, @purchase, 1, @line, @allocation, @offer, @mark || '-S1', 2, 310, 'accepted', 2, 1, @at);
insert into purchasing.document (tenant_id, id, purchase_id, direction, kind, name, type, bytes, at)
  values (@tenant, @document, @purchase, 'out', 'purchase-order', 'PO.csv', 'text/csv', convert_to(@mark || ',1', 'UTF8'), @at);
insert into purchasing.change (tenant_id, id, purchase_id, kind, state, created_at, changed_at) values (@tenant, @change, @purchase, 'cancel', 'refused', @at, @at);
insert into platform.effect (tenant_id, key, step, subject_kind, subject_id, attempt, token, state, intended_at, lease_until, fault)
  values (@tenant, @mark || '-key', 'placePurchase', 'purchase', @purchase, 1, @token, 'done', @at, @at, '{"kind": "unknown", "code": "timeout", "message": "no answer"}');
insert into shipping.shipment (tenant_id, id, purchase_id, order_id, supplier_id, reference, shipped_at, received_at) values (@tenant, @shipment, @purchase, @order, @supplier, 'S1', @at, @at);
insert into shipping.parcel (tenant_id, id, shipment_id, purchase_id, order_id, carrier, number, milestone, label_at, created_at, changed_at, first_scan_at)
  values (@tenant, @parcel, @shipment, @purchase, @order, 'brt', upper(@mark) || '77', 'in_transit', @at, @at, @at, @at);
insert into shipping.parcel_line (tenant_id, parcel_id, purchase_line_id, order_line_id, quantity) values (@tenant, @parcel, @purchase_line, @line, 1);
insert into shipping.event (tenant_id, id, parcel_id, at, milestone, place, text, source, received_at) values (@tenant, @event, @parcel, @at, 'in_transit', 'Roma', @mark || ' seen', 'carrier', @at);
insert into channels.report (tenant_id, id, channel_id, order_id, parcel_id, order_external_id, order_number, carrier, number, lines, state, created_at, changed_at)
  values (@tenant, @report, @channel, @order, @parcel, '9001', '1042', 'brt', '77', '[]', 'queued', @at, @at);
insert into exceptions.exception (tenant_id, id, kind, subject_kind, subject_id, order_id, supplier_id, channel_id, cause, title, fixes, money_minor, state, opened_at)
  values (@tenant, @exception, 'parcel_stuck', 'parcel', @parcel, @order, @supplier, @channel, 'stuck:' || @mark, @mark || ' is stuck', '[{"action": "wait", "label": "Wait", "effect": "Looks again tomorrow"}]', 2700, 'open', @at);
insert into notifications.message (tenant_id, id, order_id, subject_id, meaning, channel, address, state, subject, created_at, changed_at)
  values (@tenant, @message, @order, @order, 'order.shipped', 'email', lower(@mark) || '.ada@example.org', 'sent', @mark || ' is on its way', @at, @at);
insert into audit.fact (tenant_id, id, type, subject_kind, subject_id, order_id, at, actor, data, number)
  values (@tenant, @fact, 'order.routed', 'order', @order, @order, @at, 'person:' || @person, '{"because": "the only one"}', 1);
insert into platform.arrival (tenant_id, id, kind, source, object, content_hash, name, headers, body, state, received_at, last_at)
  values (@tenant, @arrival, 'order', 'channel:' || @channel, '9001', '\\x02', 'order.created', '{"webhook-signature": "v1,abc"}',
    convert_to('{"customer": {"name": "' || @mark || ' Lovelace", "email": "ada@example.org"}}', 'UTF8'), 'read', @at, @at);
insert into platform.run (tenant_id, id, kind, state, created_at) values (@tenant, @run, 'feed-import', 'running', @at);
`;
