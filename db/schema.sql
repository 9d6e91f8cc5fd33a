-- Drawn from the migrated database by "npm run stockless -- docs". To change it, add a migration.
-- Row-level security is enabled and forced for every table, by the policy of_one_tenant; a table for which it is not says so.

-- ── audit ──

create table audit.chain (
  tenant_id uuid not null,
  last_number bigint not null,
  last_hash bytea not null,
  constraint chain_pkey PRIMARY KEY (tenant_id)
);

create table audit.fact (
  tenant_id uuid not null,
  id uuid not null,
  type text not null,
  subject_kind text not null,
  subject_id uuid not null,
  order_id uuid,
  at timestamp with time zone not null,
  actor text not null,
  data jsonb default '{}'::jsonb not null,
  seq bigint not null,
  number bigint,
  hash bytea,
  constraint fact_pkey PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX fact_number ON audit.fact USING btree (tenant_id, number) WHERE (number IS NOT NULL);
CREATE INDEX fact_of_order ON audit.fact USING btree (tenant_id, order_id, at, id) WHERE (order_id IS NOT NULL);
CREATE INDEX fact_of_subject ON audit.fact USING btree (tenant_id, subject_id, at, id) WHERE (order_id IS NULL);
CREATE INDEX fact_unsealed ON audit.fact USING btree (tenant_id, seq) WHERE (number IS NULL);

create view audit.v_fact with (security_invoker=true) as
 SELECT tenant_id,
    id,
    type,
    subject_kind,
    subject_id,
    order_id,
    at,
    actor,
    data,
    number,
    seq
   FROM audit.fact;

-- ── catalog ──

create table catalog.availability_policy (
  tenant_id uuid not null,
  settings jsonb not null,
  version integer not null,
  changed_at timestamp with time zone not null,
  changed_by text not null,
  constraint availability_policy_changed_by_check CHECK ((length(changed_by) <= 200)),
  constraint availability_policy_pkey PRIMARY KEY (tenant_id),
  constraint availability_policy_settings_check CHECK ((pg_column_size(settings) <= 200000))
);

create table catalog.feed (
  tenant_id uuid not null,
  supplier_id uuid not null,
  settings jsonb default '{}'::jsonb not null,
  content_hash bytea,
  complete_at timestamp with time zone,
  told bigint default 0 not null,
  reading bytea,
  prints bytea,
  unlisted bigint default 0 not null,
  wait_for text default ''::text not null,
  constraint feed_pkey PRIMARY KEY (tenant_id, supplier_id)
);

create table catalog.feed_preview (
  tenant_id uuid not null,
  id uuid not null,
  supplier_id uuid,
  name text not null,
  bytes bigint not null,
  actor text not null,
  created_at timestamp with time zone not null,
  constraint feed_preview_actor_check CHECK ((length(actor) <= 200)),
  constraint feed_preview_bytes_check CHECK ((bytes >= 0)),
  constraint feed_preview_name_check CHECK ((length(name) <= 200)),
  constraint feed_preview_pkey PRIMARY KEY (tenant_id, id)
);
CREATE INDEX feed_preview_age ON catalog.feed_preview USING btree (tenant_id, created_at);

create table catalog.feed_run (
  tenant_id uuid not null,
  id uuid not null,
  supplier_id uuid not null,
  name text not null,
  state text not null,
  rows_read bigint default 0 not null,
  rows_new bigint default 0 not null,
  rows_changed bigint default 0 not null,
  rows_same bigint default 0 not null,
  rows_refused bigint default 0 not null,
  rows_gone bigint default 0 not null,
  why text default ''::text not null,
  refused jsonb default '[]'::jsonb not null,
  observed_at timestamp with time zone not null,
  started_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  kind text default 'file'::text not null,
  actor text default ''::text not null,
  origin text default ''::text not null,
  bytes bigint default 0 not null,
  file_hash bytea,
  has_file boolean default false not null,
  headers text[],
  reading jsonb default '{}'::jsonb not null,
  stages jsonb default '[]'::jsonb not null,
  guards jsonb default '[]'::jsonb not null,
  part jsonb,
  based_on uuid,
  new_from uuid,
  new_to uuid,
  has_changes boolean default false not null,
  constraint feed_run_kind_check CHECK ((kind = ANY (ARRAY['file'::text, 'replay'::text, 'rollback'::text]))),
  constraint feed_run_pkey PRIMARY KEY (tenant_id, id),
  constraint feed_run_state_check CHECK ((state = ANY (ARRAY['running'::text, 'applied'::text, 'held'::text, 'failed'::text, 'cancelled'::text])))
);
CREATE INDEX feed_run_recent ON catalog.feed_run USING btree (tenant_id, supplier_id, started_at DESC, id);

create table catalog.feed_source (
  tenant_id uuid not null,
  id uuid not null,
  supplier_id uuid not null,
  transport text not null,
  settings jsonb default '{}'::jsonb not null,
  secrets bytea,
  schedule jsonb default '{}'::jsonb not null,
  target_minutes integer,
  state text not null,
  due_at timestamp with time zone,
  seen jsonb default '{}'::jsonb not null,
  asked_at timestamp with time zone,
  new_at timestamp with time zone,
  fresh_at timestamp with time zone,
  stale_at timestamp with time zone,
  trouble text default ''::text not null,
  created_at timestamp with time zone not null,
  constraint feed_source_pkey PRIMARY KEY (tenant_id, id),
  constraint feed_source_schedule_check CHECK ((pg_column_size(schedule) < 16384)),
  constraint feed_source_secrets_check CHECK ((octet_length(secrets) < 131072)),
  constraint feed_source_seen_check CHECK ((pg_column_size(seen) < 262144)),
  constraint feed_source_settings_check CHECK ((pg_column_size(settings) < 65536)),
  constraint feed_source_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'polled'::text, 'stopped'::text, 'paused'::text]))),
  constraint feed_source_target_minutes_check CHECK (((target_minutes >= 1) AND (target_minutes <= 525600))),
  constraint feed_source_tenant_id_supplier_id_key UNIQUE (tenant_id, supplier_id),
  constraint feed_source_transport_check CHECK ((transport = ANY (ARRAY['upload'::text, 'http'::text, 'sftp'::text, 'ftp'::text, 'folder'::text, 'mail'::text, 'rest'::text])))
);
CREATE INDEX feed_source_due ON catalog.feed_source USING btree (tenant_id, state, due_at, id) WHERE (due_at IS NOT NULL);

create table catalog.listing (
  tenant_id uuid not null,
  channel_id uuid not null,
  sku text not null,
  variant_id uuid not null,
  constraint listing_pkey PRIMARY KEY (tenant_id, channel_id, sku)
);
CREATE INDEX listing_of_variant ON catalog.listing USING btree (tenant_id, variant_id);

create table catalog.listing_price (
  tenant_id uuid not null,
  channel_id uuid not null,
  sku text not null,
  price_minor bigint not null,
  compare_minor bigint,
  currency text not null,
  breaks jsonb default '[]'::jsonb not null,
  rule_id text not null,
  rule_name text not null,
  policy_version integer not null,
  why jsonb not null,
  cost_minor bigint,
  cost_currency text,
  offer_id uuid,
  publication_id uuid,
  by text not null,
  published_at timestamp with time zone not null,
  constraint listing_price_check CHECK ((compare_minor > price_minor)),
  constraint listing_price_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
  constraint listing_price_pkey PRIMARY KEY (tenant_id, channel_id, sku),
  constraint listing_price_price_minor_check CHECK ((price_minor > 0))
);

create table catalog.match (
  tenant_id uuid not null,
  variant_id uuid not null,
  offer_id uuid not null,
  state text not null,
  confidence numeric(4,3) default 1 not null,
  evidence text default ''::text not null,
  created_at timestamp with time zone not null,
  units_per_offer integer default 1 not null,
  rule text default ''::text not null,
  certainty text default ''::text not null,
  facts jsonb default '{}'::jsonb not null,
  warnings text[] default '{}'::text[] not null,
  decided_at timestamp with time zone,
  decided_by text default ''::text not null,
  constraint match_certainty_check CHECK ((certainty = ANY (ARRAY[''::text, 'exact'::text, 'likely'::text, 'possible'::text, 'conflict'::text]))),
  constraint match_decided_by_check CHECK ((length(decided_by) <= 200)),
  constraint match_facts_check CHECK ((pg_column_size(facts) <= 20000)),
  constraint match_pkey PRIMARY KEY (tenant_id, variant_id, offer_id),
  constraint match_rule_check CHECK ((length(rule) <= 40)),
  constraint match_state_check CHECK ((state = ANY (ARRAY['suggested'::text, 'confirmed'::text, 'rejected'::text, 'broken'::text]))),
  constraint match_units_per_offer_check CHECK (((units_per_offer >= 1) AND (units_per_offer <= 10000)))
);
CREATE INDEX match_of_offer ON catalog.match USING btree (tenant_id, offer_id);
CREATE INDEX match_open ON catalog.match USING btree (tenant_id, certainty, rule, confidence DESC, offer_id, variant_id) WHERE (state = ANY (ARRAY['suggested'::text, 'broken'::text]));

