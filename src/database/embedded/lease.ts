import process from 'node:process';
import pg from 'pg';
import { isAlive } from './alive.js';

/**
 * Several processes share one server (web, worker, a command), and the last to leave stops it. Each holds one
 * connection, its lease, as long as it uses the server. Whoever leaves does so under an advisory lock: two that leave
 * together cannot both see the other and leave the server behind, and one that arrives waits until it may stay.
 */
const LEASE = 'rostra lease';
const leaseName = `${LEASE} ${process.pid}`;
const LEAVING = 'rostra leaving';
const LOCK = 7_000;

export type Answer =
  /** It is ours and we may stay. */
  | { readonly kind: 'lease'; readonly client: pg.Client }
  /** It is on its way up or down. */
  | { readonly kind: 'busy' }
  | { readonly kind: 'refused' }
  | { readonly kind: 'silent' };

/** Takes a lease on the server at that port, if it really is the one of that data directory. */
export async function takeLease(port: number, password: string, cluster: string): Promise<Answer> {
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
  // The pools of the application see a lost server too, and are the ones to speak of it.
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
    // 57P01 to 57P03: going down, or not yet open. 53300: full. 55P03: somebody has been leaving for long.
    return { kind: /^57P0|^53|^55P03/.test(code) ? 'busy' : 'silent' };
  }
}

/**
 * Gives the lease back, and runs `stop` before that where nobody else uses the server; with `always` nobody is asked.
 * @returns the names of those for whom it stays up
 */
export async function giveBack(client: pg.Client, stop: () => Promise<void>, always = false): Promise<string[]> {
  try {
    await client.query('select pg_advisory_lock($1)', [LOCK]);
    const others = always ? [] : await othersOf(client);
    if (others.length) await client.query(`set application_name = '${LEAVING}'`);
    else await stop();
    return others;
  } catch {
    return []; // The server went away by itself.
  } finally {
    await client.end().catch(() => undefined);
  }
}

/**
 * Who else is connected. Connections that are just closing, our own or a killed process's, are waited for; the lease
 * of a living process is an answer.
 */
async function othersOf(client: pg.Client): Promise<string[]> {
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

/** Postgres notices a killed process's connection a moment after the process is gone. */
function isHeld(name: string): boolean {
  const pid = Number(new RegExp(`^${LEASE} (\\d+)$`).exec(name)?.[1]);
  return pid > 0 && isAlive(pid);
}
