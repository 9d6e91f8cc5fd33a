-- expands
-- What each store should say of each listing and what we last told it; what has to be counted anew; and how far suppliers' figures
-- can be trusted. Counting needs no other table: offers say what there is, orders what is waiting, prices what it costs.

-- How stock becomes a figure in a store, as data. One row, or the defaults hold.
create table catalog.availability_policy (
  tenant_id  uuid        not null primary key,
  settings   jsonb       not null check (pg_column_size(settings) <= 200000),
  version    int         not null,
  changed_at timestamptz not null,
  changed_by text        not null check (length(changed_by) <= 200)
);

-- Something changed that listings depend on; appended by whoever changed it, so that nobody waits for another. The ids are of
-- offers or variants; `position` is the last variant that was done where it is a whole supplier, or everything.
create table catalog.signal (
  tenant_id  uuid        not null,
  id         uuid        not null,
  kind       text        not null check (kind in ('offer', 'variant', 'supplier', 'all')),
  ids        uuid[]      not null default '{}' check (cardinality(ids) <= 500),
  costs      boolean     not null,                   -- whether prices may be others too, or only quantities
  position   uuid,
  state      text        not null check (state in ('due', 'done')),
  due_at     timestamptz,
  created_at timestamptz not null,
  primary key (tenant_id, id)
);
create index signal_due on catalog.signal (tenant_id, state, due_at, id) where due_at is not null;
create index signal_done on catalog.signal (tenant_id, id) where state = 'done';

-- What was last believed of a supplier's figures: whether it delivers at all, how old they are, and how often it was short.
create table catalog.standing (
  tenant_id   uuid         not null,
  id          uuid         not null,                 -- the supplier's
  usable      boolean      not null,
  age         text         not null check (age in ('fresh', 'old', 'stale', 'each')),
  short_share numeric(5,4) not null default 0 check (short_share between 0 and 1),
  state       text         not null check (state in ('watched')),
  due_at      timestamptz,
  primary key (tenant_id, id)
);
create index standing_due on catalog.standing (tenant_id, state, due_at, id) where due_at is not null;

-- What a store should say of a listing, and what it was told last. In agreement when `stale_since` is null.
create table channels.told (
  tenant_id          uuid        not null,
  channel_id         uuid        not null,
  sku                text        not null,
  want_quantity      int         check (want_quantity >= 0),
  want_price_minor   bigint      check (want_price_minor > 0),
  want_compare_minor bigint,
  wanted_at          timestamptz,
  why                jsonb       not null default '{}' check (pg_column_size(why) <= 100000),
  quantity           int,
  price_minor        bigint,
  compare_minor      bigint,
  told_at            timestamptz,
  stale_since        timestamptz,
  push_id            uuid,                            -- on its way
  trouble            text        not null default '' check (length(trouble) <= 500),   -- why the store did not take it
  seen_at            timestamptz,                     -- when the store's own figure was read last
  primary key (tenant_id, channel_id, sku)
);
create index told_stale on channels.told (tenant_id, channel_id, stale_since, sku) where stale_since is not null and push_id is null;
create index told_pushed on channels.told (tenant_id, push_id) where push_id is not null;
create index told_trouble on channels.told (tenant_id, channel_id, sku) where trouble <> '';

-- Some of them on their way to a store, in one call.
create table channels.push (
  tenant_id  uuid        not null,
  id         uuid        not null,
  channel_id uuid        not null,
  rows       jsonb       not null check (pg_column_size(rows) <= 4000000),
  count      int         not null,
  state      text        not null check (state in ('queued', 'sending', 'sent', 'unknown', 'failed')),
  due_at     timestamptz,
  refused    int         not null default 0,          -- rows that the store did not take
  trouble    text        not null default '' check (length(trouble) <= 500),           -- why it took none
  created_at timestamptz not null,
  changed_at timestamptz not null,
  primary key (tenant_id, id)
);
create index push_due on channels.push (tenant_id, state, due_at, id) where due_at is not null;
create index push_of on channels.push (tenant_id, channel_id, created_at desc, id desc);

-- A store's own figures are read once a day and held against what it was told.
create table channels.shelf (
  tenant_id     uuid        not null,
  id            uuid        not null,                 -- the channel's
  state         text        not null check (state in ('kept')),
  due_at        timestamptz,
  cursor        text        not null default '',
  began_at      timestamptz,                          -- of the reading that goes on, or was the last
  reconciled_at timestamptz,                          -- when the last one came to its end
  seen          int         not null default 0,       -- of the one that goes on, or was the last: rows, and of them:
  drifted       int         not null default 0,       -- that said another figure than we had told
  unknown       int         not null default 0,       -- that we do not list
  trouble       text        not null default '' check (length(trouble) <= 500),
  primary key (tenant_id, id)
);
create index shelf_due on channels.shelf (tenant_id, state, due_at, id) where due_at is not null;

-- Orders that have no supplier yet take from what can be sold.
create index order_unrouted on orders."order" (tenant_id, id) where state in ('received', 'accepted', 'held');

create view channels.v_told with (security_invoker = true) as
select tenant_id, channel_id, sku, want_quantity, want_price_minor, want_compare_minor, wanted_at, why, quantity, price_minor,
       compare_minor, told_at, stale_since, push_id, trouble, seen_at
  from channels.told;
create view channels.v_push with (security_invoker = true) as
select tenant_id, id, channel_id, count, state, due_at, refused, trouble, created_at, changed_at from channels.push;
create view channels.v_shelf with (security_invoker = true) as
select tenant_id, id, due_at, began_at, reconciled_at, seen, drifted, unknown, trouble from channels.shelf;
