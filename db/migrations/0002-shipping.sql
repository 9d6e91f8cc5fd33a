-- expands
-- What shipping and the shopper's page have to know of other modules, as views of theirs; they run under the asker's rights, so
-- that row-level security holds in them.

-- Where a parcel has to end: events of the last mile elsewhere belong to another parcel of the same number.
alter table shipping.parcel add column destination text not null default '' check (destination = '' or destination ~ '^[A-Z]{2}$');
-- A parcel whose number was corrected: its units moved to the parcel that took its place, and it is not followed any longer.
alter table shipping.parcel add column replaced_by uuid;

-- Where a scan was made, and how far the clock on its wall was from UTC: a scan is shown in the time of its place.
alter table shipping.event add column country text not null default '';
alter table shipping.event add column offset_minutes int;

create index parcel_of_purchase on shipping.parcel (tenant_id, purchase_id, id);

create view purchasing.v_purchase_to_ship with (security_invoker = true) as
select tenant_id, id, number, supplier_id, order_id, transmission, created_at,
       case when ship_to ->> 'country' ~ '^[A-Z]{2}$' then ship_to ->> 'country' else '' end as country
  from purchasing.purchase;

create view purchasing.v_line_to_ship with (security_invoker = true) as
select tenant_id, purchase_id, id, position, order_line_id, supplier_sku, quantity, refused, quantity - refused as wanted, expected_at
  from purchasing.line;

create view orders.v_order_to_follow with (security_invoker = true) as
select tenant_id, id, number, state, status, placed_at, promised_at, country, postcode, email,
       coalesce(ship_to ->> 'city', '') as city
  from orders."order";

create view orders.v_line_to_follow with (security_invoker = true) as
select tenant_id, order_id, id, position, title, quantity, cancelled
  from orders.line
 where kind = 'goods';

create view suppliers.v_transit with (security_invoker = true) as
select tenant_id, id as supplier_id, transit_days
  from suppliers.supplier;

create view identity.v_brand with (security_invoker = true) as
select id as tenant_id, name, brand
  from identity.tenant;