create table catalog.match_due (
  tenant_id uuid not null,
  kind text not null,
  id uuid not null,
  "position" text default ''::text not null,
  since timestamp with time zone not null,
  constraint match_due_kind_check CHECK ((kind = ANY (ARRAY['offer'::text, 'variant'::text, 'supplier'::text]))),
  constraint match_due_pkey PRIMARY KEY (tenant_id, kind, id)
);

create table catalog.match_settings (
  tenant_id uuid not null,
  auto_exact boolean default true not null,
  cost_least numeric(6,4) default 0.02 not null,
  cost_most numeric(6,4) default 1.5 not null,
  changed_at timestamp with time zone not null,
  changed_by text not null,
  constraint match_settings_changed_by_check CHECK ((length(changed_by) <= 200)),
  constraint match_settings_check CHECK ((cost_most > cost_least)),
  constraint match_settings_cost_least_check CHECK ((cost_least >= (0)::numeric)),
  constraint match_settings_pkey PRIMARY KEY (tenant_id)
);

create table catalog.match_word (
  tenant_id uuid not null,
  word text not null,
  variant_id uuid not null,
  constraint match_word_pkey PRIMARY KEY (tenant_id, word, variant_id),
  constraint match_word_word_check CHECK (((length(word) >= 1) AND (length(word) <= 100)))
);
CREATE INDEX match_word_of ON catalog.match_word USING btree (tenant_id, variant_id);

create table catalog.offer (
  tenant_id uuid not null,
  id uuid not null,
  supplier_id uuid not null,
  supplier_sku text not null,
  title text default ''::text not null,
  brand text default ''::text not null,
  gtin text,
  mpn text,
  cost_minor bigint,
  currency text not null,
  quantity integer not null,
  buffer integer default 0 not null,
  reserved integer default 0 not null,
  ceiling integer default 0 not null,
  pack_size integer default 1 not null,
  lead_days integer,
  state text default 'live'::text not null,
  observed_at timestamp with time zone not null,
  changed_at timestamp with time zone not null,
  feed_run_id uuid,
  row_print bigint,
  silent_since timestamp with time zone,
  category text,
  map_minor bigint,
  msrp_minor bigint,
  constraint offer_buffer_check CHECK ((buffer >= 0)),
  constraint offer_category_check CHECK ((length(category) <= 300)),
  constraint offer_cost_minor_check CHECK ((cost_minor >= 0)),
  constraint offer_map_minor_check CHECK ((map_minor > 0)),
  constraint offer_msrp_minor_check CHECK ((msrp_minor > 0)),
  constraint offer_pack_size_check CHECK ((pack_size >= 1)),
  constraint offer_pkey PRIMARY KEY (tenant_id, id),
  constraint offer_quantity_check CHECK ((quantity >= 0)),
  constraint offer_reserved_check CHECK ((reserved >= 0)),
  constraint offer_state_check CHECK ((state = ANY (ARRAY['live'::text, 'held'::text, 'vanished'::text]))),
  constraint offer_tenant_id_supplier_id_supplier_sku_key UNIQUE (tenant_id, supplier_id, supplier_sku),
  constraint promised_within_ceiling CHECK ((reserved <= ceiling))
) with (fillfactor=80);
CREATE INDEX offer_gtin ON catalog.offer USING btree (tenant_id, gtin) WHERE (gtin IS NOT NULL);

create table catalog.offer_change (
  tenant_id uuid not null,
  run_id uuid not null,
  offer_id uuid not null,
  supplier_sku text not null,
  what text[] not null,
  flags text[] default '{}'::text[] not null,
  was_cost bigint,
  cost bigint,
  was_quantity integer,
  quantity integer,
  was_currency text,
  currency text,
  was_title text,
  title text,
  was_state text,
  constraint offer_change_pkey PRIMARY KEY (tenant_id, run_id, offer_id)
);

create table catalog.price_history (
  tenant_id uuid not null,
  channel_id uuid not null,
  sku text not null,
  id uuid not null,
  at timestamp with time zone not null,
  price_minor bigint not null,
  compare_minor bigint,
  currency text not null,
  rule_id text not null,
  rule_name text not null,
  policy_version integer not null,
  by text not null,
  publication_id uuid,
  before jsonb,
  undone_at timestamp with time zone,
  constraint price_history_pkey PRIMARY KEY (tenant_id, channel_id, sku, id)
);
CREATE INDEX price_history_of ON catalog.price_history USING btree (tenant_id, publication_id) WHERE (publication_id IS NOT NULL);

create table catalog.price_policy (
  tenant_id uuid not null,
  id uuid not null,
  version integer not null,
  state text not null,
  rules jsonb not null,
  note text default ''::text not null,
  created_at timestamp with time zone not null,
  published_at timestamp with time zone,
  windows_at timestamp with time zone,
  constraint price_policy_note_check CHECK ((length(note) <= 500)),
  constraint price_policy_pkey PRIMARY KEY (tenant_id, id),
  constraint price_policy_rules_check CHECK ((pg_column_size(rules) <= 4000000)),
  constraint price_policy_state_check CHECK ((state = ANY (ARRAY['draft'::text, 'live'::text, 'retired'::text]))),
  constraint price_policy_tenant_id_version_key UNIQUE (tenant_id, version)
);
CREATE UNIQUE INDEX price_policy_draft ON catalog.price_policy USING btree (tenant_id) WHERE (state = 'draft'::text);
CREATE UNIQUE INDEX price_policy_live ON catalog.price_policy USING btree (tenant_id) WHERE (state = 'live'::text);

create table catalog.price_preview (
  tenant_id uuid not null,
  id uuid not null,
  rules jsonb not null,
  inputs text not null,
  summary jsonb not null,
  by text not null,
  made_at timestamp with time zone not null,
  constraint price_preview_pkey PRIMARY KEY (tenant_id, id)
);

create table catalog.price_preview_row (
  tenant_id uuid not null,
  preview_id uuid not null,
  channel_id uuid not null,
  sku text not null,
  before_minor bigint,
  price_minor bigint not null,
  compare_minor bigint,
  currency text not null,
  rule_id text not null,
  constraint price_preview_row_pkey PRIMARY KEY (tenant_id, preview_id, channel_id, sku)
);

create table catalog.price_problem (
  tenant_id uuid not null,
  channel_id uuid not null,
  sku text not null,
  kind text not null,
  detail text not null,
  cost_minor bigint,
  offer_id uuid,
  since timestamp with time zone not null,
  at timestamp with time zone not null,
  constraint price_problem_detail_check CHECK ((length(detail) <= 500)),
  constraint price_problem_kind_check CHECK ((length(kind) <= 40)),
  constraint price_problem_pkey PRIMARY KEY (tenant_id, channel_id, sku)
);
CREATE INDEX price_problem_kind ON catalog.price_problem USING btree (tenant_id, kind, channel_id, sku);

create table catalog.price_publication (
  tenant_id uuid not null,
  id uuid not null,
  preview_id uuid not null,
  state text not null,
  scope text not null,
  anyway boolean default false not null,
  due_at timestamp with time zone,
  version integer,
  before_version integer,
  published integer default 0 not null,
  left_out jsonb default '[]'::jsonb not null,
  note text default ''::text not null,
  by text not null,
  made_at timestamp with time zone not null,
  done_at timestamp with time zone,
  undo_until timestamp with time zone,
  undone_at timestamp with time zone,
  constraint price_publication_note_check CHECK ((length(note) <= 500)),
  constraint price_publication_pkey PRIMARY KEY (tenant_id, id),
  constraint price_publication_scope_check CHECK ((scope = ANY (ARRAY['all'::text, 'new'::text]))),
  constraint price_publication_state_check CHECK ((state = ANY (ARRAY['scheduled'::text, 'done'::text, 'undone'::text, 'cancelled'::text, 'failed'::text])))
);
CREATE INDEX price_publication_due ON catalog.price_publication USING btree (tenant_id, due_at) WHERE (state = 'scheduled'::text);
CREATE INDEX price_publication_recent ON catalog.price_publication USING btree (tenant_id, made_at DESC, id);

create table catalog.price_rate (
  tenant_id uuid not null,
  base text not null,
  quote text not null,
  on_date date not null,
  rate numeric(20,8) not null,
  source text not null,
  by text not null,
  at timestamp with time zone not null,
  constraint price_rate_base_check CHECK ((base ~ '^[A-Z]{3}$'::text)),
  constraint price_rate_by_check CHECK ((length(by) <= 200)),
  constraint price_rate_check CHECK (((quote ~ '^[A-Z]{3}$'::text) AND (quote <> base))),
  constraint price_rate_pkey PRIMARY KEY (tenant_id, base, quote, on_date),
  constraint price_rate_rate_check CHECK ((rate > (0)::numeric)),
  constraint price_rate_source_check CHECK ((length(source) <= 100))
);

create table catalog.quality_settings (
  tenant_id uuid not null,
  required jsonb not null,
  changed_at timestamp with time zone not null,
  changed_by text not null,
  constraint quality_settings_changed_by_check CHECK ((length(changed_by) <= 200)),
  constraint quality_settings_pkey PRIMARY KEY (tenant_id),
  constraint quality_settings_required_check CHECK ((pg_column_size(required) <= 20000))
);

