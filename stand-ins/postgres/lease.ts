import process from 'node:process';
import pg from 'pg';
import { isAlive } from './process-alive.js';

/**
 * Several processes share one server (web, worker, a command), and the last one to leave stops it. Each holds one
 * connection, its lease, for as long as it uses the server. A process leaves under an advisory lock, so that two which
 * leave together cannot each see the other and leave the server running; a process that arrives waits for that lock.
 */
const LEASE = 'rostra lease';
const leaseName = `${LEASE} ${process.pid}`;
const LEAVING = 'rostra leaving';
const LOCK = 7_000;

export type LeaseAttempt =
  /** The server is ours and we hold a lease on it. */
  | { readonly kind: 'lease'; readonly client: pg.Client }
  /** The server is starting or stopping. */
  | { readonly kind: 'busy' }
  /** The server does not take our password. */
  | { readonly kind: 'refused' }
  /** No answer, or that of another server. */
  | { readonly kind: 'silent' };

/** Takes a lease on the server at that port, if it is the one of that data directory. */
export async function takeLease(port: number, password: string, cluster: string): Promise<LeaseAttempt> {
  const client = new pg.Client({
    host: '127.0.0.1',
    port,
    user: 'postgres',
    password,
    database: 'postgres',
    application_name: leaseName,
    connectionTimeoutMillis: 3_000,
    keepAlive: true,
    lock_timeout: 15_000,
  });
  // The application's own pools report a lost server.
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ ours: boolean }>("select current_setting('data_directory') = $1 as ours", [
      cluster,
    ]);
    if (!rows[0]?.ours) {
      await client.end();
      return { kind: 'silent' };
    }
    await client.query('select pg_advisory_lock_shared($1), pg_advisory_unlock_shared($1)', [LOCK]);
    return { kind: 'lease', client };
  } catch (error) {
    await client.end().catch(() => undefined);
    const { code = '' } = error as { code?: string };
    if (code.startsWith('28')) return { kind: 'refused' };
    // 57P01 to 57P03: stopping, or not yet open. 53300: too many connections. 55P03: somebody takes long to leave.
    return { kind: /^57P0|^53|^55P03/.test(code) ? 'busy' : 'silent' };
  }
}

/**
 * Returns the lease, and calls `stop` before that when nobody else uses the server, or when `always` is set.
 * @returns the application names of the others, for whom the server stays up
 */
export async function returnLease(client: pg.Client, stop: () => Promise<void>, always = false): Promise<string[]> {
  try {
    await client.query('select pg_advisory_lock($1)', [LOCK]);
    const others = always ? [] : await otherUsers(client);
    if (others.length) await client.query(`set application_name = '${LEAVING}'`);
    else await stop();
    return others;
  } catch {
    return []; // The server has ended by itself.
  } finally {
    await client.end().catch(() => undefined);
  }
}

/**
 * Returns the application names of the other connections. It waits up to three seconds for those that are closing, our
 * own or a killed process's, unless a living process holds a lease.
 */
async function otherUsers(client: pg.Client): Promise<string[]> {
  const deadline = Date.now() + 3_000;
  for (;;) {
    const { rows } = await client.query<{ name: string }>(
      `select application_name as name from pg_stat_activity
        where backend_type = 'client backend' and pid <> pg_backend_pid() and application_name <> $1`,
      [LEAVING],
    );
    const names = rows.map((it) => it.name || 'unnamed');
    if (!names.length || names.some(isHeld) || Date.now() > deadline) return names;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** Tells whether the process of a lease lives: Postgres notices a killed one's connection a moment later. */
function isHeld(name: string): boolean {
  const pid = Number(new RegExp(`^${LEASE} (\\d+)$`).exec(name)?.[1]);
  return pid > 0 && isAlive(pid);
}
