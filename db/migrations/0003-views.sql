-- expands
-- What lists and pages may see of each module, as views in the schema of whose tables they show. They run under the asker's
-- rights, so that row-level security holds in them, and leave out secrets. Then the index of words by which orders are found.

-- ── platform ─────────────────────────────────────────────────────────────────────────────────────────────────────────

create view platform.v_arrival with (security_invoker = true) as
select tenant_id, id, kind, source, object, name, headers, body, state, received_at, note, again, last_at, due_at from platform.arrival;

create view platform.v_effect with (security_invoker = true) as
select tenant_id, key, step, subject_kind, subject_id, attempt, state, intended_at, settled_at, fault, absences from platform.effect;

create view platform.v_run with (security_invoker = true) as
select tenant_id, id, kind, subject, state, done_count, total_count, summary, problem, created_at, ended_at from platform.run;

-- ── audit ────────────────────────────────────────────────────────────────────────────────────────────────────────────

create view audit.v_fact with (security_invoker = true) as
select tenant_id, id, type, subject_kind, subject_id, order_id, at, actor, data, number, seq from audit.fact;

-- ── identity ─────────────────────────────────────────────────────────────────────────────────────────────────────────

create view identity.v_person with (security_invoker = true) as
select tenant_id, id, name, email, role from identity.person;

-- ── suppliers, catalog, channels ─────────────────────────────────────────────────────────────────────────────────────

create view suppliers.v_supplier with (security_invoker = true) as
select tenant_id, id, code, name, state, paused_reason, country, currency, time_zone, ships_to, rank, handling_days, transit_days,
       ack_hours, ship_hours, order_fee_minor, shipping_minor, reliability, transport, transport_settings, contact_email,
       poll_state, polled_at, created_at
  from suppliers.supplier;

create view catalog.v_variant with (security_invoker = true) as
select tenant_id, id, sku, title, brand, gtin, price_minor, currency, created_at from catalog.variant;

create view catalog.v_offer with (security_invoker = true) as
select tenant_id, id, supplier_id, supplier_sku, title, brand, gtin, mpn, cost_minor, currency, quantity, buffer, reserved, ceiling,
       greatest(ceiling - reserved, 0) as sellable, pack_size, lead_days, state, observed_at, changed_at
  from catalog.offer;

create view catalog.v_match with (security_invoker = true) as
select tenant_id, variant_id, offer_id, state, confidence, evidence, created_at from catalog.match;

create view catalog.v_listing with (security_invoker = true) as
select tenant_id, channel_id, sku, variant_id from catalog.listing;

create view catalog.v_feed_run with (security_invoker = true) as
select tenant_id, id, supplier_id, name, state, rows_read, rows_new, rows_changed, rows_same, rows_refused, rows_gone, why, refused,
       observed_at, started_at, ended_at
  from catalog.feed_run;

create view channels.v_channel with (security_invoker = true) as
select tenant_id, id, code, name, kind, state, settings, currency, polled_at, last_order_at, trouble, created_at from channels.channel;

create view channels.v_report with (security_invoker = true) as
select tenant_id, id, channel_id, order_id, parcel_id, state, created_at, changed_at, due_at from channels.report;

-- ── orders, routing ──────────────────────────────────────────────────────────────────────────────────────────────────

create view orders.v_order with (security_invoker = true) as
select tenant_id, id, channel_id, external_id, number, state, status, due_at, placed_at, received_at, changed_at, currency,
       subtotal_minor, discount_minor, shipping_minor, tax_minor, total_minor, payment, customer_name, email, phone, ship_to, country,
       postcode, service, is_test, tags, note, routed_times, cancel_asked_at, promised_at, closed_at
  from orders."order";

create view orders.v_line with (security_invoker = true) as
select tenant_id, order_id, id, position, external_id, sku, title, kind, variant_id, quantity, cancelled, price_minor, discount_minor,
       tax_minor
  from orders.line;

create view orders.v_hold with (security_invoker = true) as
select tenant_id, order_id, id, reason, detail, placed_at, actor, released_at, released_by from orders.hold;

create view routing.v_policy with (security_invoker = true) as
select tenant_id, id, version, state, rules, note, created_at, published_at from routing.policy;

create view routing.v_decision with (security_invoker = true) as
select tenant_id, order_id, id, attempt, policy_version, at, outcome, lines from routing.decision;

create view routing.v_allocation with (security_invoker = true) as
select tenant_id, order_id, id, line_id, offer_id, supplier_id, quantity, unit_cost_minor, currency, state, created_at, ended_at
  from routing.allocation;

-- ── purchasing, shipping ─────────────────────────────────────────────────────────────────────────────────────────────

create view purchasing.v_purchase with (security_invoker = true) as
select tenant_id, id, number, supplier_id, order_id, version, transmission, response, fulfilment, due_at, currency, cost_minor, ship_to,
       service, transport, created_at, changed_at, sent_at, ack_due_at, acknowledged_at, ship_due_at, reminded, reference,
       -- The clock that runs on it: what has to happen next, and until when.
       case transmission when 'sent' then ack_due_at when 'acknowledged' then ship_due_at when 'queued' then due_at
            when 'sending' then due_at when 'unknown' then due_at end as clock_at,
       case transmission when 'sent' then 'acknowledge' when 'acknowledged' then 'ship' when 'queued' then 'place'
            when 'sending' then 'place' when 'unknown' then 'look' end as clock_what
  from purchasing.purchase;

