-- expands
-- What a bulk change replaced, kept for a quarter of an hour so that one press takes all of it back.

create table catalog.undo (
  tenant_id  uuid        not null,
  id         uuid        not null,
  kind       text        not null check (length(kind) between 1 and 60),    -- matches.approve | prices.publish | variants.edit …
  title      text        not null check (length(title) <= 300),
  actor      text        not null check (length(actor) <= 200),
  row_count  int         not null default 0,
  created_at timestamptz not null,
  until      timestamptz not null,
  undone_at  timestamptz,
  undone_by  text        not null default '',
  left_count int         not null default 0,         -- rows that somebody had changed since, and that stayed as they were
  primary key (tenant_id, id)
);
create index undo_recent on catalog.undo (tenant_id, created_at desc, id desc);

-- One row that was changed: what it was (null: it was not there) and what it became (null: it was taken away).
create table catalog.undo_row (
  tenant_id uuid   not null,
  undo_id   uuid   not null,
  target    text   not null,                         -- names table and columns; the list is the program's
  position  bigint not null,
  key       jsonb  not null,
  before    jsonb,
  after     jsonb,
  primary key (tenant_id, undo_id, target, position)
);
