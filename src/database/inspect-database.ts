import pg from 'pg';

/** What stands between this process and Postgres. A `transaction` pooler gives each transaction another session. */
export type Pooler = 'none' | 'session' | 'transaction';

export interface DatabaseFacts {
  /** Such as 18.4. */
  readonly version: string;
  readonly versionNumber: number;
  readonly user: string;
  readonly superuser: boolean;
  /** Whether the user may make tables, and so own them. */
  readonly mayMigrate: boolean;
  readonly pooler: Pooler;
  readonly readOnly: boolean;
  readonly encoding: string;
  /** How many milliseconds the database's clock is ahead of this machine's. */
  readonly clockAheadMs: number;
  /** By how much `clockAheadMs` may be wrong. */
  readonly clockErrorMs: number;
  readonly maxConnections: number;
  readonly usedConnections: number;
}

const FACTS = `
  select current_setting('server_version') as version, current_setting('server_version_num')::int as "versionNumber",
    current_user as user, (select rolsuper from pg_roles where rolname = current_user) as superuser,
    has_schema_privilege(current_user, 'public', 'create') as "mayMigrate",
    pg_is_in_recovery() or current_setting('default_transaction_read_only') = 'on' as "readOnly",
    pg_encoding_to_char((select encoding from pg_database where datname = current_database())) as encoding,
    current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int as "maxConnections",
    (select count(*)::int from pg_stat_activity where datname is not null and pid <> pg_backend_pid()) as "usedConnections"`;

const PATIENCE_MS = 4_000;

/**
 * Looks at a database through its URL, on connections without start parameters, which poolers refuse. It takes some
 * milliseconds, and at most a few seconds.
 * @throws the driver's error when the database cannot be reached
 */
export async function inspectDatabase(url: string, now: () => number = Date.now): Promise<DatabaseFacts> {
  return withClient(url, async (client) => {
    const { rows } = await client.query<Omit<DatabaseFacts, 'pooler' | 'clockAheadMs' | 'clockErrorMs'>>(FACTS);
    return { ...rows[0]!, ...(await compareClocks(client, now)), pooler: await findPooler(client, url) };
  });
}

/** Compares the clocks of the database and of this machine. The half of the way there and back is the error. */
export async function compareClocks(
  client: { query(sql: string): Promise<unknown> },
  now: () => number = Date.now,
): Promise<{ clockAheadMs: number; clockErrorMs: number }> {
  const [before, begun] = [now(), performance.now()];
  const result = await client.query('select extract(epoch from clock_timestamp())::float8 * 1000 as now');
  const way = (performance.now() - begun) / 2;
  const [first] = (Array.isArray(result) ? result : (result as pg.QueryResult).rows) as { now: number }[];
  return { clockAheadMs: Math.round(first!.now - before - way), clockErrorMs: Math.ceil(way) };
}

/** A pooler tells its clients a process id of its own, and in transaction mode two of them get the same session. */
async function findPooler(client: pg.Client, url: string): Promise<Pooler> {
  const told = (client as unknown as { processID: number | null }).processID;
  if (told === (await backend(client))) return 'none';
  return withClient(url, async (other) => {
    // An odd order, because a pooler may deal its sessions in turn.
    const [seen, seenByOther] = [new Set<number>(), new Set<number>()];
    for (const it of [client, other, other, client, other, client, client, other])
      (it === client ? seen : seenByOther).add(await backend(it));
    const shared = [...seen].some((it) => seenByOther.has(it));
    return shared || seen.size > 1 || seenByOther.size > 1 ? ('transaction' as const) : ('session' as const);
  }).catch(() => 'session' as const); // a session pool of one gives nobody else a session
}

async function backend(client: pg.Client): Promise<number> {
  return (await client.query<{ pid: number }>('select pg_backend_pid() as pid')).rows[0]!.pid;
}

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'rostra inspection',
    connectionTimeoutMillis: PATIENCE_MS,
    query_timeout: PATIENCE_MS,
  });
  client.on('error', () => undefined); // the query that fails reports the error
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}