create view purchasing.v_line with (security_invoker = true) as
select tenant_id, purchase_id, id, position, order_line_id, allocation_id, offer_id, supplier_sku, title, quantity, unit_cost_minor,
       response, accepted, refused, shipped, expected_at, reason, answered_at
  from purchasing.line;

create view purchasing.v_document with (security_invoker = true) as
select tenant_id, purchase_id, id, direction, kind, name, type, bytes, at from purchasing.document;

create view purchasing.v_change with (security_invoker = true) as
select tenant_id, id, purchase_id, kind, state, why, created_at, answered_at, due_at from purchasing.change;

create view shipping.v_shipment with (security_invoker = true) as
select tenant_id, id, purchase_id, order_id, supplier_id, reference, shipped_at, received_at from shipping.shipment;

create view shipping.v_parcel with (security_invoker = true) as
select tenant_id, id, shipment_id, purchase_id, order_id, carrier, number, milestone, delayed, label_at, first_scan_at, last_event_at,
       delivered_at, expected_at, created_at, changed_at, due_at, replaced_by
  from shipping.parcel;

create view shipping.v_parcel_line with (security_invoker = true) as
select tenant_id, parcel_id, purchase_line_id, order_line_id, quantity from shipping.parcel_line;

create view shipping.v_event with (security_invoker = true) as
select tenant_id, parcel_id, id, at, milestone, sub_code, place, text, source, set_aside from shipping.event;

-- ── exceptions, notifications ────────────────────────────────────────────────────────────────────────────────────────

create view exceptions.v_exception with (security_invoker = true) as
select tenant_id, id, kind, subject_kind, subject_id, order_id, supplier_id, channel_id, cause, title, detail, evidence, fixes,
       money_minor, currency, state, opened_at, due_at, times, resolved_at, resolved_by, resolution
  from exceptions.exception;

create view notifications.v_message with (security_invoker = true) as
select tenant_id, id, order_id, subject_id, meaning, channel, address, state, subject, body_text, why_not, created_at, sent_at, due_at
  from notifications.message;

-- ── lists in an order of their own ───────────────────────────────────────────────────────────────────────────────────

create index purchase_by_transmission on purchasing.purchase (tenant_id, transmission, created_at desc, id desc);
create index purchase_number_begins on purchasing.purchase (tenant_id, number text_pattern_ops);
create index variant_sku_begins on catalog.variant (tenant_id, sku text_pattern_ops);
create index report_of_channel on channels.report (tenant_id, channel_id, state) where state <> 'sent';
create index arrival_refused on platform.arrival (tenant_id, id desc) where state = 'refused';
create index arrival_of_source on platform.arrival (tenant_id, source, id desc);

-- ── insight ──────────────────────────────────────────────────────────────────────────────────────────────────────────

create schema insight;

-- The words by which people look for an order: its number, names, e-mail, phone, postcode; small letters, from the first letter on.
-- Kept apart from the order, because an order changes its state five times and an index on it would be written each time.
-- Under collation "C", so that "begins with" is a range; row-level security lets an index be used for comparisons only.
create table insight.word (
  tenant_id uuid not null,
  word      text collate "C" not null,
  order_id  uuid not null,
  primary key (tenant_id, word, order_id)
);
create index word_of_order on insight.word (tenant_id, order_id);

create function insight.words_of(number text, external_id text, customer_name text, email text, phone text, postcode text)
  returns setof text language sql immutable as $$
  select distinct left(word, 80)
    from (select ltrim(lower(number), '#')
          union all select lower(external_id)
          union all select lower(email)
          union all select regexp_replace(phone, '[^0-9]', '', 'g')
          union all select regexp_replace(lower(postcode), '[^[:alnum:]]', '', 'g')
          union all select regexp_split_to_table(lower(customer_name), '[^[:alnum:]]+')) as said (word)
   where length(word) >= 2
$$;

create function insight.keep_words() returns trigger language plpgsql as $$
begin
  insert into insight.word (tenant_id, word, order_id)
  select added.tenant_id, said.word, added.id
    from added
   cross join lateral insight.words_of(added.number, added.external_id, added.customer_name, added.email, added.phone, added.postcode) as said (word)
      on conflict do nothing;
  return null;
end $$;

create function insight.change_words() returns trigger language plpgsql as $$
begin
  delete from insight.word where tenant_id = new.tenant_id and order_id = new.id;
  insert into insight.word (tenant_id, word, order_id)
  select new.tenant_id, said.word, new.id
    from insight.words_of(new.number, new.external_id, new.customer_name, new.email, new.phone, new.postcode) as said (word)
      on conflict do nothing;
  return null;
end $$;

create trigger words_of_new after insert on orders."order"
  referencing new table as added for each statement execute function insight.keep_words();

create trigger words_of_changed after update of number, customer_name, email, phone, postcode on orders."order"
  for each row
  when ((old.number, old.customer_name, old.email, old.phone, old.postcode)
        is distinct from (new.number, new.customer_name, new.email, new.phone, new.postcode))
  execute function insight.change_words();
