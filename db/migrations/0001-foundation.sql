-- expands
-- The machinery's own tables, and one schema per module. Every table of a tenant carries tenant_id first in every key;
-- platform.guard_tenants() puts row-level security on each of them, so that none can be forgotten.

create schema identity;
create schema audit;
create schema suppliers;
create schema catalog;
create schema channels;
create schema orders;
create schema routing;
create schema purchasing;
create schema shipping;
create schema exceptions;
create schema notifications;

-- ── platform ─────────────────────────────────────────────────────────────────────────────────────────────────────────

-- What arrived from outside, kept as it came. The same content about the same object counts once.
create table platform.arrival (
  tenant_id    uuid        not null,
  id           uuid        not null,
  kind         text        not null,                 -- order | acknowledgement | ship-notice | tracking | mail
  source       text        not null,                 -- channel:<uuid> | supplier:<uuid> | carrier:<name> | mailbox
  object       text        not null,                 -- the far side's name of the thing it speaks of, '' when it has none
  content_hash bytea       not null,
  name         text        not null default '',      -- file name, subject or topic, as text for people
  headers      jsonb       not null default '{}',
  body         bytea       not null,
  state        text        not null check (state in ('received', 'read', 'refused')),
  due_at       timestamptz,
  received_at  timestamptz not null,
  note         text        not null default '',      -- why it was refused, or what was read from it
  again        int         not null default 0,       -- how many more times the same content came
  last_at      timestamptz not null,
  primary key (tenant_id, id),
  unique (tenant_id, source, object, content_hash)
);
create index arrival_due on platform.arrival (tenant_id, state, due_at, id) where due_at is not null;
create index arrival_recent on platform.arrival (tenant_id, received_at desc, id);

-- Something said to the outside: the intent is committed before the wire, the reply before it is judged.
create table platform.effect (
  tenant_id    uuid        not null,
  key          text        not null,                 -- derived from tenant, thing, version and purpose; never from chance
  step         text        not null,
  subject_kind text        not null,
  subject_id   uuid        not null,
  attempt      int         not null check (attempt between 1 and 1000),
  token        uuid        not null,                 -- the fence: only who holds it may record
  state        text        not null check (state in ('sending', 'waiting', 'unknown', 'refused', 'done')),
  absences     int         not null default 0,       -- how often a look-up found nothing
  intended_at  timestamptz not null,
  lease_until  timestamptz not null,
  settled_at   timestamptz,
  reply        jsonb,
  fault        jsonb,
  primary key (tenant_id, key)
);
create index effect_of on platform.effect (tenant_id, subject_id, intended_at);

-- Long work: one row per run, held by a lease that is renewed while it works and taken over when it runs out.
create table platform.run (
  tenant_id    uuid        not null,
  id           uuid        not null,
  kind         text        not null,                 -- feed-import | replay | export
  subject      text        not null default '',
  state        text        not null check (state in ('waiting', 'running', 'done', 'failed', 'cancelled')),
  settings     jsonb       not null default '{}',
  position     jsonb       not null default '{}',    -- where to go on after an interruption
  done_count   bigint      not null default 0,
  total_count  bigint,
  summary      jsonb       not null default '{}',
  problem      text        not null default '',
  cancel_asked boolean     not null default false,
  holder       uuid,
  lease_until  timestamptz,
  created_at   timestamptz not null,
  ended_at     timestamptz,
  primary key (tenant_id, id)
);
create index run_open on platform.run (tenant_id, created_at, id) where state in ('waiting', 'running');

create table platform.rate_budget (
  tenant_id    uuid             not null,
  account      text             not null,
  tokens       double precision not null,
  refilled_at  timestamptz      not null,
  primary key (tenant_id, account)
);

create table platform.idempotency (
  tenant_id   uuid        not null,
  key         text        not null,
  fingerprint text        not null,
  status      int,                                   -- null while the first request is being handled
  body        jsonb,
  created_at  timestamptz not null,
  primary key (tenant_id, key)
);