create table catalog.signal (
  tenant_id uuid not null,
  id uuid not null,
  kind text not null,
  ids uuid[] default '{}'::uuid[] not null,
  costs boolean not null,
  "position" uuid,
  state text not null,
  due_at timestamp with time zone,
  created_at timestamp with time zone not null,
  constraint signal_ids_check CHECK ((cardinality(ids) <= 500)),
  constraint signal_kind_check CHECK ((kind = ANY (ARRAY['offer'::text, 'variant'::text, 'supplier'::text, 'all'::text]))),
  constraint signal_pkey PRIMARY KEY (tenant_id, id),
  constraint signal_state_check CHECK ((state = ANY (ARRAY['due'::text, 'done'::text])))
);
CREATE INDEX signal_done ON catalog.signal USING btree (tenant_id, id) WHERE (state = 'done'::text);
CREATE INDEX signal_due ON catalog.signal USING btree (tenant_id, state, due_at, id) WHERE (due_at IS NOT NULL);

create table catalog.standing (
  tenant_id uuid not null,
  id uuid not null,
  usable boolean not null,
  age text not null,
  short_share numeric(5,4) default 0 not null,
  state text not null,
  due_at timestamp with time zone,
  constraint standing_age_check CHECK ((age = ANY (ARRAY['fresh'::text, 'old'::text, 'stale'::text, 'each'::text]))),
  constraint standing_pkey PRIMARY KEY (tenant_id, id),
  constraint standing_short_share_check CHECK (((short_share >= (0)::numeric) AND (short_share <= (1)::numeric))),
  constraint standing_state_check CHECK ((state = 'watched'::text))
);
CREATE INDEX standing_due ON catalog.standing USING btree (tenant_id, state, due_at, id) WHERE (due_at IS NOT NULL);

create table catalog.undo (
  tenant_id uuid not null,
  id uuid not null,
  kind text not null,
  title text not null,
  actor text not null,
  row_count integer default 0 not null,
  created_at timestamp with time zone not null,
  until timestamp with time zone not null,
  undone_at timestamp with time zone,
  undone_by text default ''::text not null,
  left_count integer default 0 not null,
  constraint undo_actor_check CHECK ((length(actor) <= 200)),
  constraint undo_kind_check CHECK (((length(kind) >= 1) AND (length(kind) <= 60))),
  constraint undo_pkey PRIMARY KEY (tenant_id, id),
  constraint undo_title_check CHECK ((length(title) <= 300))
);
CREATE INDEX undo_recent ON catalog.undo USING btree (tenant_id, created_at DESC, id DESC);

create table catalog.undo_row (
  tenant_id uuid not null,
  undo_id uuid not null,
  target text not null,
  "position" bigint not null,
  key jsonb not null,
  before jsonb,
  after jsonb,
  constraint undo_row_pkey PRIMARY KEY (tenant_id, undo_id, target, "position")
);

create table catalog.variant (
  tenant_id uuid not null,
  id uuid not null,
  sku text not null,
  title text not null,
  brand text default ''::text not null,
  gtin text,
  price_minor bigint,
  currency text,
  weight_grams integer,
  created_at timestamp with time zone not null,
  category text default ''::text not null,
  tags text[] default '{}'::text[] not null,
  map_minor bigint,
  msrp_minor bigint,
  mpn text,
  locked text[] default '{}'::text[] not null,
  constraint variant_category_check CHECK ((length(category) <= 300)),
  constraint variant_locked_check CHECK ((cardinality(locked) <= 20)),
  constraint variant_map_minor_check CHECK ((map_minor > 0)),
  constraint variant_mpn_check CHECK ((length(mpn) <= 200)),
  constraint variant_msrp_minor_check CHECK ((msrp_minor > 0)),
  constraint variant_pkey PRIMARY KEY (tenant_id, id),
  constraint variant_tags_check CHECK ((cardinality(tags) <= 50)),
  constraint variant_tenant_id_sku_key UNIQUE (tenant_id, sku)
);
CREATE INDEX variant_gtin ON catalog.variant USING btree (tenant_id, gtin) WHERE (gtin IS NOT NULL);
CREATE INDEX variant_sku_begins ON catalog.variant USING btree (tenant_id, sku text_pattern_ops);

create table catalog.variant_change (
  tenant_id uuid not null,
  variant_id uuid not null,
  id uuid not null,
  field text not null,
  before text,
  after text,
  source text not null,
  by text not null,
  at timestamp with time zone not null,
  undo_id uuid,
  constraint variant_change_after_check CHECK ((length(after) <= 5000)),
  constraint variant_change_before_check CHECK ((length(before) <= 5000)),
  constraint variant_change_by_check CHECK ((length(by) <= 200)),
  constraint variant_change_field_check CHECK ((length(field) <= 40)),
  constraint variant_change_pkey PRIMARY KEY (tenant_id, variant_id, id, field),
  constraint variant_change_source_check CHECK ((source = ANY (ARRAY['screen'::text, 'file'::text, 'api'::text, 'offer'::text, 'undo'::text])))
);
CREATE INDEX variant_change_of ON catalog.variant_change USING btree (tenant_id, variant_id, at DESC);

create view catalog.v_feed with (security_invoker=true) as
 SELECT tenant_id,
    supplier_id,
    settings,
    told,
    complete_at
   FROM catalog.feed;

create view catalog.v_feed_run with (security_invoker=true) as
 SELECT tenant_id,
    id,
    supplier_id,
    name,
    state,
    rows_read,
    rows_new,
    rows_changed,
    rows_same,
    rows_refused,
    rows_gone,
    why,
    refused,
    observed_at,
    started_at,
    ended_at,
    kind,
    actor,
    origin,
    bytes,
    has_file,
    headers,
    reading,
    stages,
    guards,
    part,
    based_on,
    has_changes,
    new_from,
    new_to,
    encode(file_hash, 'hex'::text) AS file_hash
   FROM catalog.feed_run;

create view catalog.v_feed_source with (security_invoker=true) as
 SELECT tenant_id,
    id,
    supplier_id,
    transport,
    settings,
    schedule,
    target_minutes,
    state,
    due_at,
    asked_at,
    new_at,
    fresh_at,
    stale_at,
    trouble,
    created_at,
    (secrets IS NOT NULL) AS has_secrets
   FROM catalog.feed_source;

create view catalog.v_listing with (security_invoker=true) as
 SELECT tenant_id,
    channel_id,
    sku,
    variant_id
   FROM catalog.listing;

create view catalog.v_listing_price with (security_invoker=true) as
 SELECT tenant_id,
    channel_id,
    sku,
    price_minor,
    compare_minor,
    currency,
    breaks,
    rule_id,
    rule_name,
    policy_version,
    cost_minor,
    publication_id,
    by,
    published_at
   FROM catalog.listing_price;

create view catalog.v_match with (security_invoker=true) as
 SELECT tenant_id,
    variant_id,
    offer_id,
    state,
    confidence,
    evidence,
    created_at,
    units_per_offer,
    rule,
    certainty,
    facts,
    warnings,
    decided_at,
    decided_by
   FROM catalog.match;

create view catalog.v_offer with (security_invoker=true) as
 SELECT offer.tenant_id,
    offer.id,
    offer.supplier_id,
    offer.supplier_sku,
    offer.title,
    offer.brand,
    offer.gtin,
    offer.mpn,
    offer.cost_minor,
    offer.currency,
    offer.quantity,
    offer.buffer,
    offer.reserved,
    offer.ceiling,
    GREATEST((offer.ceiling - offer.reserved), 0) AS sellable,
    offer.pack_size,
    offer.lead_days,
    offer.state,
        CASE
            WHEN (offer.silent_since IS NULL) THEN GREATEST(offer.observed_at, feed.complete_at)
            ELSE offer.observed_at
        END AS observed_at,
    offer.changed_at,
    offer.silent_since
   FROM (catalog.offer
     LEFT JOIN catalog.feed ON (((feed.tenant_id = offer.tenant_id) AND (feed.supplier_id = offer.supplier_id))));

create view catalog.v_offer_change with (security_invoker=true) as
 SELECT tenant_id,
    run_id,
    offer_id,
    supplier_sku,
    what,
    flags,
    was_cost,
    cost,
    was_quantity,
    quantity,
    was_currency,
    currency,
    was_title,
    title,
    was_state
   FROM catalog.offer_change;

create view catalog.v_price_problem with (security_invoker=true) as
 SELECT tenant_id,
    channel_id,
    sku,
    kind,
    detail,
    cost_minor,
    since,
    at
   FROM catalog.price_problem;

create view catalog.v_variant with (security_invoker=true) as
 SELECT tenant_id,
    id,
    sku,
    title,
    brand,
    gtin,
    price_minor,
    currency,
    created_at,
    mpn,
    weight_grams,
    category,
    tags,
    map_minor,
    msrp_minor,
    locked
   FROM catalog.variant;

create view catalog.v_variant_change with (security_invoker=true) as
 SELECT change.tenant_id,
    change.variant_id,
    change.id,
    change.field,
    change.before,
    change.after,
    change.source,
    change.by,
    change.at,
    undo.undone_at
   FROM (catalog.variant_change change
     LEFT JOIN catalog.undo undo ON (((undo.tenant_id = change.tenant_id) AND (undo.id = change.undo_id))));

