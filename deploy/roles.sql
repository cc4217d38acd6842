-- Makes the two roles of Rostra in the Postgres of docker-compose.yml, sets their passwords, and gives the database to the
-- owner: rostra_owner changes tables, rostra_app reads and writes rows, and neither is a superuser. It runs as the
-- superuser at each start, and also turns over a database that the superuser owned.
do $$
declare
  role text;
  statement text;
begin
  foreach role in array array['rostra_owner', 'rostra_app'] loop
    if not exists (select from pg_roles where rolname = role) then
      execute format('create role %I', role);
    end if;
    execute format('alter role %I login nosuperuser nocreatedb nocreaterole noreplication nobypassrls password %L',
      role, current_setting('password_of.' || role));
  end loop;

  execute format('alter database %I owner to rostra_owner', current_database());
  for statement in
    with ours as (select oid, nspname, nspowner from pg_namespace where nspname in ('public', 'graphile_worker')),
    owner as (select oid from pg_roles where rolname = 'rostra_owner')
    select format('alter schema %I owner to rostra_owner', nspname) from ours where nspowner <> (select oid from owner)
    union all
    -- A sequence of a column follows its table.
    select format('alter table %I.%I owner to rostra_owner', n.nspname, c.relname)
    from pg_class c join ours n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p', 'v', 'm', 'S') and c.relowner <> (select oid from owner)
      and not exists (select from pg_depend d where d.objid = c.oid and d.deptype in ('a', 'i') and c.relkind = 'S')
    union all
    select format('alter routine %s owner to rostra_owner', p.oid::regprocedure)
    from pg_proc p join ours n on n.oid = p.pronamespace where p.proowner <> (select oid from owner)
    union all
    select format('alter type %I.%I owner to rostra_owner', n.nspname, t.typname)
    from pg_type t join ours n on n.oid = t.typnamespace left join pg_class c on c.oid = t.typrelid
    where t.typowner <> (select oid from owner) and (t.typtype in ('e', 'd') or c.relkind = 'c')
  loop
    execute statement;
  end loop;
end $$;