-- One row per calendar entry and due time: whoever inserts it does the work, so that two clocks do it once.
create table platform.calendar (
  tenant_id uuid        not null,
  entry     text        not null,
  due_at    timestamptz not null,
  done_at   timestamptz not null,
  primary key (tenant_id, entry, due_at)
);

-- The demo's clock, shared by all processes: what people see is the real time plus this.
create table platform.clock (
  only_one  boolean primary key default true check (only_one),
  offset_ms bigint  not null default 0
);
insert into platform.clock default values;

-- Rings a step for a tenant within the caller's transaction. The wake-up tables belong to the owner, hence the definer's rights.
create function platform.ring(steps text[], tenant uuid) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform graphile_worker.add_job('ring', json_build_object('step', step, 'tenant', tenant), job_key := step || ':' || tenant, job_key_mode := 'replace', max_attempts := 3)
  from unnest(steps) as step;
end $$;

-- ── identity ─────────────────────────────────────────────────────────────────────────────────────────────────────────

-- Who lives here. It stands above tenants: the sweep and the doors must find a tenant before they can be one.
create table identity.tenant (
  id         uuid        primary key,
  name       text        not null,
  mode       text        not null check (mode in ('demo', 'test', 'live')),
  brand      jsonb       not null default '{}',
  settings   jsonb       not null default '{}',
  created_at timestamptz not null
);

-- Every key, session, hook address and signed link, by the hash of its secret: what it opens, and for how long.
create table identity.door (
  token_hash bytea       primary key,
  tenant     uuid        not null references identity.tenant (id),
  purpose    text        not null check (purpose in ('sign-in', 'session', 'api-key', 'hook', 'supplier-link', 'tracking-link')),
  subject_id uuid,
  scope      jsonb       not null default '{}',
  created_at timestamptz not null,
  expires_at timestamptz,
  used_at    timestamptz,
  revoked_at timestamptz
);
create index door_of on identity.door (tenant, purpose, subject_id);

create table identity.person (
  tenant_id  uuid        not null,
  id         uuid        not null,
  email      text        not null,
  name       text        not null,
  role       text        not null check (role in ('owner', 'admin', 'operations', 'read-only')),
  created_at timestamptz not null,
  primary key (tenant_id, id),
  unique (tenant_id, email)
);

-- ── audit ────────────────────────────────────────────────────────────────────────────────────────────────────────────

-- What happened, in the words of the trade. Written with the change itself; numbered and chained a moment later by one
-- writer, because a number given inside the change would make every change wait for the one before it.
create table audit.fact (
  tenant_id    uuid        not null,
  id           uuid        not null,
  type         text        not null,                 -- order.routed
  subject_kind text        not null,
  subject_id   uuid        not null,
  order_id     uuid,
  at           timestamptz not null,
  actor        text        not null,                 -- person:<uuid> | step:<name> | supplier:<uuid> | channel:<uuid> | shopper | world
  data         jsonb       not null default '{}',
  seq          bigint      not null generated always as identity,   -- the order of writing: two changes of one instant are told apart
  number       bigint,
  hash         bytea,
  primary key (tenant_id, id)
);
create index fact_unsealed on audit.fact (tenant_id, seq) where number is null;
create unique index fact_number on audit.fact (tenant_id, number) where number is not null;
create index fact_of_order on audit.fact (tenant_id, order_id, at, id) where order_id is not null;
create index fact_of_subject on audit.fact (tenant_id, subject_id, at, id) where order_id is null;

create table audit.chain (
  tenant_id   uuid   not null primary key,
  last_number bigint not null,
  last_hash   bytea  not null
);

-- ── suppliers ────────────────────────────────────────────────────────────────────────────────────────────────────────