CREATE OR REPLACE FUNCTION catalog.title_likeness(one text, other text)
 RETURNS real
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$select public.similarity(one, other)$function$
;

CREATE OR REPLACE FUNCTION catalog.use_trigrams()
 RETURNS text
 LANGUAGE plpgsql
AS $function$
declare
  place text;
begin
  select space.nspname into place from pg_extension as extension join pg_namespace as space on space.oid = extension.extnamespace
   where extension.extname = 'pg_trgm';
  if place is null then
    execute 'create or replace function catalog.title_likeness(one text, other text) returns real language sql immutable parallel safe as ''select null::real''';
    return 'words';
  end if;
  execute format('create or replace function catalog.title_likeness(one text, other text) returns real language sql immutable parallel safe as ''select %I.similarity(one, other)''', place);
  return 'trigrams';
end $function$
;

-- ── channels ──

create table channels.channel (
  tenant_id uuid not null,
  id uuid not null,
  code text not null,
  name text not null,
  kind text not null,
  state text not null,
  settings jsonb default '{}'::jsonb not null,
  secrets bytea,
  currency text not null,
  due_at timestamp with time zone,
  polled_at timestamp with time zone,
  poll_cursor text default ''::text not null,
  last_order_at timestamp with time zone,
  trouble text default ''::text not null,
  created_at timestamp with time zone not null,
  constraint channel_kind_check CHECK ((kind ~ '^[a-z0-9-]{2,40}$'::text)),
  constraint channel_pkey PRIMARY KEY (tenant_id, id),
  constraint channel_state_check CHECK ((state = ANY (ARRAY['connected'::text, 'paused'::text, 'failing'::text]))),
  constraint channel_tenant_id_code_key UNIQUE (tenant_id, code)
);

create table channels.ear (
  tenant_id uuid not null,
  id uuid not null,
  state text not null,
  due_at timestamp with time zone,
  topics text[] default '{}'::text[] not null,
  mended integer default 0 not null,
  heard_at timestamp with time zone,
  armed_at timestamp with time zone,
  trouble text default ''::text not null,
  constraint ear_pkey PRIMARY KEY (tenant_id, id),
  constraint ear_state_check CHECK ((state = 'kept'::text)),
  constraint ear_trouble_check CHECK ((length(trouble) <= 500))
);
CREATE INDEX ear_due ON channels.ear USING btree (tenant_id, state, due_at, id) WHERE (due_at IS NOT NULL);

create table channels.nudge (
  tenant_id uuid not null,
  id uuid not null,
  channel_id uuid not null,
  object text not null,
  state text not null,
  due_at timestamp with time zone,
  heard_at timestamp with time zone not null,
  first_at timestamp with time zone not null,
  constraint nudge_object_check CHECK (((length(object) >= 1) AND (length(object) <= 200))),
  constraint nudge_pkey PRIMARY KEY (tenant_id, id),
  constraint nudge_state_check CHECK ((state = 'heard'::text)),
  constraint nudge_tenant_id_channel_id_object_key UNIQUE (tenant_id, channel_id, object)
);
CREATE INDEX nudge_due ON channels.nudge USING btree (tenant_id, state, due_at, id) WHERE (due_at IS NOT NULL);

create table channels.push (
  tenant_id uuid not null,
  id uuid not null,
  channel_id uuid not null,
  rows jsonb not null,
  count integer not null,
  state text not null,
  due_at timestamp with time zone,
  refused integer default 0 not null,
  trouble text default ''::text not null,
  created_at timestamp with time zone not null,
  changed_at timestamp with time zone not null,
  constraint push_pkey PRIMARY KEY (tenant_id, id),
  constraint push_rows_check CHECK ((pg_column_size(rows) <= 4000000)),
  constraint push_state_check CHECK ((state = ANY (ARRAY['queued'::text, 'sending'::text, 'sent'::text, 'unknown'::text, 'failed'::text]))),
  constraint push_trouble_check CHECK ((length(trouble) <= 500))
);
CREATE INDEX push_due ON channels.push USING btree (tenant_id, state, due_at, id) WHERE (due_at IS NOT NULL);
CREATE INDEX push_of ON channels.push USING btree (tenant_id, channel_id, created_at DESC, id DESC);

create table channels.report (
  tenant_id uuid not null,
  id uuid not null,
  channel_id uuid not null,
  order_id uuid not null,
  parcel_id uuid not null,
  order_external_id text not null,
  order_number text not null,
  carrier text not null,
  number text not null,
  lines jsonb not null,
  state text not null,
  due_at timestamp with time zone,
  created_at timestamp with time zone not null,
  changed_at timestamp with time zone not null,
  constraint report_pkey PRIMARY KEY (tenant_id, id),
  constraint report_state_check CHECK ((state = ANY (ARRAY['queued'::text, 'sending'::text, 'sent'::text, 'unknown'::text, 'failed'::text]))),
  constraint report_tenant_id_parcel_id_order_id_key UNIQUE (tenant_id, parcel_id, order_id)
);
CREATE INDEX report_due ON channels.report USING btree (tenant_id, state, due_at, id) WHERE (due_at IS NOT NULL);
CREATE INDEX report_of_channel ON channels.report USING btree (tenant_id, channel_id, state) WHERE (state <> 'sent'::text);

create table channels.shelf (
  tenant_id uuid not null,
  id uuid not null,
  state text not null,
  due_at timestamp with time zone,
  cursor text default ''::text not null,
  began_at timestamp with time zone,
  reconciled_at timestamp with time zone,
  seen integer default 0 not null,
  drifted integer default 0 not null,
  unknown integer default 0 not null,
  trouble text default ''::text not null,
  constraint shelf_pkey PRIMARY KEY (tenant_id, id),
  constraint shelf_state_check CHECK ((state = 'kept'::text)),
  constraint shelf_trouble_check CHECK ((length(trouble) <= 500))
);
CREATE INDEX shelf_due ON channels.shelf USING btree (tenant_id, state, due_at, id) WHERE (due_at IS NOT NULL);

create table channels.told (
  tenant_id uuid not null,
  channel_id uuid not null,
  sku text not null,
  want_quantity integer,
  want_price_minor bigint,
  want_compare_minor bigint,
  wanted_at timestamp with time zone,
  why jsonb default '{}'::jsonb not null,
  quantity integer,
  price_minor bigint,
  compare_minor bigint,
  told_at timestamp with time zone,
  stale_since timestamp with time zone,
  push_id uuid,
  trouble text default ''::text not null,
  seen_at timestamp with time zone,
  ref text default ''::text not null,
  constraint told_pkey PRIMARY KEY (tenant_id, channel_id, sku),
  constraint told_ref_check CHECK ((length(ref) <= 1000)),
  constraint told_trouble_check CHECK ((length(trouble) <= 500)),
  constraint told_want_price_minor_check CHECK ((want_price_minor > 0)),
  constraint told_want_quantity_check CHECK ((want_quantity >= 0)),
  constraint told_why_check CHECK ((pg_column_size(why) <= 100000))
);
CREATE INDEX told_pushed ON channels.told USING btree (tenant_id, push_id) WHERE (push_id IS NOT NULL);
CREATE INDEX told_stale ON channels.told USING btree (tenant_id, channel_id, stale_since, sku) WHERE ((stale_since IS NOT NULL) AND (push_id IS NULL));
CREATE INDEX told_trouble ON channels.told USING btree (tenant_id, channel_id, sku) WHERE (trouble <> ''::text);

create view channels.v_channel with (security_invoker=true) as
 SELECT tenant_id,
    id,
    code,
    name,
    kind,
    state,
    settings,
    currency,
    polled_at,
    last_order_at,
    trouble,
    created_at
   FROM channels.channel;

create view channels.v_ear with (security_invoker=true) as
 SELECT tenant_id,
    id,
    due_at,
    topics,
    mended,
    heard_at,
    armed_at,
    trouble
   FROM channels.ear;

create view channels.v_push with (security_invoker=true) as
 SELECT tenant_id,
    id,
    channel_id,
    count,
    state,
    due_at,
    refused,
    trouble,
    created_at,
    changed_at
   FROM channels.push;

create view channels.v_report with (security_invoker=true) as
 SELECT tenant_id,
    id,
    channel_id,
    order_id,
    parcel_id,
    state,
    created_at,
    changed_at,
    due_at
   FROM channels.report;

create view channels.v_shelf with (security_invoker=true) as
 SELECT tenant_id,
    id,
    due_at,
    began_at,
    reconciled_at,
    seen,
    drifted,
    unknown,
    trouble
   FROM channels.shelf;

create view channels.v_told with (security_invoker=true) as
 SELECT tenant_id,
    channel_id,
    sku,
    want_quantity,
    want_price_minor,
    want_compare_minor,
    wanted_at,
    why,
    quantity,
    price_minor,
    compare_minor,
    told_at,
    stale_since,
    push_id,
    trouble,
    seen_at
   FROM channels.told;

-- ── exceptions ──

