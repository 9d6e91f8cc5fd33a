import type pg from 'pg';

/**
 * What all migrations together have made, as text to read: every schema with its tables, views, indexes, functions and triggers, by
 * name. Not for running: the migrations are. PostgreSQL 18 spells it; other versions put some brackets elsewhere.
 */
export async function schemaText(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ text: string }>(everything);
  return `-- Drawn from the migrated database by "npm run stockless -- docs". To change it, add a migration.\n-- Row-level security is enabled and forced for every table, by the policy of_one_tenant; a table for which it is not says so.\n\n${rows.map(({ text }) => text).join('\n\n')}\n`;
}

/** One row per object, in the order in which they are to be read. PostgreSQL spells each definition itself. */
const everything = `
with space as (
  select oid, nspname as name from pg_namespace
   where nspname !~ '^(pg_|information_schema$|graphile_worker$|public$)'
), relation as (
  select class.oid, space.name as space, class.relname as name, class.relkind as kind, class.reloptions as options, class.relrowsecurity as guarded
    from pg_class as class join space on space.oid = class.relnamespace
   where class.relkind in ('r', 'v', 'S')
     and not exists (select from pg_depend where classid = 'pg_class'::regclass and objid = class.oid and deptype in ('i', 'e'))
), said as (
  select name as space, 0 as rank, '' as name, format('-- ── %s ──', name) as text from space
  union all
  select space, 1, name, format('create sequence %I.%I;', space, name) from relation where kind = 'S'
  union all
  select relation.space, 2, relation.name, concat(
           format('create table %I.%I (', relation.space, relation.name), E'\\n  ',
           (select string_agg(line, E',\\n  ' order by rank, line_order, line) from (
              select 1 as rank, attnum as line_order, concat_ws(' ', quote_ident(attname), format_type(atttypid, atttypmod),
                     case attgenerated when 's' then format('generated always as (%s) stored', pg_get_expr(adbin, adrelid)) end,
                     case when attgenerated = '' then 'default ' || pg_get_expr(adbin, adrelid) end,
                     case when attnotnull then 'not null' end) as line
                from pg_attribute left join pg_attrdef on adrelid = attrelid and adnum = attnum
               where attrelid = relation.oid and attnum > 0 and not attisdropped
              union all
              select 2, 0, format('constraint %I %s', conname, pg_get_constraintdef(oid)) from pg_constraint where conrelid = relation.oid and contype in ('p', 'u', 'c', 'f', 'x')
           ) as lines),
           E'\\n)', ' with (' || array_to_string(relation.options, ', ') || ')', ';',
           (select string_agg(E'\\n' || pg_get_indexdef(indexrelid) || ';', '' order by indexrelid::regclass::text)
              from pg_index where indrelid = relation.oid and not exists (select from pg_constraint where conindid = indexrelid and contype in ('p', 'u', 'x'))),
           (select string_agg(E'\\n' || pg_get_triggerdef(oid) || ';', '' order by tgname) from pg_trigger where tgrelid = relation.oid and not tgisinternal),
           case when not relation.guarded or (select count(*) from pg_policy where polrelid = relation.oid and polname = 'of_one_tenant') <> 1
                then E'\\n-- Not of one tenant.' end)
    from relation where kind = 'r'
  union all
  select space, 3, name, format(E'create view %I.%I with (%s) as\\n%s', space, name, array_to_string(options, ', '), pg_get_viewdef(oid)) from relation where kind = 'v'
  union all
  select space.name, 4, proname, pg_get_functiondef(pg_proc.oid) || ';'
    from pg_proc join space on space.oid = pronamespace
   where not exists (select from pg_depend where classid = 'pg_proc'::regclass and objid = pg_proc.oid and deptype = 'e')
)
select text from said order by space, rank, name`;
