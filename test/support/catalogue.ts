import pg from 'pg';

/** The parts of a schema by name and definition in Postgres's own form, so that equal schemas give equal catalogues. */
export interface Catalogue {
  tables: Record<string, Table>;
  functions: Record<string, string>;
  /** Views, sequences without a column, types and extensions. */
  others: string[];
}

interface Table {
  persistence: 'permanent' | 'unlogged';
  storage: string[];
  columns: Record<string, Column>;
  constraints: Record<string, string>;
  indexes: Record<string, string>;
  triggers: Record<string, string>;
}

interface Column {
  type: string;
  nullable: boolean;
  default: string | null;
  identity: 'always' | 'by default' | null;
}

export interface ForeignKey {
  table: string;
  columns: string[];
  refersTo: string;
  /** The names of the indexes that begin with these columns and hold every row. */
  indexes: string[];
}

// The tables of TypeORM and of the job library are left out.
const OURS = `c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and c.relname <> 'migrations'`;

const parts = (sql: string): string => `coalesce((${sql}), '{}')`;

const TABLES = `
  select coalesce(json_object_agg(c.relname, json_build_object(
    'persistence', case c.relpersistence when 'u' then 'unlogged' else 'permanent' end,
    'storage', coalesce(to_json(c.reloptions), '[]'),
    'columns', ${parts(`
      select json_object_agg(a.attname, json_build_object(
        'type', format_type(a.atttypid, a.atttypmod), 'nullable', not a.attnotnull,
        'default', pg_get_expr(d.adbin, d.adrelid),
        'identity', case a.attidentity when 'a' then 'always' when 'd' then 'by default' end) order by a.attnum)
      from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
      where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped`)},
    'constraints', ${parts(`
      select json_object_agg(x.conname, pg_get_constraintdef(x.oid) order by x.conname)
      from pg_constraint x where x.conrelid = c.oid and x.contype <> 'n'`)},
    'indexes', ${parts(`
      select json_object_agg(i.relname, pg_get_indexdef(i.oid) order by i.relname)
      from pg_index x join pg_class i on i.oid = x.indexrelid where x.indrelid = c.oid`)},
    'triggers', ${parts(`
      select json_object_agg(t.tgname, pg_get_triggerdef(t.oid) order by t.tgname)
      from pg_trigger t where t.tgrelid = c.oid and not t.tgisinternal`)}
  ) order by c.relname), '{}') as value from pg_class c where ${OURS}`;

const FUNCTIONS = `
  select coalesce(json_object_agg(p.oid::regprocedure, pg_get_functiondef(p.oid) order by p.proname), '{}') as value
  from pg_proc p where p.pronamespace = 'public'::regnamespace`;

const OTHERS = `
  select coalesce(json_agg(it order by it), '[]') as value from (
    select 'relation ' || relname as it from pg_class c
      where relnamespace = 'public'::regnamespace and relkind not in ('r', 'p', 'i', 't')
        and not exists (select from pg_depend where objid = c.oid and deptype in ('i', 'a') and refobjsubid > 0)
    union all select 'type ' || typname from pg_type
      where typnamespace = 'public'::regnamespace and typrelid = 0 and typcategory <> 'A'
    union all select 'extension ' || extname from pg_extension where extname <> 'plpgsql'
    union all select 'schema ' || nspname from pg_namespace
      where nspname !~ '^(pg_|information_schema$|public$|graphile_worker$)') others`;

// An index counts when it holds every row that refers to another, so a partial one may leave out only nulls.
const FOREIGN_KEYS = `
  select coalesce(json_agg(json_build_object('table', c.relname, 'columns', names.columns,
    'refersTo', x.confrelid::regclass, 'indexes', coalesce((
      select json_agg(i.indexrelid::regclass order by i.indexrelid::regclass::text) from pg_index i
      where i.indrelid = c.oid
          and (i.indpred is null or pg_get_expr(i.indpred, i.indrelid) = format('(%s IS NOT NULL)', names.columns->>0))
        and (i.indkey::int2[])[0:cardinality(x.conkey) - 1] @> x.conkey), '[]'))
    order by c.relname, names.columns::text), '[]') as value
  from pg_constraint x join pg_class c on c.oid = x.conrelid cross join lateral (
    select json_agg(a.attname order by k.n) as columns from unnest(x.conkey) with ordinality k (num, n)
      join pg_attribute a on a.attrelid = c.oid and a.attnum = k.num) names
  where x.contype = 'f' and ${OURS}`;

/** Reads the whole catalogue of our schema. */
export async function readCatalogue(url: string): Promise<Catalogue> {
  return onDatabase(url, async (read) => ({
    tables: (await read(TABLES)) as Catalogue['tables'],
    functions: (await read(FUNCTIONS)) as Catalogue['functions'],
    others: (await read(OTHERS)) as string[],
  }));
}

/** Reads every foreign key of our schema with the indexes that serve it. */
export const readForeignKeys = (url: string): Promise<ForeignKey[]> =>
  onDatabase(url, async (read) => (await read(FOREIGN_KEYS)) as ForeignKey[]);

/** Removes everything from a database, so that a clone becomes as empty as a new one. */
export async function emptyDatabase(url: string): Promise<void> {
  await onDatabase(url, (read) =>
    read('drop schema if exists graphile_worker cascade; drop schema public cascade; create schema public'),
  );
}

async function onDatabase<T>(url: string, work: (read: (sql: string) => Promise<unknown>) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(async (sql) => (await client.query<{ value: unknown }>(sql)).rows?.[0]?.value);
  } finally {
    await client.end();
  }
}
