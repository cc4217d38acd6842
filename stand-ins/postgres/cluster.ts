import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chown, link, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { type Binaries, program } from './binaries.js';
import type { DataFolder } from './data-folder.js';
import { LocalPostgresError } from './local-postgres-error.js';
import { isAlive } from './process-alive.js';
import { serverSpawnOptions } from './spawn-options.js';

/**
 * Returns the superuser's password. It is made once by an exclusive link, so that two first starts use the same.
 * @throws LocalPostgresError where the file cannot be read
 */
export async function ensurePassword(folder: DataFolder): Promise<string> {
  const existing = await readFile(folder.passwordFile, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw new LocalPostgresError(
      `${folder.passwordFile} cannot be read (${error.code}): does this folder belong to another user?`,
    );
  });
  if (existing) return existing;
  const temporary = temporaryName(folder.passwordFile);
  await writeFile(temporary, randomBytes(24).toString('hex'), { mode: 0o600 });
  await link(temporary, folder.passwordFile).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  await rm(temporary, { force: true });
  return readFile(folder.passwordFile, 'utf8');
}

export interface ClusterOptions {
  /** Makes it fast instead of durable. */
  readonly test: boolean;
  readonly onProgress: (line: string) => void;
  /** Ends `initdb` and removes what it has made so far. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Makes the data directory where there is none. `initdb` works in a sibling folder that is renamed at its end, so an
 * interrupted one leaves no half cluster. Locale C.UTF-8 of Postgres's own provider sorts alike on every system.
 * @throws LocalPostgresError with the output of `initdb`; the signal's reason when aborted
 */
export async function ensureCluster(
  folder: DataFolder,
  binaries: Binaries,
  password: string,
  { test, onProgress, signal }: ClusterOptions,
): Promise<void> {
  if (await hasCluster(folder)) return;
  onProgress(`Making the local database in ${folder.path}`);
  await removeLeftovers(folder);
  const temporary = temporaryName(folder.cluster);
  const passwordFile = `${temporary}.pw`;
  try {
    await mkdir(temporary, { mode: 0o700 });
    await writeFile(passwordFile, password, { mode: 0o600 });
    if (folder.account)
      for (const path of [temporary, passwordFile]) await chown(path, folder.account.uid, folder.account.gid);
    const flags = ['-D', temporary, '--username=postgres', `--pwfile=${passwordFile}`, '--auth=scram-sha-256'];
    flags.push('--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8');
    if (test) flags.push('--no-sync', '--no-data-checksums');
    await runInitdb(folder, binaries, flags, signal);
    await rename(temporary, folder.cluster);
  } catch (error) {
    signal?.throwIfAborted();
    // Another process has made the cluster meanwhile, with the same password.
    if (await hasCluster(folder)) return;
    const reason = error instanceof Error ? error.message : String(error);
    throw new LocalPostgresError(`The local database could not be made in ${folder.path}: ${reason}`, { cause: error });
  } finally {
    await rm(passwordFile, { force: true });
    await rm(temporary, { recursive: true, force: true });
  }
}

const hasCluster = (folder: DataFolder): Promise<boolean> =>
  stat(join(folder.cluster, 'PG_VERSION')).then(
    () => true,
    () => false,
  );

/**
 * Runs `initdb` in a process group of its own, which an abort ends as a whole: `initdb` alone would first wait for the
 * Postgres that it has started. Returns only after the last process of the group has ended.
 */
async function runInitdb(
  folder: DataFolder,
  binaries: Binaries,
  flags: readonly string[],
  signal: AbortSignal | undefined,
): Promise<void> {
  signal?.throwIfAborted();
  const child = spawn(program(binaries, 'initdb'), flags, {
    ...serverSpawnOptions(folder),
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let errors = '';
  child.stdout.resume();
  child.stderr.on('data', (chunk) => (errors += chunk));
  const abort = (): void => {
    try {
      if (process.platform === 'win32' || !child.pid) child.kill();
      else process.kill(-child.pid, 'SIGTERM');
    } catch {
      // The group has ended already.
    }
  };
  signal?.addEventListener('abort', abort, { once: true });
  try {
    // The pipes close when the last of them has ended.
    const [code] = (await once(child, 'close')) as [number | null];
    if (code !== 0) throw new Error(errors.trim() || `initdb ended with ${code}`);
  } finally {
    signal?.removeEventListener('abort', abort);
  }
}

function temporaryName(path: string): string {
  return `${path}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`;
}

/** Removes what a killed first start has left. */
async function removeLeftovers(folder: DataFolder): Promise<void> {
  for (const entry of await readdir(folder.path)) {
    const pid = Number(/^postgres\.(\d+)-\w+\.tmp/.exec(entry)?.[1]);
    if (pid && !isAlive(pid)) await rm(join(folder.path, entry), { recursive: true, force: true });
  }
}