create table suppliers.supplier (
  tenant_id          uuid        not null,
  id                 uuid        not null,
  code               text        not null,           -- short and stable: KESTREL
  name               text        not null,
  state              text        not null check (state in ('prospect', 'sampling', 'onboarding', 'pilot', 'live', 'watch', 'paused', 'ended')),
  paused_reason      text        not null default '',
  country            text        not null check (country ~ '^[A-Z]{2}$'),
  currency           text        not null check (currency ~ '^[A-Z]{3}$'),
  time_zone          text        not null,
  ships_to           text[]      not null default '{}',  -- countries and zones; none means everywhere
  rank               int         not null default 100,   -- the lower, the more preferred
  handling_days      int         not null check (handling_days between 0 and 120),
  transit_days       jsonb       not null default '{}',  -- by country or zone, '*' for the rest
  ack_hours          int         not null check (ack_hours between 1 and 720),
  ship_hours         int         not null check (ship_hours between 1 and 2400),
  order_fee_minor    bigint      not null default 0 check (order_fee_minor >= 0),
  shipping_minor     jsonb       not null default '{}',  -- cost of a parcel by country or zone, '*' for the rest
  reliability        numeric(4,3) not null default 1,    -- share of lines kept, from what was seen
  transport          text        not null check (transport in ('file', 'email', 'rest')),
  transport_settings jsonb       not null default '{}',
  secrets            bytea,
  contact_email      text        not null default '',
  poll_state         text        not null default 'idle' check (poll_state in ('idle', 'polling', 'stopped')),
  due_at             timestamptz,                        -- when what they left for us is fetched next
  polled_at          timestamptz,
  poll_cursor        text        not null default '',
  created_at         timestamptz not null,
  primary key (tenant_id, id),
  unique (tenant_id, code)
);

-- ── catalog ──────────────────────────────────────────────────────────────────────────────────────────────────────────

create table catalog.variant (
  tenant_id    uuid        not null,
  id           uuid        not null,
  sku          text        not null,
  title        text        not null,
  brand        text        not null default '',
  gtin         text,
  price_minor  bigint,
  currency     text,
  weight_grams int,
  created_at   timestamptz not null,
  primary key (tenant_id, id),
  unique (tenant_id, sku)
);
create index variant_gtin on catalog.variant (tenant_id, gtin) where gtin is not null;

-- A supplier's line. `reserved` is what our open purchase orders promise and the supplier's number does not show yet;
-- `ceiling` is the most that may be promised: what they said less the buffer, or what was promised already when they said less.
create table catalog.offer (
  tenant_id    uuid        not null,
  id           uuid        not null,
  supplier_id  uuid        not null,
  supplier_sku text        not null,
  title        text        not null default '',
  brand        text        not null default '',
  gtin         text,
  mpn          text,
  cost_minor   bigint      check (cost_minor >= 0),
  currency     text        not null,
  quantity     int         not null check (quantity >= 0),
  buffer       int         not null default 0 check (buffer >= 0),
  reserved     int         not null default 0 check (reserved >= 0),
  ceiling      int         not null default 0,
  pack_size    int         not null default 1 check (pack_size >= 1),
  lead_days    int,
  state        text        not null default 'live' check (state in ('live', 'held', 'vanished')),
  observed_at  timestamptz not null,                 -- when the supplier said so
  changed_at   timestamptz not null,
  feed_run_id  uuid,
  primary key (tenant_id, id),
  unique (tenant_id, supplier_id, supplier_sku),
  constraint promised_within_ceiling check (reserved <= ceiling)
) with (fillfactor = 80);
create index offer_gtin on catalog.offer (tenant_id, gtin) where gtin is not null;

-- Offer ↔ variant. Several offers stand behind one variant.
create table catalog.match (
  tenant_id  uuid        not null,
  variant_id uuid        not null,
  offer_id   uuid        not null,
  state      text        not null check (state in ('suggested', 'confirmed', 'rejected', 'broken')),
  confidence numeric(4,3) not null default 1,
  evidence   text        not null default '',
  created_at timestamptz not null,
  primary key (tenant_id, variant_id, offer_id)
);
create index match_of_offer on catalog.match (tenant_id, offer_id);

