-- expands
-- What is known of a supplier's feed as a whole, so that a million offers need not be touched to say "the same as an hour ago".

create table catalog.feed (
  tenant_id    uuid        not null,
  supplier_id  uuid        not null,
  settings     jsonb       not null default '{}',    -- mapping, absence, buffer, limits: what a person confirmed
  content_hash bytea,                                -- of the last file that was applied
  complete_at  timestamptz,                          -- when the supplier said what was applied last
  told         bigint      not null default 0,       -- offers that it told of
  reading      bytea,                                -- how it was read; the prints hold only for files read the same way
  prints       bytea,                                -- fingerprints of its lines, 8 bytes each; null after any change but by a feed
  unlisted     bigint      not null default 0,       -- offers that it told of whose line is not among the prints
  primary key (tenant_id, supplier_id)
);
-- Random bytes cannot be compressed.
alter table catalog.feed alter column prints set storage external;

-- The fingerprint of the line that the offer was made from; null where the line is read anew each time.
alter table catalog.offer add column row_print bigint;
-- Since when the supplier's files tell nothing (readable) of it; its figures are as old as its own observed_at.
alter table catalog.offer add column silent_since timestamptz;

-- An offer that the last file told of is as fresh as that file, whether or not anything in it had changed.
create or replace view catalog.v_offer with (security_invoker = true) as
select offer.tenant_id, offer.id, offer.supplier_id, offer.supplier_sku, offer.title, offer.brand, offer.gtin, offer.mpn, offer.cost_minor,
       offer.currency, offer.quantity, offer.buffer, offer.reserved, offer.ceiling, greatest(offer.ceiling - offer.reserved, 0) as sellable,
       offer.pack_size, offer.lead_days, offer.state,
       case when offer.silent_since is null then greatest(offer.observed_at, feed.complete_at) else offer.observed_at end as observed_at,
       offer.changed_at, offer.silent_since
  from catalog.offer
  left join catalog.feed on feed.tenant_id = offer.tenant_id and feed.supplier_id = offer.supplier_id;

create view catalog.v_feed with (security_invoker = true) as
select tenant_id, supplier_id, settings, told, complete_at from catalog.feed;
