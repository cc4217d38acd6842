import { execFile, spawn } from 'node:child_process';
import { open, readFile, rm, stat } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { type Binaries, program } from './binaries.js';
import type { DataFolder } from './data-folder.js';
import { serverSpawnOptions } from './spawn-options.js';

const run = promisify(execFile);
const LOG_LIMIT = 10 * 1024 * 1024;

/** There is no socket file: its path could be too long or taken. Only this machine may connect. */
const DURABLE = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'timezone=UTC', 'log_timezone=UTC'];
/** A crash loses everything, which is right for a test and for nothing else. */
const FAST = (
  'fsync=off synchronous_commit=off full_page_writes=off wal_level=minimal max_wal_senders=0 autovacuum=off jit=off ' +
  'checkpoint_timeout=1h max_wal_size=4GB io_method=sync max_connections=300'
).split(' ');

/** The content of `postmaster.pid`; `port` is 0 until the server has written it. */
export interface LockFile {
  readonly pid: number;
  readonly port: number;
  readonly text: string;
}

/** Reads the lock file; undefined where there is none, or where it is not complete yet. */
export async function readLockFile(folder: DataFolder): Promise<LockFile | undefined> {
  const text = await readFile(join(folder.cluster, 'postmaster.pid'), 'utf8').catch(() => '');
  const lines = text.split('\n');
  const pid = Number(lines[0]);
  return Number.isInteger(pid) && pid > 0 ? { pid, port: Number(lines[3] ?? 0), text } : undefined;
}

/** Finds the owner of a pid; `foreign` is another program that got the number, or a server that is dead but not reaped. */
export async function ownerOf(folder: DataFolder, pid: number): Promise<'server' | 'foreign' | 'nobody'> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return 'nobody';
  }
  if (process.platform === 'win32') return 'server';
  return (await commandOf(pid)).includes(folder.cluster) ? 'server' : 'foreign';
}

async function commandOf(pid: number): Promise<string> {
  if (process.platform === 'linux') return readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return run('ps', ['-ww', '-p', String(pid), '-o', 'command=']).then(
    (it) => it.stdout,
    () => '',
  );
}

/** Deletes a lock file whose pid now belongs to another program: Postgres itself would refuse to start beside it. */
export async function removeForeignLockFile(folder: DataFolder, lock: LockFile): Promise<void> {
  const now = await readLockFile(folder);
  if (now?.text === lock.text) await rm(join(folder.cluster, 'postmaster.pid'), { force: true });
}

/** A server that we have spawned; `exited` resolves when it has ended. */
export interface SpawnedServer {
  readonly pid: number;
  readonly port: number;
  readonly exited: Promise<void>;
}

/**
 * Starts the server in a session of its own: Ctrl-C in the terminal then reaches only the application, which stops the
 * server after its last statement. The server gets `preferredPort` where that is free, else any.
 */
export async function spawnServer(
  folder: DataFolder,
  binaries: Binaries,
  test: boolean,
  preferredPort?: number,
): Promise<SpawnedServer> {
  const port = preferredPort && (await isFree(preferredPort)) ? preferredPort : await freePort();
  const size = await stat(folder.logFile).then(
    (it) => it.size,
    () => 0,
  );
  const log = await open(folder.logFile, size > LOG_LIMIT ? 'w' : 'a', 0o640);
  try {
    const settings = [...DURABLE, ...(test ? FAST : []), `port=${port}`];
    const child = spawn(
      program(binaries, 'postgres'),
      ['-D', folder.cluster, ...settings.flatMap((it) => ['-c', it])],
      {
        ...serverSpawnOptions(folder),
        detached: true,
        stdio: ['ignore', log.fd, log.fd],
      },
    );
    const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    await new Promise((resolve, reject) => child.once('spawn', resolve).once('error', reject));
    child.unref();
    return { pid: child.pid ?? 0, port, exited };
  } finally {
    await log.close();
  }
}

/** Asks the server to stop: `fast` rolls open transactions back, `immediate` leaves the next start to recover. */
export async function signalServer(binaries: Binaries, pid: number, mode: 'fast' | 'immediate'): Promise<void> {
  const signal = mode === 'fast' ? 'INT' : 'QUIT';
  if (process.platform === 'win32') {
    await run(program(binaries, 'pg_ctl'), ['kill', signal, String(pid)]).catch(() => undefined);
    return;
  }
  try {
    process.kill(pid, `SIG${signal}`);
  } catch {
    // The server has ended already.
  }
}

/** Returns the last five lines of the server's log, for the message about a failed start. */
export async function endOfLog(folder: DataFolder): Promise<string> {
  const text = await readFile(folder.logFile, 'utf8').catch(() => '');
  return text.trimEnd().split('\n').slice(-5).join('\n');
}

const isFree = (port: number): Promise<boolean> =>
  freePort(port).then(
    () => true,
    () => false,
  );

async function freePort(preferred = 0): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => probe.once('error', reject).listen(preferred, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