-- A variant in a channel, under the name that the channel gives it.
create table catalog.listing (
  tenant_id  uuid not null,
  channel_id uuid not null,
  sku        text not null,
  variant_id uuid not null,
  primary key (tenant_id, channel_id, sku)
);

create table catalog.feed_run (
  tenant_id   uuid        not null,
  id          uuid        not null,
  supplier_id uuid        not null,
  name        text        not null,
  state       text        not null check (state in ('running', 'applied', 'held', 'failed', 'cancelled')),
  rows_read   bigint      not null default 0,
  rows_new    bigint      not null default 0,
  rows_changed bigint     not null default 0,
  rows_same   bigint      not null default 0,
  rows_refused bigint     not null default 0,
  rows_gone   bigint      not null default 0,
  why         text        not null default '',
  refused     jsonb       not null default '[]',     -- the first of them, each with its line and reason
  observed_at timestamptz not null,
  started_at  timestamptz not null,
  ended_at    timestamptz,
  primary key (tenant_id, id)
);
create index feed_run_recent on catalog.feed_run (tenant_id, supplier_id, started_at desc, id);

-- ── channels ─────────────────────────────────────────────────────────────────────────────────────────────────────────

create table channels.channel (
  tenant_id    uuid        not null,
  id           uuid        not null,
  code         text        not null,
  name         text        not null,
  kind         text        not null check (kind in ('rest', 'csv')),
  state        text        not null check (state in ('connected', 'paused', 'failing')),
  settings     jsonb       not null default '{}',
  secrets      bytea,
  currency     text        not null,
  due_at       timestamptz,                          -- when its orders are asked for next
  polled_at    timestamptz,
  poll_cursor  text        not null default '',      -- moves only after all pages of a poll were taken in
  last_order_at timestamptz,
  trouble      text        not null default '',      -- what is wrong with it, in words; '' when nothing
  created_at   timestamptz not null,
  primary key (tenant_id, id),
  unique (tenant_id, code)
);

-- A parcel that the store has to be told of, once.
create table channels.report (
  tenant_id  uuid        not null,
  id         uuid        not null,
  channel_id uuid        not null,
  order_id   uuid        not null,
  parcel_id  uuid        not null,
  order_external_id text not null,
  order_number text      not null,
  carrier    text        not null,
  number     text        not null,
  lines      jsonb       not null,                   -- in the store's own names
  state      text        not null check (state in ('queued', 'sending', 'sent', 'unknown', 'failed')),
  due_at     timestamptz,
  created_at timestamptz not null,
  changed_at timestamptz not null,
  primary key (tenant_id, id),
  unique (tenant_id, parcel_id, order_id)
);
create index report_due on channels.report (tenant_id, state, due_at, id) where due_at is not null;

-- ── orders ───────────────────────────────────────────────────────────────────────────────────────────────────────────