create table exceptions.exception (
  tenant_id uuid not null,
  id uuid not null,
  kind text not null,
  subject_kind text not null,
  subject_id uuid not null,
  order_id uuid,
  supplier_id uuid,
  channel_id uuid,
  cause text not null,
  title text not null,
  detail text default ''::text not null,
  evidence jsonb default '{}'::jsonb not null,
  fixes jsonb default '[]'::jsonb not null,
  money_minor bigint default 0 not null,
  currency text default 'USD'::text not null,
  state text not null,
  opened_at timestamp with time zone not null,
  due_at timestamp with time zone,
  times integer default 1 not null,
  assignee uuid,
  resolved_at timestamp with time zone,
  resolved_by text default ''::text not null,
  resolution text default ''::text not null,
  constraint exception_pkey PRIMARY KEY (tenant_id, id),
  constraint exception_state_check CHECK ((state = ANY (ARRAY['open'::text, 'snoozed'::text, 'resolved'::text])))
);
CREATE INDEX exception_list ON exceptions.exception USING btree (tenant_id, state, opened_at, id);
CREATE INDEX exception_of_order ON exceptions.exception USING btree (tenant_id, order_id) WHERE (order_id IS NOT NULL);
CREATE UNIQUE INDEX exception_open ON exceptions.exception USING btree (tenant_id, kind, subject_id) WHERE (state <> 'resolved'::text);

create view exceptions.v_exception with (security_invoker=true) as
 SELECT tenant_id,
    id,
    kind,
    subject_kind,
    subject_id,
    order_id,
    supplier_id,
    channel_id,
    cause,
    title,
    detail,
    evidence,
    fixes,
    money_minor,
    currency,
    state,
    opened_at,
    due_at,
    times,
    resolved_at,
    resolved_by,
    resolution
   FROM exceptions.exception;

-- ── identity ──

create table identity.door (
  token_hash bytea not null,
  tenant uuid not null,
  purpose text not null,
  subject_id uuid,
  scope jsonb default '{}'::jsonb not null,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone,
  used_at timestamp with time zone,
  revoked_at timestamp with time zone,
  constraint door_pkey PRIMARY KEY (token_hash),
  constraint door_purpose_check CHECK ((purpose = ANY (ARRAY['sign-in'::text, 'session'::text, 'api-key'::text, 'hook'::text, 'supplier-link'::text, 'tracking-link'::text]))),
  constraint door_tenant_fkey FOREIGN KEY (tenant) REFERENCES identity.tenant(id)
);
CREATE INDEX door_of ON identity.door USING btree (tenant, purpose, subject_id);
-- Not of one tenant.

create table identity.person (
  tenant_id uuid not null,
  id uuid not null,
  email text not null,
  name text not null,
  role text not null,
  created_at timestamp with time zone not null,
  constraint person_pkey PRIMARY KEY (tenant_id, id),
  constraint person_role_check CHECK ((role = ANY (ARRAY['owner'::text, 'admin'::text, 'operations'::text, 'read-only'::text]))),
  constraint person_tenant_id_email_key UNIQUE (tenant_id, email)
);

create table identity.tenant (
  id uuid not null,
  name text not null,
  mode text not null,
  brand jsonb default '{}'::jsonb not null,
  settings jsonb default '{}'::jsonb not null,
  created_at timestamp with time zone not null,
  constraint tenant_mode_check CHECK ((mode = ANY (ARRAY['demo'::text, 'test'::text, 'live'::text]))),
  constraint tenant_pkey PRIMARY KEY (id)
);
-- Not of one tenant.

create view identity.v_brand with (security_invoker=true) as
 SELECT id AS tenant_id,
    name,
    brand
   FROM identity.tenant;

create view identity.v_person with (security_invoker=true) as
 SELECT tenant_id,
    id,
    name,
    email,
    role
   FROM identity.person;

-- ── insight ──

create table insight.word (
  tenant_id uuid not null,
  word text not null,
  order_id uuid not null,
  constraint word_pkey PRIMARY KEY (tenant_id, word, order_id)
);
CREATE INDEX word_of_order ON insight.word USING btree (tenant_id, order_id);

CREATE OR REPLACE FUNCTION insight.change_words()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  delete from insight.word where tenant_id = new.tenant_id and order_id = new.id;
  insert into insight.word (tenant_id, word, order_id)
  select new.tenant_id, said.word, new.id
    from insight.words_of(new.number, new.external_id, new.customer_name, new.email, new.phone, new.postcode) as said (word)
      on conflict do nothing;
  return null;
end $function$
;

CREATE OR REPLACE FUNCTION insight.keep_words()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  insert into insight.word (tenant_id, word, order_id)
  select added.tenant_id, said.word, added.id
    from added
   cross join lateral insight.words_of(added.number, added.external_id, added.customer_name, added.email, added.phone, added.postcode) as said (word)
      on conflict do nothing;
  return null;
end $function$
;

CREATE OR REPLACE FUNCTION insight.words_of(number text, external_id text, customer_name text, email text, phone text, postcode text)
 RETURNS SETOF text
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select distinct left(word, 80)
    from (select ltrim(lower(number), '#')
          union all select lower(external_id)
          union all select lower(email)
          union all select regexp_replace(phone, '[^0-9]', '', 'g')
          union all select regexp_replace(lower(postcode), '[^[:alnum:]]', '', 'g')
          union all select regexp_split_to_table(lower(customer_name), '[^[:alnum:]]+')) as said (word)
   where length(word) >= 2
$function$
;

-- ── notifications ──

create table notifications.message (
  tenant_id uuid not null,
  id uuid not null,
  order_id uuid,
  subject_id uuid not null,
  meaning text not null,
  channel text not null,
  address text not null,
  state text not null,
  due_at timestamp with time zone,
  subject text default ''::text not null,
  body_text text default ''::text not null,
  body_html text default ''::text not null,
  why_not text default ''::text not null,
  created_at timestamp with time zone not null,
  changed_at timestamp with time zone not null,
  sent_at timestamp with time zone,
  constraint message_channel_check CHECK ((channel = 'email'::text)),
  constraint message_pkey PRIMARY KEY (tenant_id, id),
  constraint message_state_check CHECK ((state = ANY (ARRAY['queued'::text, 'sending'::text, 'sent'::text, 'unknown'::text, 'suppressed'::text, 'failed'::text]))),
  constraint message_tenant_id_subject_id_meaning_channel_address_key UNIQUE (tenant_id, subject_id, meaning, channel, address)
);
CREATE INDEX message_due ON notifications.message USING btree (tenant_id, state, due_at, id) WHERE (due_at IS NOT NULL);
CREATE INDEX message_of_order ON notifications.message USING btree (tenant_id, order_id, created_at, id) WHERE (order_id IS NOT NULL);

create view notifications.v_message with (security_invoker=true) as
 SELECT tenant_id,
    id,
    order_id,
    subject_id,
    meaning,
    channel,
    address,
    state,
    subject,
    body_text,
    why_not,
    created_at,
    sent_at,
    due_at
   FROM notifications.message;

-- ── orders ──

create table orders.hold (
  tenant_id uuid not null,
  id uuid not null,
  order_id uuid not null,
  reason text not null,
  detail text default ''::text not null,
  placed_at timestamp with time zone not null,
  actor text not null,
  released_at timestamp with time zone,
  released_by text default ''::text not null,
  constraint hold_pkey PRIMARY KEY (tenant_id, order_id, id)
);
CREATE UNIQUE INDEX hold_open ON orders.hold USING btree (tenant_id, order_id, reason) WHERE (released_at IS NULL);

create table orders.line (
  tenant_id uuid not null,
  id uuid not null,
  order_id uuid not null,
  "position" integer not null,
  external_id text not null,
  sku text not null,
  title text default ''::text not null,
  kind text default 'goods'::text not null,
  variant_id uuid,
  quantity integer not null,
  cancelled integer default 0 not null,
  price_minor bigint not null,
  discount_minor bigint default 0 not null,
  tax_minor bigint default 0 not null,
  elsewhere integer default 0 not null,
  constraint line_check CHECK (((cancelled >= 0) AND (cancelled <= quantity))),
  constraint line_kind_check CHECK ((kind = ANY (ARRAY['goods'::text, 'service'::text]))),
  constraint line_pkey PRIMARY KEY (tenant_id, order_id, id),
  constraint line_quantity_check CHECK ((quantity > 0)),
  constraint line_tenant_id_order_id_external_id_key UNIQUE (tenant_id, order_id, external_id)
);
CREATE INDEX line_sku ON orders.line USING btree (tenant_id, sku);

