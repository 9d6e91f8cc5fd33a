-- expands
-- Where feeds come from, what each run of a feed did to offers, and files that are looked at before they are imported.

-- Where a supplier's files come from, and how fresh they are. `waiting`: they are brought to us; `polled`: we go and look.
create table catalog.feed_source (
  tenant_id      uuid        not null,
  id             uuid        not null,
  supplier_id    uuid        not null,
  transport      text        not null check (transport in ('upload', 'http', 'sftp', 'ftp', 'folder', 'mail', 'rest')),
  settings       jsonb       not null default '{}' check (pg_column_size(settings) < 65536),
  secrets        bytea       check (octet_length(secrets) < 131072),
  schedule       jsonb       not null default '{}' check (pg_column_size(schedule) < 16384),
  target_minutes int         check (target_minutes between 1 and 525600),    -- how old it may get, as agreed; null: as it is used to be
  state          text        not null check (state in ('waiting', 'polled', 'stopped', 'paused')),
  due_at         timestamptz,
  seen           jsonb       not null default '{}' check (pg_column_size(seen) < 262144),    -- what was there last: validators, names, sizes
  asked_at       timestamptz,
  new_at         timestamptz,                        -- when something new was found last
  fresh_at       timestamptz,                        -- when it was known last that what we have is what there is
  stale_at       timestamptz,                        -- told of as overdue since then
  trouble        text        not null default '',
  created_at     timestamptz not null,
  primary key (tenant_id, id),
  unique (tenant_id, supplier_id)
);
create index feed_source_due on catalog.feed_source (tenant_id, state, due_at, id) where due_at is not null;

-- A file that somebody looks at before it is imported; its bytes lie in the folder of feeds, for a day.
create table catalog.feed_preview (
  tenant_id   uuid        not null,
  id          uuid        not null,
  supplier_id uuid,
  name        text        not null check (length(name) <= 200),
  bytes       bigint      not null check (bytes >= 0),
  actor       text        not null check (length(actor) <= 200),
  created_at  timestamptz not null,
  primary key (tenant_id, id)
);
create index feed_preview_age on catalog.feed_preview (tenant_id, created_at);

alter table catalog.feed add column wait_for text not null default '';    -- why the next file waits for a person, whatever it says

alter table catalog.feed_run
  add column kind       text    not null default 'file' check (kind in ('file', 'replay', 'rollback')),
  add column actor      text    not null default '',
  add column origin     text    not null default '',    -- the source's transport
  add column bytes      bigint  not null default 0,
  add column file_hash  bytea,
  add column has_file   boolean not null default false,    -- whether the raw file is kept
  add column headers    text[],                         -- the columns as the file names them
  add column reading    jsonb   not null default '{}',  -- how it was understood
  add column stages     jsonb   not null default '[]',  -- what was done, from when and for how long
  add column guards     jsonb   not null default '[]',  -- what was measured against which limit
  add column part       jsonb,                          -- what of it a person released; null: all
  add column based_on   uuid,                           -- the run that it repeats or goes back to
  add column new_from   uuid,                           -- its new offers have ids from here
  add column new_to     uuid,                           -- to here
  add column has_changes boolean not null default false;    -- whether what it changed is kept row by row

-- What a run changed, or would have changed, of one offer. New offers are few samples here; all of them by new_from and new_to.
-- Runs are dropped from it whole, the oldest first.
create table catalog.offer_change (
  tenant_id    uuid   not null,
  run_id       uuid   not null,
  offer_id     uuid   not null,
  supplier_sku text   not null,
  what         text[] not null,                         -- new gone back cost stock currency title brand gtin mpn pack lead
  flags        text[] not null default '{}',            -- why somebody should look: cost_jump zero_cost zeroed damaged
  was_cost     bigint,
  cost         bigint,
  was_quantity int,
  quantity     int,
  was_currency text,
  currency     text,
  was_title    text,
  title        text,
  was_state    text,
  primary key (tenant_id, run_id, offer_id)
);

create or replace view catalog.v_feed_run with (security_invoker = true) as
select tenant_id, id, supplier_id, name, state, rows_read, rows_new, rows_changed, rows_same, rows_refused, rows_gone, why, refused,
       observed_at, started_at, ended_at, kind, actor, origin, bytes, has_file, headers, reading, stages, guards, part, based_on, has_changes,
       new_from, new_to, encode(file_hash, 'hex') as file_hash
  from catalog.feed_run;

create view catalog.v_feed_source with (security_invoker = true) as
select tenant_id, id, supplier_id, transport, settings, schedule, target_minutes, state, due_at, asked_at, new_at, fresh_at, stale_at,
       trouble, created_at, secrets is not null as has_secrets
  from catalog.feed_source;

create view catalog.v_offer_change with (security_invoker = true) as
select tenant_id, run_id, offer_id, supplier_sku, what, flags, was_cost, cost, was_quantity, quantity, was_currency, currency, was_title,
       title, was_state
  from catalog.offer_change;