create table orders."order" (
  tenant_id      uuid        not null,
  id             uuid        not null,
  channel_id     uuid        not null,
  external_id    text        not null,
  number         text        not null,               -- as the shopper knows it
  state          text        not null check (state in ('received', 'accepted', 'held', 'routed', 'in_fulfilment', 'closed', 'cancelled')),
  status         text        not null,               -- computed from its parts by the same write
  due_at         timestamptz,
  placed_at      timestamptz not null,
  received_at    timestamptz not null,
  changed_at     timestamptz not null,
  source_at      timestamptz not null,               -- when the store last changed it
  currency       text        not null,
  subtotal_minor bigint      not null,
  discount_minor bigint      not null default 0,
  shipping_minor bigint      not null default 0,
  tax_minor      bigint      not null default 0,
  total_minor    bigint      not null,
  payment        text        not null check (payment in ('pending', 'authorised', 'paid', 'partially_refunded', 'refunded', 'voided')),
  customer_name  text        not null default '',
  email          text        not null default '',
  phone          text        not null default '',
  ship_to        jsonb       not null,
  country        text        not null default '',    -- of ship_to, for routing and lists
  postcode       text        not null default '',
  service        text        not null default 'standard' check (service in ('standard', 'express')),
  likeness       bytea       not null,               -- what two orders of one basket share, hashed
  is_test        boolean     not null default false,
  tags           text[]      not null default '{}',
  note           text        not null default '',
  routed_times   int         not null default 0,
  cancel_asked_at timestamptz,
  promised_at    timestamptz,
  closed_at      timestamptz,
  primary key (tenant_id, id),
  unique (tenant_id, channel_id, external_id)
) with (fillfactor = 80);
create index order_due on orders."order" (tenant_id, state, due_at, id) where due_at is not null;
create index order_placed on orders."order" (tenant_id, placed_at desc, id desc);
create index order_status on orders."order" (tenant_id, status, placed_at desc, id desc);
create index order_number on orders."order" (tenant_id, number text_pattern_ops);
create index order_likeness on orders."order" (tenant_id, likeness, placed_at);
create index order_email on orders."order" (tenant_id, email, placed_at) where email <> '';

create table orders.line (
  tenant_id      uuid   not null,
  id             uuid   not null,
  order_id       uuid   not null,
  position       int    not null,
  external_id    text   not null,
  sku            text   not null,
  title          text   not null default '',
  kind           text   not null default 'goods' check (kind in ('goods', 'service')),
  variant_id     uuid,                               -- null: nobody has said yet what it is
  quantity       int    not null check (quantity > 0),
  cancelled      int    not null default 0 check (cancelled >= 0 and cancelled <= quantity),
  price_minor    bigint not null,                    -- of one unit, before discount
  discount_minor bigint not null default 0,          -- of the whole line
  tax_minor      bigint not null default 0,
  primary key (tenant_id, order_id, id),
  unique (tenant_id, order_id, external_id)
);
create index line_sku on orders.line (tenant_id, sku);

create table orders.hold (
  tenant_id   uuid        not null,
  id          uuid        not null,
  order_id    uuid        not null,
  reason      text        not null,
  detail      text        not null default '',
  placed_at   timestamptz not null,
  actor       text        not null,
  released_at timestamptz,
  released_by text        not null default '',
  primary key (tenant_id, order_id, id)
);
create unique index hold_open on orders.hold (tenant_id, order_id, reason) where released_at is null;

-- ── routing ──────────────────────────────────────────────────────────────────────────────────────────────────────────

create table routing.policy (
  tenant_id    uuid        not null,
  id           uuid        not null,
  version      int         not null,
  state        text        not null check (state in ('draft', 'live', 'retired')),
  rules        jsonb       not null,
  note         text        not null default '',
  created_at   timestamptz not null,
  published_at timestamptz,
  primary key (tenant_id, id),
  unique (tenant_id, version)
);
create unique index policy_live on routing.policy (tenant_id) where state = 'live';

-- Why each line went where it went: candidates, gates, numbers and their age, as they were then.
create table routing.decision (
  tenant_id      uuid        not null,
  id             uuid        not null,
  order_id       uuid        not null,
  attempt        int         not null,
  policy_version int         not null,
  at             timestamptz not null,
  outcome        text        not null check (outcome in ('routed', 'held')),
  lines          jsonb       not null,
  primary key (tenant_id, order_id, id)
);
-- Two kilobytes at every order: compressing them costs more than keeping them.
alter table routing.decision alter column lines set storage external;

