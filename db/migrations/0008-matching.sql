-- expands
-- Who delivers what: evidence of each match as data, the words by which offers find variants, and what is still to be looked at.

alter table catalog.variant add column if not exists mpn text check (length(mpn) <= 200);

-- Units of ours in one of theirs: 6 for a pack of six of what we sell one by one.
alter table catalog.match add column if not exists units_per_offer int not null default 1 check (units_per_offer between 1 and 10000);
-- What found it: gtin | sku | mpn | likeness | person | '' (whoever brought the offer said so).
alter table catalog.match add column rule text not null default '' check (length(rule) <= 40);
alter table catalog.match add column certainty text not null default '' check (certainty in ('', 'exact', 'likely', 'possible', 'conflict'));
-- What was compared and what came of it, and what the offer was when somebody decided.
alter table catalog.match add column facts jsonb not null default '{}' check (pg_column_size(facts) <= 20000);
-- Contradictions, by name; such a match is never confirmed in bulk.
alter table catalog.match add column warnings text[] not null default '{}';
alter table catalog.match add column decided_at timestamptz;
alter table catalog.match add column decided_by text not null default '' check (length(decided_by) <= 200);

create index match_open on catalog.match (tenant_id, certainty, rule, confidence desc, offer_id, variant_id) where state in ('suggested', 'broken');

create or replace view catalog.v_match with (security_invoker = true) as
select tenant_id, variant_id, offer_id, state, confidence, evidence, created_at, units_per_offer, rule, certainty, facts, warnings, decided_at, decided_by
  from catalog.match;

-- Words of our variants' titles, and their codes: by the rare ones among them an offer finds those it may be.
create table catalog.match_word (
  tenant_id  uuid not null,
  word       text not null check (length(word) between 1 and 100),
  variant_id uuid not null,
  primary key (tenant_id, word, variant_id)
);
create index match_word_of on catalog.match_word (tenant_id, variant_id);

-- What is to be looked at: an offer or a variant by its id, or all offers of a supplier, so far done up to `position`.
create table catalog.match_due (
  tenant_id uuid        not null,
  kind      text        not null check (kind in ('offer', 'variant', 'supplier')),
  id        uuid        not null,
  position  text        not null default '',         -- the last supplier SKU that was done
  since     timestamptz not null,
  primary key (tenant_id, kind, id)
);

-- How a shop wants its offers matched. Shares of the price that a cost may be.
create table catalog.match_settings (
  tenant_id  uuid         not null primary key,
  auto_exact boolean      not null default true,     -- exact ones are confirmed without being asked about
  cost_least numeric(6,4) not null default 0.02 check (cost_least >= 0),
  cost_most  numeric(6,4) not null default 1.5 check (cost_most > cost_least),
  changed_at timestamptz  not null,
  changed_by text         not null check (length(changed_by) <= 200)
);

-- How alike two titles are by their trigrams, from 0 to 1. The extension comes with PostgreSQL and is trusted: whoever owns the
-- database may create it. Where the server lacks it, or forbids it, words alone decide, and typing errors are found less often.
do $$
begin
  create extension if not exists pg_trgm;
exception when others then
  raise warning 'The extension pg_trgm cannot be created here (%). Matching goes by words alone; an administrator may run "create extension pg_trgm" and then "select catalog.use_trigrams()".', sqlerrm;
end $$;

create function catalog.use_trigrams() returns text language plpgsql as $$
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
end $$;
select catalog.use_trigrams();
