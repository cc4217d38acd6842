import { execFile, spawn } from 'node:child_process';
import { open, readFile, rm, stat } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { type Binaries, program } from './binaries.js';
import { asAccount } from './cluster.js';
import type { Place } from './place.js';

const run = promisify(execFile);
const LOG_LIMIT = 10 * 1024 * 1024;

/** No socket file: no path limit, no clash. Only this machine may connect. */
const DURABLE = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'timezone=UTC', 'log_timezone=UTC'];
/** Loses everything in a crash, which is right for a test and for nothing else. */
const FAST = (
  'fsync=off synchronous_commit=off full_page_writes=off wal_level=minimal max_wal_senders=0 autovacuum=off jit=off ' +
  'checkpoint_timeout=1h max_wal_size=4GB io_method=sync max_connections=300'
).split(' ');

/** What `postmaster.pid` says. */
export interface Lock {
  readonly pid: number;
  readonly port: number;
  readonly text: string;
}

/** Reads the lock file; undefined where there is none, or it is not yet complete. */
export async function readLock(place: Place): Promise<Lock | undefined> {
  const text = await readFile(join(place.cluster, 'postmaster.pid'), 'utf8').catch(() => '');
  const lines = text.split('\n');
  const pid = Number(lines[0]);
  return Number.isInteger(pid) && pid > 0 ? { pid, port: Number(lines[3] ?? 0), text } : undefined;
}

/**
 * Whose process is that pid? `foreign` where another program got the number, or the server is dead and not yet reaped.
 */
export async function ownerOf(place: Place, pid: number): Promise<'server' | 'foreign' | 'nobody'> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return 'nobody';
  }
  if (process.platform === 'win32') return 'server';
  return (await commandOf(pid)).includes(place.cluster) ? 'server' : 'foreign';
}

async function commandOf(pid: number): Promise<string> {
  if (process.platform === 'linux') return readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return run('ps', ['-ww', '-p', String(pid), '-o', 'command=']).then(
    (it) => it.stdout,
    () => '',
  );
}

/** Deletes a lock whose pid now belongs to another program: Postgres itself would refuse to start beside it. */
export async function removeForeignLock(place: Place, lock: Lock): Promise<void> {
  const now = await readLock(place);
  if (now?.text === lock.text) await rm(join(place.cluster, 'postmaster.pid'), { force: true });
}

/** A server that we have spawned; `exited` resolves when it could not stay. */
export interface Spawned {
  readonly pid: number;
  readonly port: number;
  readonly exited: Promise<void>;
}

/**
 * Starts the server in a session of its own, so that Ctrl-C in the terminal reaches only the application, which stops
 * the server after its last statement. It gets `wanted` as its port where that is free, else any.
 */
export async function spawnServer(place: Place, binaries: Binaries, test: boolean, wanted?: number): Promise<Spawned> {
  const port = wanted && (await isFree(wanted)) ? wanted : await freePort();
  const size = await stat(place.logFile).then(
    (it) => it.size,
    () => 0,
  );
  const log = await open(place.logFile, size > LOG_LIMIT ? 'w' : 'a', 0o640);
  try {
    const settings = [...DURABLE, ...(test ? FAST : []), `port=${port}`];
    const child = spawn(program(binaries, 'postgres'), ['-D', place.cluster, ...settings.flatMap((it) => ['-c', it])], {
      ...asAccount(place),
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
    });
    const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    await new Promise((resolve, reject) => child.once('spawn', resolve).once('error', reject));
    child.unref();
    return { pid: child.pid ?? 0, port, exited };
  } finally {
    await log.close();
  }
}

/** Asks the server to stop: `fast` rolls open transactions back, `immediate` is the crash that recovery repairs. */
export async function signalServer(binaries: Binaries, pid: number, mode: 'fast' | 'immediate'): Promise<void> {
  const signal = mode === 'fast' ? 'INT' : 'QUIT';
  if (process.platform === 'win32') {
    await run(program(binaries, 'pg_ctl'), ['kill', signal, String(pid)]).catch(() => undefined);
    return;
  }
  try {
    process.kill(pid, `SIG${signal}`);
  } catch {
    // It is gone already.
  }
}

/** The end of the server's log, for the message when it will not start. */
export async function lastWords(place: Place): Promise<string> {
  const text = await readFile(place.logFile, 'utf8').catch(() => '');
  return text.trimEnd().split('\n').slice(-5).join('\n');
}

const isFree = (port: number): Promise<boolean> =>
  freePort(port).then(
    () => true,
    () => false,
  );

async function freePort(wanted = 0): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => probe.once('error', reject).listen(wanted, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