-- Units of a line that one supplier's offer has to deliver.
create table routing.allocation (
  tenant_id       uuid        not null,
  id              uuid        not null,
  order_id        uuid        not null,
  line_id         uuid        not null,
  offer_id        uuid        not null,
  supplier_id     uuid        not null,
  quantity        int         not null check (quantity >= 0),  -- less what was given back
  unit_cost_minor bigint      not null,
  currency        text        not null,
  attempt         int         not null,              -- of the routing that made it
  supplier_sku    text        not null,
  given_back      int         not null default 0 check (given_back >= 0),   -- units that the supplier refused or that were cancelled
  state           text        not null check (state in ('live', 'reflected', 'released')),
  created_at      timestamptz not null,
  ended_at        timestamptz,
  primary key (tenant_id, order_id, id)
);
create index allocation_of_supplier on routing.allocation (tenant_id, supplier_id, created_at) where state = 'live';

-- ── purchasing ───────────────────────────────────────────────────────────────────────────────────────────────────────

create sequence purchasing.number_seq start 100001;

create table purchasing.purchase (
  tenant_id       uuid        not null,
  id              uuid        not null,
  number          text        not null,
  supplier_id     uuid        not null,
  order_id        uuid        not null,
  version         int         not null default 1,
  transmission    text        not null check (transmission in ('queued', 'sending', 'sent', 'unknown', 'failed', 'acknowledged', 'closed', 'cancelled')),
  response        text        not null default 'awaited',
  fulfilment      text        not null default 'none',
  due_at          timestamptz,
  currency        text        not null,
  cost_minor      bigint      not null,
  ship_to         jsonb       not null,
  service         text        not null,
  transport       text        not null,
  created_at      timestamptz not null,
  changed_at      timestamptz not null,
  sent_at         timestamptz,
  ack_due_at      timestamptz,
  acknowledged_at timestamptz,
  ship_due_at     timestamptz,
  reminded        int         not null default 0,
  reference       text        not null default '',   -- the supplier's own number for it
  primary key (tenant_id, id),
  unique (tenant_id, number)
) with (fillfactor = 80);
create index purchase_due on purchasing.purchase (tenant_id, transmission, due_at, id) where due_at is not null;
create index purchase_of_order on purchasing.purchase (tenant_id, order_id, id);
create index purchase_recent on purchasing.purchase (tenant_id, created_at desc, id desc);
create index purchase_of_supplier on purchasing.purchase (tenant_id, supplier_id, created_at desc, id desc);

create table purchasing.line (
  tenant_id       uuid   not null,
  id              uuid   not null,
  purchase_id     uuid   not null,
  position        int    not null,
  order_line_id   uuid   not null,
  allocation_id   uuid   not null,
  offer_id        uuid   not null,
  supplier_sku    text   not null,
  title           text   not null default '',
  quantity        int    not null check (quantity > 0),
  unit_cost_minor bigint not null,
  response        text   check (response in ('accepted', 'short', 'backordered', 'substituted', 'repriced', 'rejected')),
  accepted        int    not null default 0 check (accepted >= 0 and accepted <= quantity),
  refused         int    not null default 0 check (refused >= 0 and refused <= quantity),   -- short, rejected and cancelled units
  shipped         int    not null default 0 check (shipped >= 0),
  expected_at     timestamptz,
  reason          text   not null default '',
  answered_at     timestamptz,
  primary key (tenant_id, purchase_id, id),
  unique (tenant_id, purchase_id, position)
);

-- The very documents that went out and came back.
create table purchasing.document (
  tenant_id   uuid        not null,
  id          uuid        not null,
  purchase_id uuid        not null,
  direction   text        not null check (direction in ('out', 'in')),
  kind        text        not null,                  -- purchase-order | acknowledgement | ship-notice | cancellation | reminder
  name        text        not null,
  type        text        not null,
  bytes       bytea       not null,
  at          timestamptz not null,
  primary key (tenant_id, purchase_id, id)
);

