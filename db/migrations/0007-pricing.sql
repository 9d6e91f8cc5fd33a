-- expands
-- What prices are made of: the rules as versioned sets, exchange rates that somebody typed, what is published for each listing and
-- why, what it was before, and previews whose very prices are what a publication may write.

-- What rules look at, beside what was there. Amounts in the variant's own currency.
alter table catalog.variant add column if not exists category text not null default '' check (length(category) <= 300);
alter table catalog.variant add column if not exists tags text[] not null default '{}' check (cardinality(tags) <= 50);
alter table catalog.variant add column if not exists map_minor bigint check (map_minor > 0);
alter table catalog.variant add column if not exists msrp_minor bigint check (msrp_minor > 0);
-- The same as suppliers say it, in the offer's currency and for one offer unit.
alter table catalog.offer add column if not exists category text check (length(category) <= 300);
alter table catalog.offer add column if not exists map_minor bigint check (map_minor > 0);
alter table catalog.offer add column if not exists msrp_minor bigint check (msrp_minor > 0);

create index if not exists listing_of_variant on catalog.listing (tenant_id, variant_id);

-- A set of rules with its settings, as routing has its policy: one draft, one live.
create table catalog.price_policy (
  tenant_id    uuid        not null,
  id           uuid        not null,
  version      int         not null,
  state        text        not null check (state in ('draft', 'live', 'retired')),
  rules        jsonb       not null check (pg_column_size(rules) <= 4000000),
  note         text        not null default '' check (length(note) <= 500),
  created_at   timestamptz not null,
  published_at timestamptz,
  windows_at   timestamptz,                          -- up to when its windows in time have been followed
  primary key (tenant_id, id),
  unique (tenant_id, version)
);
create unique index price_policy_live on catalog.price_policy (tenant_id) where state = 'live';
create unique index price_policy_draft on catalog.price_policy (tenant_id) where state = 'draft';

-- One unit of `base` is `rate` units of `quote`; the newest by date counts.
create table catalog.price_rate (
  tenant_id uuid          not null,
  base      text          not null check (base ~ '^[A-Z]{3}$'),
  quote     text          not null check (quote ~ '^[A-Z]{3}$' and quote <> base),
  on_date   date          not null,
  rate      numeric(20,8) not null check (rate > 0),
  source    text          not null check (length(source) <= 100),
  by        text          not null check (length(by) <= 200),
  at        timestamptz   not null,
  primary key (tenant_id, base, quote, on_date)
);

-- The published price of a listing, and the cost that was believed when it was made (in the selling currency, per unit).
create table catalog.listing_price (
  tenant_id      uuid        not null,
  channel_id     uuid        not null,
  sku            text        not null,
  price_minor    bigint      not null check (price_minor > 0),
  compare_minor  bigint      check (compare_minor > price_minor),
  currency       text        not null check (currency ~ '^[A-Z]{3}$'),
  breaks         jsonb       not null default '[]',  -- from so many units on: another price
  rule_id        text        not null,
  rule_name      text        not null,
  policy_version int         not null,
  why            jsonb       not null,               -- steps with amounts that add up to the price
  cost_minor     bigint,
  cost_currency  text,                               -- the offer's own
  offer_id       uuid,
  publication_id uuid,
  by             text        not null,
  published_at   timestamptz not null,
  primary key (tenant_id, channel_id, sku)
);

-- Each price a listing ever had, with the one before it, so that it can be put back.
create table catalog.price_history (
  tenant_id      uuid        not null,
  channel_id     uuid        not null,
  sku            text        not null,
  id             uuid        not null,
  at             timestamptz not null,
  price_minor    bigint      not null,
  compare_minor  bigint,
  currency       text        not null,
  rule_id        text        not null,
  rule_name      text        not null,
  policy_version int         not null,
  by             text        not null,
  publication_id uuid,
  before         jsonb,                              -- the row of listing_price that it replaced; null: there was none
  undone_at      timestamptz,
  primary key (tenant_id, channel_id, sku, id)
);
create index price_history_of on catalog.price_history (tenant_id, publication_id) where publication_id is not null;

-- Listings that keep their price because a new one cannot be trusted.
create table catalog.price_problem (
  tenant_id  uuid        not null,
  channel_id uuid        not null,
  sku        text        not null,
  kind       text        not null check (length(kind) <= 40),
  detail     text        not null check (length(detail) <= 500),
  cost_minor bigint,                                 -- what is not believed, in the selling currency
  offer_id   uuid,
  since      timestamptz not null,
  at         timestamptz not null,
  primary key (tenant_id, channel_id, sku)
);
create index price_problem_kind on catalog.price_problem (tenant_id, kind, channel_id, sku);

-- A preview that may be published: the rules it was made with, and (below) every price that it would change.
create table catalog.price_preview (
  tenant_id uuid        not null,
  id        uuid        not null,
  rules     jsonb       not null,
  inputs    text        not null,                    -- hash over the rules and all that they were applied to
  summary   jsonb       not null,
  by        text        not null,
  made_at   timestamptz not null,
  primary key (tenant_id, id)
);
create table catalog.price_preview_row (
  tenant_id     uuid   not null,
  preview_id    uuid   not null,
  channel_id    uuid   not null,
  sku           text   not null,
  before_minor  bigint,
  price_minor   bigint not null,
  compare_minor bigint,
  currency      text   not null,
  rule_id       text   not null,
  primary key (tenant_id, preview_id, channel_id, sku)
);

create table catalog.price_publication (
  tenant_id      uuid        not null,
  id             uuid        not null,
  preview_id     uuid        not null,
  state          text        not null check (state in ('scheduled', 'done', 'undone', 'cancelled', 'failed')),
  scope          text        not null check (scope in ('all', 'new')),
  anyway         boolean     not null default false, -- a person insists although many would fall to their floor
  due_at         timestamptz,                        -- when it is scheduled for
  version        int,                                -- of the policy that it made live
  before_version int,                                -- of the one that was live until then
  published      int         not null default 0,
  left_out       jsonb       not null default '[]',  -- what was previewed and not published, by reason
  note           text        not null default '' check (length(note) <= 500),
  by             text        not null,
  made_at        timestamptz not null,
  done_at        timestamptz,
  undo_until     timestamptz,
  undone_at      timestamptz,
  primary key (tenant_id, id)
);
create index price_publication_recent on catalog.price_publication (tenant_id, made_at desc, id);
create index price_publication_due on catalog.price_publication (tenant_id, due_at) where state = 'scheduled';

create view catalog.v_listing_price with (security_invoker = true) as
select tenant_id, channel_id, sku, price_minor, compare_minor, currency, breaks, rule_id, rule_name, policy_version, cost_minor,
       publication_id, by, published_at
  from catalog.listing_price;
create view catalog.v_price_problem with (security_invoker = true) as
select tenant_id, channel_id, sku, kind, detail, cost_minor, since, at from catalog.price_problem;