create table orders."order" (
  tenant_id uuid not null,
  id uuid not null,
  channel_id uuid not null,
  external_id text not null,
  number text not null,
  state text not null,
  status text not null,
  due_at timestamp with time zone,
  placed_at timestamp with time zone not null,
  received_at timestamp with time zone not null,
  changed_at timestamp with time zone not null,
  source_at timestamp with time zone not null,
  currency text not null,
  subtotal_minor bigint not null,
  discount_minor bigint default 0 not null,
  shipping_minor bigint default 0 not null,
  tax_minor bigint default 0 not null,
  total_minor bigint not null,
  payment text not null,
  customer_name text default ''::text not null,
  email text default ''::text not null,
  phone text default ''::text not null,
  ship_to jsonb not null,
  country text default ''::text not null,
  postcode text default ''::text not null,
  service text default 'standard'::text not null,
  likeness bytea not null,
  is_test boolean default false not null,
  tags text[] default '{}'::text[] not null,
  note text default ''::text not null,
  routed_times integer default 0 not null,
  cancel_asked_at timestamp with time zone,
  promised_at timestamp with time zone,
  closed_at timestamp with time zone,
  other_minor bigint default 0 not null,
  refunded_minor bigint default 0 not null,
  tax_included boolean default false not null,
  risk text default ''::text not null,
  service_name text default ''::text not null,
  is_history boolean default false not null,
  constraint order_payment_check CHECK ((payment = ANY (ARRAY['pending'::text, 'authorised'::text, 'paid'::text, 'partially_refunded'::text, 'refunded'::text, 'voided'::text]))),
  constraint order_pkey PRIMARY KEY (tenant_id, id),
  constraint order_risk_check CHECK ((risk = ANY (ARRAY[''::text, 'low'::text, 'medium'::text, 'high'::text]))),
  constraint order_service_check CHECK ((service = ANY (ARRAY['standard'::text, 'express'::text]))),
  constraint order_state_check CHECK ((state = ANY (ARRAY['received'::text, 'accepted'::text, 'held'::text, 'routed'::text, 'in_fulfilment'::text, 'closed'::text, 'cancelled'::text]))),
  constraint order_tenant_id_channel_id_external_id_key UNIQUE (tenant_id, channel_id, external_id)
) with (fillfactor=80);
CREATE INDEX order_due ON orders."order" USING btree (tenant_id, state, due_at, id) WHERE (due_at IS NOT NULL);
CREATE INDEX order_email ON orders."order" USING btree (tenant_id, email, placed_at) WHERE (email <> ''::text);
CREATE INDEX order_likeness ON orders."order" USING btree (tenant_id, likeness, placed_at);
CREATE INDEX order_number ON orders."order" USING btree (tenant_id, number text_pattern_ops);
CREATE INDEX order_placed ON orders."order" USING btree (tenant_id, placed_at DESC, id DESC);
CREATE INDEX order_status ON orders."order" USING btree (tenant_id, status, placed_at DESC, id DESC);
CREATE INDEX order_unrouted ON orders."order" USING btree (tenant_id, id) WHERE (state = ANY (ARRAY['received'::text, 'accepted'::text, 'held'::text]));
CREATE TRIGGER words_of_changed AFTER UPDATE OF number, customer_name, email, phone, postcode ON orders."order" FOR EACH ROW WHEN ((((((old.number IS DISTINCT FROM new.number) OR (old.customer_name IS DISTINCT FROM new.customer_name)) OR (old.email IS DISTINCT FROM new.email)) OR (old.phone IS DISTINCT FROM new.phone)) OR (old.postcode IS DISTINCT FROM new.postcode))) EXECUTE FUNCTION insight.change_words();
CREATE TRIGGER words_of_new AFTER INSERT ON orders."order" REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION insight.keep_words();

create view orders.v_hold with (security_invoker=true) as
 SELECT tenant_id,
    order_id,
    id,
    reason,
    detail,
    placed_at,
    actor,
    released_at,
    released_by
   FROM orders.hold;

create view orders.v_line with (security_invoker=true) as
 SELECT tenant_id,
    order_id,
    id,
    "position",
    external_id,
    sku,
    title,
    kind,
    variant_id,
    quantity,
    cancelled,
    price_minor,
    discount_minor,
    tax_minor
   FROM orders.line;

create view orders.v_line_to_follow with (security_invoker=true) as
 SELECT tenant_id,
    order_id,
    id,
    "position",
    title,
    quantity,
    cancelled
   FROM orders.line
  WHERE (kind = 'goods'::text);

create view orders.v_order with (security_invoker=true) as
 SELECT tenant_id,
    id,
    channel_id,
    external_id,
    number,
    state,
    status,
    due_at,
    placed_at,
    received_at,
    changed_at,
    currency,
    subtotal_minor,
    discount_minor,
    shipping_minor,
    tax_minor,
    total_minor,
    payment,
    customer_name,
    email,
    phone,
    ship_to,
    country,
    postcode,
    service,
    is_test,
    tags,
    note,
    routed_times,
    cancel_asked_at,
    promised_at,
    closed_at
   FROM orders."order";

create view orders.v_order_to_follow with (security_invoker=true) as
 SELECT tenant_id,
    id,
    number,
    state,
    status,
    placed_at,
    promised_at,
    country,
    postcode,
    email,
    COALESCE((ship_to ->> 'city'::text), ''::text) AS city
   FROM orders."order";

-- ── platform ──

create table platform.arrival (
  tenant_id uuid not null,
  id uuid not null,
  kind text not null,
  source text not null,
  object text not null,
  content_hash bytea not null,
  name text default ''::text not null,
  headers jsonb default '{}'::jsonb not null,
  body bytea not null,
  state text not null,
  due_at timestamp with time zone,
  received_at timestamp with time zone not null,
  note text default ''::text not null,
  again integer default 0 not null,
  last_at timestamp with time zone not null,
  constraint arrival_pkey PRIMARY KEY (tenant_id, id),
  constraint arrival_state_check CHECK ((state = ANY (ARRAY['received'::text, 'read'::text, 'refused'::text]))),
  constraint arrival_tenant_id_source_object_content_hash_key UNIQUE (tenant_id, source, object, content_hash)
);
CREATE INDEX arrival_due ON platform.arrival USING btree (tenant_id, state, due_at, id) WHERE (due_at IS NOT NULL);
CREATE INDEX arrival_of_source ON platform.arrival USING btree (tenant_id, source, id DESC);
CREATE INDEX arrival_recent ON platform.arrival USING btree (tenant_id, received_at DESC, id);
CREATE INDEX arrival_refused ON platform.arrival USING btree (tenant_id, id DESC) WHERE (state = 'refused'::text);

create table platform.calendar (
  tenant_id uuid not null,
  entry text not null,
  due_at timestamp with time zone not null,
  done_at timestamp with time zone not null,
  constraint calendar_pkey PRIMARY KEY (tenant_id, entry, due_at)
);

create table platform.clock (
  only_one boolean default true not null,
  offset_ms bigint default 0 not null,
  constraint clock_only_one_check CHECK (only_one),
  constraint clock_pkey PRIMARY KEY (only_one)
);
-- Not of one tenant.

create table platform.effect (
  tenant_id uuid not null,
  key text not null,
  step text not null,
  subject_kind text not null,
  subject_id uuid not null,
  attempt integer not null,
  token uuid not null,
  state text not null,
  absences integer default 0 not null,
  intended_at timestamp with time zone not null,
  lease_until timestamp with time zone not null,
  settled_at timestamp with time zone,
  reply jsonb,
  fault jsonb,
  constraint effect_attempt_check CHECK (((attempt >= 1) AND (attempt <= 1000))),
  constraint effect_pkey PRIMARY KEY (tenant_id, key),
  constraint effect_state_check CHECK ((state = ANY (ARRAY['sending'::text, 'waiting'::text, 'unknown'::text, 'refused'::text, 'done'::text])))
);
CREATE INDEX effect_of ON platform.effect USING btree (tenant_id, subject_id, intended_at);

create table platform.idempotency (
  tenant_id uuid not null,
  key text not null,
  fingerprint text not null,
  status integer,
  body jsonb,
  created_at timestamp with time zone not null,
  constraint idempotency_pkey PRIMARY KEY (tenant_id, key)
);

create table platform.migration (
  number integer not null,
  name text not null,
  checksum text not null,
  kind text not null,
  applied_at timestamp with time zone not null,
  constraint migration_pkey PRIMARY KEY (number)
);
-- Not of one tenant.

create table platform.rate_budget (
  tenant_id uuid not null,
  account text not null,
  tokens double precision not null,
  refilled_at timestamp with time zone not null,
  constraint rate_budget_pkey PRIMARY KEY (tenant_id, account)
);

create table platform.run (
  tenant_id uuid not null,
  id uuid not null,
  kind text not null,
  subject text default ''::text not null,
  state text not null,
  settings jsonb default '{}'::jsonb not null,
  "position" jsonb default '{}'::jsonb not null,
  done_count bigint default 0 not null,
  total_count bigint,
  summary jsonb default '{}'::jsonb not null,
  problem text default ''::text not null,
  cancel_asked boolean default false not null,
  holder uuid,
  lease_until timestamp with time zone,
  created_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  constraint run_pkey PRIMARY KEY (tenant_id, id),
  constraint run_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'running'::text, 'done'::text, 'failed'::text, 'cancelled'::text])))
);
CREATE INDEX run_open ON platform.run USING btree (tenant_id, created_at, id) WHERE (state = ANY (ARRAY['waiting'::text, 'running'::text]));

create view platform.v_arrival with (security_invoker=true) as
 SELECT tenant_id,
    id,
    kind,
    source,
    object,
    name,
    headers,
    body,
    state,
    received_at,
    note,
    again,
    last_at,
    due_at
   FROM platform.arrival;