-- A change asked of the supplier after sending, as a delta whose answer is tracked.
create table purchasing.change (
  tenant_id   uuid        not null,
  id          uuid        not null,
  purchase_id uuid        not null,
  kind        text        not null check (kind in ('cancel')),
  state       text        not null check (state in ('queued', 'sending', 'sent', 'unknown', 'accepted', 'refused', 'failed')),
  due_at      timestamptz,
  why         text        not null default '',
  created_at  timestamptz not null,
  changed_at  timestamptz not null,
  answered_at timestamptz,
  primary key (tenant_id, id)
);
create index change_due on purchasing.change (tenant_id, state, due_at, id) where due_at is not null;
create unique index change_open on purchasing.change (tenant_id, purchase_id, kind) where state not in ('accepted', 'refused', 'failed');

-- ── shipping ─────────────────────────────────────────────────────────────────────────────────────────────────────────

create table shipping.shipment (
  tenant_id   uuid        not null,
  id          uuid        not null,
  purchase_id uuid        not null,
  order_id    uuid        not null,
  supplier_id uuid        not null,
  reference   text        not null,                  -- the supplier's name for this ship notice
  shipped_at  timestamptz not null,
  received_at timestamptz not null,
  primary key (tenant_id, id),
  unique (tenant_id, purchase_id, reference)
);
create index shipment_of_order on shipping.shipment (tenant_id, order_id, id);

create table shipping.parcel (
  tenant_id     uuid        not null,
  id            uuid        not null,
  shipment_id   uuid        not null,
  purchase_id   uuid        not null,
  order_id      uuid        not null,
  carrier       text        not null,
  number        text        not null,
  milestone     text        not null,
  delayed       boolean     not null default false,
  due_at        timestamptz,
  label_at      timestamptz not null,
  first_scan_at timestamptz,
  last_event_at timestamptz,
  delivered_at  timestamptz,
  expected_at   timestamptz,
  tracked_at    timestamptz,
  created_at    timestamptz not null,
  changed_at    timestamptz not null,
  primary key (tenant_id, id),
  unique (tenant_id, shipment_id, carrier, number)
);
create index parcel_due on shipping.parcel (tenant_id, milestone, due_at, id) where due_at is not null;
create index parcel_of_order on shipping.parcel (tenant_id, order_id, id);
create index parcel_number on shipping.parcel (tenant_id, number);

create table shipping.parcel_line (
  tenant_id        uuid not null,
  parcel_id        uuid not null,
  purchase_line_id uuid not null,
  order_line_id    uuid not null,
  quantity         int  not null check (quantity > 0),
  primary key (tenant_id, parcel_id, purchase_line_id)
);

create table shipping.event (
  tenant_id   uuid        not null,
  id          uuid        not null,
  parcel_id   uuid        not null,
  at          timestamptz not null,
  milestone   text        not null,
  sub_code    text        not null default '',
  place       text        not null default '',
  text        text        not null default '',
  source      text        not null,
  received_at timestamptz not null,
  set_aside   text        not null default '',       -- why it is not believed: before the label, another country
  primary key (tenant_id, parcel_id, id),
  unique (tenant_id, parcel_id, at, milestone, sub_code, text)
);

-- ── exceptions ───────────────────────────────────────────────────────────────────────────────────────────────────────

create table exceptions.exception (
  tenant_id    uuid        not null,
  id           uuid        not null,
  kind         text        not null,
  subject_kind text        not null,
  subject_id   uuid        not null,
  order_id     uuid,
  supplier_id  uuid,
  channel_id   uuid,
  cause        text        not null,                 -- what groups it with others: kind and supplier, channel or SKU
  title        text        not null,
  detail       text        not null default '',
  evidence     jsonb       not null default '{}',
  fixes        jsonb       not null default '[]',    -- the first one is recommended
  money_minor  bigint      not null default 0,
  currency     text        not null default 'USD',
  state        text        not null check (state in ('open', 'snoozed', 'resolved')),
  opened_at    timestamptz not null,
  due_at       timestamptz,                          -- when a person should have acted, or when the snooze ends
  times        int         not null default 1,
  assignee     uuid,
  resolved_at  timestamptz,
  resolved_by  text        not null default '',
  resolution   text        not null default '',
  primary key (tenant_id, id)
);
create unique index exception_open on exceptions.exception (tenant_id, kind, subject_id) where state <> 'resolved';
create index exception_list on exceptions.exception (tenant_id, state, opened_at, id);
create index exception_of_order on exceptions.exception (tenant_id, order_id) where order_id is not null;

