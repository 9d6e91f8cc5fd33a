-- expands
-- Kinds of stores are as many as there are connectors.
alter table channels.channel drop constraint if exists channel_kind_check;
alter table channels.channel add constraint channel_kind_check check (kind ~ '^[a-z0-9-]{2,40}$');

-- An order that a store says has changed, without saying how: it is asked for. However often it says so meanwhile, it is asked once.
create table channels.nudge (
  tenant_id  uuid        not null,
  id         uuid        not null,
  channel_id uuid        not null,
  object     text        not null check (length(object) between 1 and 200),
  state      text        not null check (state in ('heard')),
  due_at     timestamptz,
  heard_at   timestamptz not null,                    -- the latest time
  first_at   timestamptz not null,
  primary key (tenant_id, id),
  unique (tenant_id, channel_id, object)
);
create index nudge_due on channels.nudge (tenant_id, state, due_at, id) where due_at is not null;

-- How a store is listened to: its webhooks, looked at once a day and armed again.
create table channels.ear (
  tenant_id  uuid        not null,
  id         uuid        not null,                    -- of the channel
  state      text        not null check (state in ('kept')),
  due_at     timestamptz,
  topics     text[]      not null default '{}',       -- what it tells us of
  mended     int         not null default 0,          -- webhooks that had to be made or switched on since it was connected
  heard_at   timestamptz,                             -- when a webhook of it came last
  armed_at   timestamptz,                             -- when they were looked at last
  trouble    text        not null default '' check (length(trouble) <= 500),
  primary key (tenant_id, id)
);
create index ear_due on channels.ear (tenant_id, state, due_at, id) where due_at is not null;

-- The store's own names of a listing, and what it says of it: only its connector reads them.
alter table channels.told add column if not exists ref text not null default '' check (length(ref) <= 1000);

-- What a store says of an order besides its lines.
alter table orders."order" add column if not exists other_minor bigint not null default 0;
alter table orders."order" add column if not exists refunded_minor bigint not null default 0;
alter table orders."order" add column if not exists tax_included boolean not null default false;
alter table orders."order" add column if not exists risk text not null default '' check (risk in ('', 'low', 'medium', 'high'));
alter table orders."order" add column if not exists service_name text not null default '';
-- Placed before the store was connected: nothing is ordered for it unless a person says so.
alter table orders."order" add column if not exists is_history boolean not null default false;
-- Units that had been shipped before the order came here; they are among the cancelled ones, as nobody has to supply them.
alter table orders.line add column if not exists elsewhere int not null default 0;

create view channels.v_ear with (security_invoker = true) as
select tenant_id, id, due_at, topics, mended, heard_at, armed_at, trouble from channels.ear;

-- What an undo puts back is a change like any other.
alter table catalog.variant_change drop constraint if exists variant_change_source_check;
alter table catalog.variant_change add constraint variant_change_source_check check (source in ('screen', 'file', 'api', 'offer', 'undo'));
