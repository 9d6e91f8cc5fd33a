-- expands
-- Who changed what of a variant and when, what only a person may change, and what a variant has to have.

alter table catalog.variant add column if not exists locked text[] not null default '{}' check (cardinality(locked) <= 20);

-- One row for each field that an edit changed. What was taken back again is told by `undo_id`.
create table catalog.variant_change (
  tenant_id  uuid        not null,
  variant_id uuid        not null,
  id         uuid        not null,                    -- of the edit, the same for all that it changed
  field      text        not null check (length(field) <= 40),
  before     text        check (length(before) <= 5000),
  after      text        check (length(after) <= 5000),
  source     text        not null check (source in ('screen', 'file', 'api', 'offer')),
  by         text        not null check (length(by) <= 200),
  at         timestamptz not null,
  undo_id    uuid,
  primary key (tenant_id, variant_id, id, field)
);
create index variant_change_of on catalog.variant_change (tenant_id, variant_id, at desc);

-- What a variant has to have: everywhere, and by store's code.
create table catalog.quality_settings (
  tenant_id  uuid        not null primary key,
  required   jsonb       not null check (pg_column_size(required) <= 20000),
  changed_at timestamptz not null,
  changed_by text        not null check (length(changed_by) <= 200)
);

create or replace view catalog.v_variant with (security_invoker = true) as
select tenant_id, id, sku, title, brand, gtin, price_minor, currency, created_at, mpn, weight_grams, category, tags, map_minor, msrp_minor, locked
  from catalog.variant;
create view catalog.v_variant_change with (security_invoker = true) as
select change.tenant_id, change.variant_id, change.id, change.field, change.before, change.after, change.source, change.by, change.at, undo.undone_at
  from catalog.variant_change as change
  left join catalog.undo as undo on undo.tenant_id = change.tenant_id and undo.id = change.undo_id;