-- ── notifications ────────────────────────────────────────────────────────────────────────────────────────────────────

-- One message of one meaning to one address: the row is claimed before anything is sent.
create table notifications.message (
  tenant_id    uuid        not null,
  id           uuid        not null,
  order_id     uuid,
  subject_id   uuid        not null,                 -- the order, parcel or purchase order that it speaks of
  meaning      text        not null,                 -- order.shipped, parcel.delivered, purchase.reminder …
  channel      text        not null check (channel in ('email')),
  address      text        not null,
  state        text        not null check (state in ('queued', 'sending', 'sent', 'unknown', 'suppressed', 'failed')),
  due_at       timestamptz,
  subject      text        not null default '',
  body_text    text        not null default '',
  body_html    text        not null default '',
  why_not      text        not null default '',
  created_at   timestamptz not null,
  changed_at   timestamptz not null,
  sent_at      timestamptz,
  primary key (tenant_id, id),
  unique (tenant_id, subject_id, meaning, channel, address)
);
create index message_due on notifications.message (tenant_id, state, due_at, id) where due_at is not null;
create index message_of_order on notifications.message (tenant_id, order_id, created_at, id) where order_id is not null;

-- ── rights ───────────────────────────────────────────────────────────────────────────────────────────────────────────

-- Row-level security on every table with a tenant_id, forced even for the owner, and rights for the program's role: in whatever
-- schema it is, so that a later module's tables cannot be forgotten. Called after every migration.
-- The setting has no default: a statement outside a tenant's transaction fails instead of seeing nothing, or everything.
create function platform.guard_tenants() returns void language plpgsql as $$
declare named record;
begin
  for named in
    select space.nspname as space, relation.relname as relation
      from pg_class relation
      join pg_namespace space on space.oid = relation.relnamespace
      join pg_attribute tenant on tenant.attrelid = relation.oid and tenant.attname = 'tenant_id' and not tenant.attisdropped
     where relation.relkind in ('r', 'p') and not relation.relrowsecurity
       and space.nspname !~ '^pg_' and space.nspname not in ('information_schema', 'public', 'graphile_worker')
       and space.nspowner = (select oid from pg_roles where rolname = current_user)
  loop
    execute format('alter table %I.%I enable row level security, force row level security', named.space, named.relation);
    execute format('create policy of_one_tenant on %I.%I using (tenant_id = (select current_setting(''stockless.tenant'')::uuid)) with check (tenant_id = (select current_setting(''stockless.tenant'')::uuid))', named.space, named.relation);
  end loop;
  for named in
    select nspname as space from pg_namespace
     where nspname !~ '^pg_' and nspname not in ('information_schema', 'public', 'graphile_worker')
       and nspowner = (select oid from pg_roles where rolname = current_user)
  loop
    execute format('grant usage on schema %I to stockless_app', named.space);
    execute format('grant select, insert, update, delete on all tables in schema %I to stockless_app', named.space);
    execute format('grant usage on all sequences in schema %I to stockless_app', named.space);
  end loop;
  revoke insert, update, delete on platform.migration from stockless_app;
  revoke delete on audit.fact, platform.effect, platform.arrival from stockless_app;
  -- Facts are written once; sealing fills in their number and hash and may touch nothing else.
  revoke update on audit.fact from stockless_app;
  grant update (number, hash) on audit.fact to stockless_app;
end $$;
