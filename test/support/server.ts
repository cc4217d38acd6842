import { existsSync } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { startLocalPostgres } from '../../stand-ins/postgres/local-postgres.js';
import { dataFolderPath } from '../../stand-ins/postgres/data-folder.js';
import { isAlive } from '../../stand-ins/postgres/process-alive.js';
import { migrate } from '../../src/database/migrate.js';
import { ADMIN_URL, POOLER_URL, TEMPLATE, testServerOwner } from './database.js';
import { killOrphansIn } from './orphan-killer.js';
import { startPooler, type TestPooler } from './pooler.js';

/**
 * The tests' own Postgres. Its folder has the name of the process that started it and ends with it. Jest's global
 * set-up starts one for a run, and a bench starts its own.
 */
const projectRoot = fileURLToPath(new URL('../../', import.meta.url)).replace(/[/\\]$/, '');

export interface TestServer {
  /** The superuser's URL of the database `postgres`. The workers read it from the environment. */
  readonly adminUrl: string;
  stop(): Promise<void>;
}

let running: TestServer | undefined;

/** Starts the server and builds the template that every database is cloned from. */
export async function startTestServer(): Promise<TestServer> {
  if (running) return running;
  const name = `test-${process.pid}`;
  await reap(dirname(await dataFolderPath({ name, projectRoot })));
  const server = await startLocalPostgres({ name, projectRoot, test: true });
  const dismiss = killOrphansIn(server.dataDir);
  let pooler: TestPooler | undefined;
  try {
    if (process.env.TEST_POOLER) pooler = await startPooler(server.url);
    await buildTemplate(server.url, pooler?.url);
  } catch (error) {
    await pooler?.stop();
    await server.stop();
    dismiss();
    throw error;
  }
  process.env[ADMIN_URL] = server.url;
  if (pooler) process.env[POOLER_URL] = pooler.url;
  running = {
    adminUrl: server.url,
    stop: async () => {
      running = undefined;
      delete process.env[ADMIN_URL];
      await pooler?.stop();
      await server.stop();
      dismiss();
    },
  };
  return running;
}

/** Stops the server in the global tear-down, which imports only this module. */
export async function stopTestServer(): Promise<void> {
  await running?.stop();
}

/** @param appUrl the address of the app's own role, if it has one */
async function buildTemplate(adminUrl: string, appUrl?: string): Promise<void> {
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  try {
    await admin.query(`create database ${TEMPLATE}`);
    const url = new URL(adminUrl);
    url.pathname = TEMPLATE;
    await migrate(url.href, appUrl);
    await untilUnused(admin);
    await admin.query(`alter database ${TEMPLATE} with allow_connections false is_template true`);
  } finally {
    await admin.end();
  }
}

/** Waits for closed connections to end, because a template with a connection cannot be cloned. */
async function untilUnused(admin: pg.Client): Promise<void> {
  for (let i = 0; i < 500; i += 1) {
    const { rowCount } = await admin.query('select 1 from pg_stat_activity where datname = $1', [TEMPLATE]);
    if (!rowCount) return;
    await delay(10);
  }
  throw new Error(`Something is still connected to ${TEMPLATE} after the migrations`);
}

/** Removes the servers of runs that were killed before they could stop theirs. */
async function reap(parent: string): Promise<void> {
  const entries = existsSync(parent) ? await readdir(parent) : [];
  for (const entry of entries) {
    const owner = testServerOwner(entry);
    if (!owner || isAlive(owner)) continue;
    const folder = join(parent, entry);
    const pid = Number(
      (await readFile(join(folder, 'postgres/postmaster.pid'), 'utf8').catch(() => '')).split('\n')[0],
    );
    if (pid && (await commandOf(pid)).includes(join(folder, 'postgres'))) {
      process.kill(pid, 'SIGQUIT');
      for (let i = 0; i < 500 && (await commandOf(pid)).includes(folder); i += 1) await delay(10);
    }
    await rm(folder, { recursive: true, force: true });
  }
}

/** Works on Linux only. Elsewhere a killed run's server and folder stay until they are removed by hand. */
function commandOf(pid: number): Promise<string> {
  return readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
}