create view platform.v_effect with (security_invoker=true) as
 SELECT tenant_id,
    key,
    step,
    subject_kind,
    subject_id,
    attempt,
    state,
    intended_at,
    settled_at,
    fault,
    absences
   FROM platform.effect;

create view platform.v_run with (security_invoker=true) as
 SELECT tenant_id,
    id,
    kind,
    subject,
    state,
    done_count,
    total_count,
    summary,
    problem,
    created_at,
    ended_at
   FROM platform.run;

CREATE OR REPLACE FUNCTION platform.guard_tenants()
 RETURNS void
 LANGUAGE plpgsql
AS $function$
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
end $function$
;

CREATE OR REPLACE FUNCTION platform.ring(steps text[], tenant uuid)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  perform graphile_worker.add_job('ring', json_build_object('step', step, 'tenant', tenant), job_key := step || ':' || tenant, job_key_mode := 'replace', max_attempts := 3)
  from unnest(steps) as step;
end $function$
;

-- ── purchasing ──

create sequence purchasing.number_seq;

create table purchasing.change (
  tenant_id uuid not null,
  id uuid not null,
  purchase_id uuid not null,
  kind text not null,
  state text not null,
  due_at timestamp with time zone,
  why text default ''::text not null,
  created_at timestamp with time zone not null,
  changed_at timestamp with time zone not null,
  answered_at timestamp with time zone,
  constraint change_kind_check CHECK ((kind = 'cancel'::text)),
  constraint change_pkey PRIMARY KEY (tenant_id, id),
  constraint change_state_check CHECK ((state = ANY (ARRAY['queued'::text, 'sending'::text, 'sent'::text, 'unknown'::text, 'accepted'::text, 'refused'::text, 'failed'::text])))
);
CREATE INDEX change_due ON purchasing.change USING btree (tenant_id, state, due_at, id) WHERE (due_at IS NOT NULL);
CREATE UNIQUE INDEX change_open ON purchasing.change USING btree (tenant_id, purchase_id, kind) WHERE (state <> ALL (ARRAY['accepted'::text, 'refused'::text, 'failed'::text]));

create table purchasing.document (
  tenant_id uuid not null,
  id uuid not null,
  purchase_id uuid not null,
  direction text not null,
  kind text not null,
  name text not null,
  type text not null,
  bytes bytea not null,
  at timestamp with time zone not null,
  constraint document_direction_check CHECK ((direction = ANY (ARRAY['out'::text, 'in'::text]))),
  constraint document_pkey PRIMARY KEY (tenant_id, purchase_id, id)
);

create table purchasing.line (
  tenant_id uuid not null,
  id uuid not null,
  purchase_id uuid not null,
  "position" integer not null,
  order_line_id uuid not null,
  allocation_id uuid not null,
  offer_id uuid not null,
  supplier_sku text not null,
  title text default ''::text not null,
  quantity integer not null,
  unit_cost_minor bigint not null,
  response text,
  accepted integer default 0 not null,
  refused integer default 0 not null,
  shipped integer default 0 not null,
  expected_at timestamp with time zone,
  reason text default ''::text not null,
  answered_at timestamp with time zone,
  constraint line_check CHECK (((accepted >= 0) AND (accepted <= quantity))),
  constraint line_check1 CHECK (((refused >= 0) AND (refused <= quantity))),
  constraint line_pkey PRIMARY KEY (tenant_id, purchase_id, id),
  constraint line_quantity_check CHECK ((quantity > 0)),
  constraint line_response_check CHECK ((response = ANY (ARRAY['accepted'::text, 'short'::text, 'backordered'::text, 'substituted'::text, 'repriced'::text, 'rejected'::text]))),
  constraint line_shipped_check CHECK ((shipped >= 0)),
  constraint line_tenant_id_purchase_id_position_key UNIQUE (tenant_id, purchase_id, "position")
);

create table purchasing.purchase (
  tenant_id uuid not null,
  id uuid not null,
  number text not null,
  supplier_id uuid not null,
  order_id uuid not null,
  version integer default 1 not null,
  transmission text not null,
  response text default 'awaited'::text not null,
  fulfilment text default 'none'::text not null,
  due_at timestamp with time zone,
  currency text not null,
  cost_minor bigint not null,
  ship_to jsonb not null,
  service text not null,
  transport text not null,
  created_at timestamp with time zone not null,
  changed_at timestamp with time zone not null,
  sent_at timestamp with time zone,
  ack_due_at timestamp with time zone,
  acknowledged_at timestamp with time zone,
  ship_due_at timestamp with time zone,
  reminded integer default 0 not null,
  reference text default ''::text not null,
  constraint purchase_pkey PRIMARY KEY (tenant_id, id),
  constraint purchase_tenant_id_number_key UNIQUE (tenant_id, number),
  constraint purchase_transmission_check CHECK ((transmission = ANY (ARRAY['queued'::text, 'sending'::text, 'sent'::text, 'unknown'::text, 'failed'::text, 'acknowledged'::text, 'closed'::text, 'cancelled'::text])))
) with (fillfactor=80);
CREATE INDEX purchase_by_transmission ON purchasing.purchase USING btree (tenant_id, transmission, created_at DESC, id DESC);
CREATE INDEX purchase_due ON purchasing.purchase USING btree (tenant_id, transmission, due_at, id) WHERE (due_at IS NOT NULL);
CREATE INDEX purchase_number_begins ON purchasing.purchase USING btree (tenant_id, number text_pattern_ops);
CREATE INDEX purchase_of_order ON purchasing.purchase USING btree (tenant_id, order_id, id);
CREATE INDEX purchase_of_supplier ON purchasing.purchase USING btree (tenant_id, supplier_id, created_at DESC, id DESC);
CREATE INDEX purchase_recent ON purchasing.purchase USING btree (tenant_id, created_at DESC, id DESC);

create view purchasing.v_change with (security_invoker=true) as
 SELECT tenant_id,
    id,
    purchase_id,
    kind,
    state,
    why,
    created_at,
    answered_at,
    due_at
   FROM purchasing.change;

create view purchasing.v_document with (security_invoker=true) as
 SELECT tenant_id,
    purchase_id,
    id,
    direction,
    kind,
    name,
    type,
    bytes,
    at
   FROM purchasing.document;

create view purchasing.v_line with (security_invoker=true) as
 SELECT tenant_id,
    purchase_id,
    id,
    "position",
    order_line_id,
    allocation_id,
    offer_id,
    supplier_sku,
    title,
    quantity,
    unit_cost_minor,
    response,
    accepted,
    refused,
    shipped,
    expected_at,
    reason,
    answered_at
   FROM purchasing.line;

create view purchasing.v_line_to_ship with (security_invoker=true) as
 SELECT tenant_id,
    purchase_id,
    id,
    "position",
    order_line_id,
    supplier_sku,
    quantity,
    refused,
    (quantity - refused) AS wanted,
    expected_at
   FROM purchasing.line;

create view purchasing.v_purchase with (security_invoker=true) as
 SELECT tenant_id,
    id,
    number,
    supplier_id,
    order_id,
    version,
    transmission,
    response,
    fulfilment,
    due_at,
    currency,
    cost_minor,
    ship_to,
    service,
    transport,
    created_at,
    changed_at,
    sent_at,
    ack_due_at,
    acknowledged_at,
    ship_due_at,
    reminded,
    reference,
        CASE transmission
            WHEN 'sent'::text THEN ack_due_at
            WHEN 'acknowledged'::text THEN ship_due_at
            WHEN 'queued'::text THEN due_at
            WHEN 'sending'::text THEN due_at
            WHEN 'unknown'::text THEN due_at
            ELSE NULL::timestamp with time zone
        END AS clock_at,
        CASE transmission
            WHEN 'sent'::text THEN 'acknowledge'::text
            WHEN 'acknowledged'::text THEN 'ship'::text
            WHEN 'queued'::text THEN 'place'::text
            WHEN 'sending'::text THEN 'place'::text
            WHEN 'unknown'::text THEN 'look'::text
            ELSE NULL::text
        END AS clock_what
   FROM purchasing.purchase;

create view purchasing.v_purchase_to_ship with (security_invoker=true) as
 SELECT tenant_id,
    id,
    number,
    supplier_id,
    order_id,
    transmission,
    created_at,
        CASE
            WHEN ((ship_to ->> 'country'::text) ~ '^[A-Z]{2}$'::text) THEN (ship_to ->> 'country'::text)
            ELSE ''::text
        END AS country
   FROM purchasing.purchase;

-- ── routing ──

create table routing.allocation (
  tenant_id uuid not null,
  id uuid not null,
  order_id uuid not null,
  line_id uuid not null,
  offer_id uuid not null,
  supplier_id uuid not null,
  quantity integer not null,
  unit_cost_minor bigint not null,
  currency text not null,
  attempt integer not null,
  supplier_sku text not null,
  given_back integer default 0 not null,
  state text not null,
  created_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  constraint allocation_given_back_check CHECK ((given_back >= 0)),
  constraint allocation_pkey PRIMARY KEY (tenant_id, order_id, id),
  constraint allocation_quantity_check CHECK ((quantity >= 0)),
  constraint allocation_state_check CHECK ((state = ANY (ARRAY['live'::text, 'reflected'::text, 'released'::text])))
);
CREATE INDEX allocation_of_supplier ON routing.allocation USING btree (tenant_id, supplier_id, created_at) WHERE (state = 'live'::text);

create table routing.decision (
  tenant_id uuid not null,
  id uuid not null,
  order_id uuid not null,
  attempt integer not null,
  policy_version integer not null,
  at timestamp with time zone not null,
  outcome text not null,
  lines jsonb not null,
  constraint decision_outcome_check CHECK ((outcome = ANY (ARRAY['routed'::text, 'held'::text]))),
  constraint decision_pkey PRIMARY KEY (tenant_id, order_id, id)
);

create table routing.policy (
  tenant_id uuid not null,
  id uuid not null,
  version integer not null,
  state text not null,
  rules jsonb not null,
  note text default ''::text not null,
  created_at timestamp with time zone not null,
  published_at timestamp with time zone,
  constraint policy_pkey PRIMARY KEY (tenant_id, id),
  constraint policy_state_check CHECK ((state = ANY (ARRAY['draft'::text, 'live'::text, 'retired'::text]))),
  constraint policy_tenant_id_version_key UNIQUE (tenant_id, version)
);
CREATE UNIQUE INDEX policy_live ON routing.policy USING btree (tenant_id) WHERE (state = 'live'::text);

create view routing.v_allocation with (security_invoker=true) as
 SELECT tenant_id,
    order_id,
    id,
    line_id,
    offer_id,
    supplier_id,
    quantity,
    unit_cost_minor,
    currency,
    state,
    created_at,
    ended_at
   FROM routing.allocation;

create view routing.v_decision with (security_invoker=true) as
 SELECT tenant_id,
    order_id,
    id,
    attempt,
    policy_version,
    at,
    outcome,
    lines
   FROM routing.decision;

create view routing.v_policy with (security_invoker=true) as
 SELECT tenant_id,
    id,
    version,
    state,
    rules,
    note,
    created_at,
    published_at
   FROM routing.policy;

-- ── shipping ──

create table shipping.event (
  tenant_id uuid not null,
  id uuid not null,
  parcel_id uuid not null,
  at timestamp with time zone not null,
  milestone text not null,
  sub_code text default ''::text not null,
  place text default ''::text not null,
  text text default ''::text not null,
  source text not null,
  received_at timestamp with time zone not null,
  set_aside text default ''::text not null,
  country text default ''::text not null,
  offset_minutes integer,
  constraint event_pkey PRIMARY KEY (tenant_id, parcel_id, id),
  constraint event_tenant_id_parcel_id_at_milestone_sub_code_text_key UNIQUE (tenant_id, parcel_id, at, milestone, sub_code, text)
);

create table shipping.parcel (
  tenant_id uuid not null,
  id uuid not null,
  shipment_id uuid not null,
  purchase_id uuid not null,
  order_id uuid not null,
  carrier text not null,
  number text not null,
  milestone text not null,
  delayed boolean default false not null,
  due_at timestamp with time zone,
  label_at timestamp with time zone not null,
  first_scan_at timestamp with time zone,
  last_event_at timestamp with time zone,
  delivered_at timestamp with time zone,
  expected_at timestamp with time zone,
  tracked_at timestamp with time zone,
  created_at timestamp with time zone not null,
  changed_at timestamp with time zone not null,
  destination text default ''::text not null,
  replaced_by uuid,
  constraint parcel_destination_check CHECK (((destination = ''::text) OR (destination ~ '^[A-Z]{2}$'::text))),
  constraint parcel_pkey PRIMARY KEY (tenant_id, id),
  constraint parcel_tenant_id_shipment_id_carrier_number_key UNIQUE (tenant_id, shipment_id, carrier, number)
);
CREATE INDEX parcel_due ON shipping.parcel USING btree (tenant_id, milestone, due_at, id) WHERE (due_at IS NOT NULL);
CREATE INDEX parcel_number ON shipping.parcel USING btree (tenant_id, number);
CREATE INDEX parcel_of_order ON shipping.parcel USING btree (tenant_id, order_id, id);
CREATE INDEX parcel_of_purchase ON shipping.parcel USING btree (tenant_id, purchase_id, id);

create table shipping.parcel_line (
  tenant_id uuid not null,
  parcel_id uuid not null,
  purchase_line_id uuid not null,
  order_line_id uuid not null,
  quantity integer not null,
  constraint parcel_line_pkey PRIMARY KEY (tenant_id, parcel_id, purchase_line_id),
  constraint parcel_line_quantity_check CHECK ((quantity > 0))
);

create table shipping.shipment (
  tenant_id uuid not null,
  id uuid not null,
  purchase_id uuid not null,
  order_id uuid not null,
  supplier_id uuid not null,
  reference text not null,
  shipped_at timestamp with time zone not null,
  received_at timestamp with time zone not null,
  constraint shipment_pkey PRIMARY KEY (tenant_id, id),
  constraint shipment_tenant_id_purchase_id_reference_key UNIQUE (tenant_id, purchase_id, reference)
);
CREATE INDEX shipment_of_order ON shipping.shipment USING btree (tenant_id, order_id, id);

create view shipping.v_event with (security_invoker=true) as
 SELECT tenant_id,
    parcel_id,
    id,
    at,
    milestone,
    sub_code,
    place,
    text,
    source,
    set_aside
   FROM shipping.event;

create view shipping.v_parcel with (security_invoker=true) as
 SELECT tenant_id,
    id,
    shipment_id,
    purchase_id,
    order_id,
    carrier,
    number,
    milestone,
    delayed,
    label_at,
    first_scan_at,
    last_event_at,
    delivered_at,
    expected_at,
    created_at,
    changed_at,
    due_at,
    replaced_by
   FROM shipping.parcel;

create view shipping.v_parcel_line with (security_invoker=true) as
 SELECT tenant_id,
    parcel_id,
    purchase_line_id,
    order_line_id,
    quantity
   FROM shipping.parcel_line;

create view shipping.v_shipment with (security_invoker=true) as
 SELECT tenant_id,
    id,
    purchase_id,
    order_id,
    supplier_id,
    reference,
    shipped_at,
    received_at
   FROM shipping.shipment;

-- ── suppliers ──

create table suppliers.supplier (
  tenant_id uuid not null,
  id uuid not null,
  code text not null,
  name text not null,
  state text not null,
  paused_reason text default ''::text not null,
  country text not null,
  currency text not null,
  time_zone text not null,
  ships_to text[] default '{}'::text[] not null,
  rank integer default 100 not null,
  handling_days integer not null,
  transit_days jsonb default '{}'::jsonb not null,
  ack_hours integer not null,
  ship_hours integer not null,
  order_fee_minor bigint default 0 not null,
  shipping_minor jsonb default '{}'::jsonb not null,
  reliability numeric(4,3) default 1 not null,
  transport text not null,
  transport_settings jsonb default '{}'::jsonb not null,
  secrets bytea,
  contact_email text default ''::text not null,
  poll_state text default 'idle'::text not null,
  due_at timestamp with time zone,
  polled_at timestamp with time zone,
  poll_cursor text default ''::text not null,
  created_at timestamp with time zone not null,
  constraint supplier_ack_hours_check CHECK (((ack_hours >= 1) AND (ack_hours <= 720))),
  constraint supplier_country_check CHECK ((country ~ '^[A-Z]{2}$'::text)),
  constraint supplier_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
  constraint supplier_handling_days_check CHECK (((handling_days >= 0) AND (handling_days <= 120))),
  constraint supplier_order_fee_minor_check CHECK ((order_fee_minor >= 0)),
  constraint supplier_pkey PRIMARY KEY (tenant_id, id),
  constraint supplier_poll_state_check CHECK ((poll_state = ANY (ARRAY['idle'::text, 'polling'::text, 'stopped'::text]))),
  constraint supplier_ship_hours_check CHECK (((ship_hours >= 1) AND (ship_hours <= 2400))),
  constraint supplier_state_check CHECK ((state = ANY (ARRAY['prospect'::text, 'sampling'::text, 'onboarding'::text, 'pilot'::text, 'live'::text, 'watch'::text, 'paused'::text, 'ended'::text]))),
  constraint supplier_tenant_id_code_key UNIQUE (tenant_id, code),
  constraint supplier_transport_check CHECK ((transport = ANY (ARRAY['file'::text, 'email'::text, 'rest'::text])))
);

create view suppliers.v_supplier with (security_invoker=true) as
 SELECT tenant_id,
    id,
    code,
    name,
    state,
    paused_reason,
    country,
    currency,
    time_zone,
    ships_to,
    rank,
    handling_days,
    transit_days,
    ack_hours,
    ship_hours,
    order_fee_minor,
    shipping_minor,
    reliability,
    transport,
    transport_settings,
    contact_email,
    poll_state,
    polled_at,
    created_at
   FROM suppliers.supplier;

create view suppliers.v_transit with (security_invoker=true) as
 SELECT tenant_id,
    id AS supplier_id,
    transit_days
   FROM suppliers.supplier;
