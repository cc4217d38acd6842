import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, link, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { ConfigError } from '../../config/env.js';
import { isAlive } from './alive.js';
import { type Binaries, program } from './binaries.js';
import type { Place } from './place.js';

const run = promisify(execFile);

/** Nothing of our own environment reaches Postgres: PG* variables and locales would change what it makes. */
function serverEnvironment(): NodeJS.ProcessEnv {
  const windows = process.platform === 'win32' ? { SystemRoot: 'C:\\Windows' } : {};
  return { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC', ...windows };
}

/** How to spawn something as the server's account. */
export function asAccount(place: Place): { uid?: number; gid?: number; cwd: string; env: NodeJS.ProcessEnv } {
  const { account } = place;
  return { ...(account && { uid: account.uid, gid: account.gid }), cwd: place.folder, env: serverEnvironment() };
}

/** The superuser's password. Made once by an exclusive link, so that two first starts use the same. */
export async function password(place: Place): Promise<string> {
  const existing = await readFile(place.passwordFile, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw new ConfigError(
      `${place.passwordFile} cannot be read (${error.code}): does this folder belong to another user?`,
    );
  });
  if (existing) return existing;
  const temporary = temporaryName(place.passwordFile);
  await writeFile(temporary, randomBytes(24).toString('hex'), { mode: 0o600 });
  await link(temporary, place.passwordFile).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  await rm(temporary, { force: true });
  return readFile(place.passwordFile, 'utf8');
}

/**
 * Makes the data directory where there is none: in a sibling that is renamed when done, so that a killed initdb leaves
 * no half cluster. Locale C.UTF-8 from Postgres's own provider sorts alike on every system.
 */
export async function ensureCluster(
  place: Place,
  binaries: Binaries,
  secret: string,
  options: { test: boolean; onProgress: (line: string) => void },
): Promise<void> {
  if (await stat(join(place.cluster, 'PG_VERSION')).catch(() => undefined)) return;
  options.onProgress(`Making the local database in ${place.folder}`);
  await clearAway(place);
  const temporary = temporaryName(place.cluster);
  const secretFile = `${temporary}.pw`;
  try {
    await mkdir(temporary, { mode: 0o700 });
    await writeFile(secretFile, secret, { mode: 0o600 });
    if (place.account)
      for (const path of [temporary, secretFile]) await chown(path, place.account.uid, place.account.gid);
    const flags = ['-D', temporary, '--username=postgres', `--pwfile=${secretFile}`, '--auth=scram-sha-256'];
    flags.push('--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8');
    if (options.test) flags.push('--no-sync', '--no-data-checksums');
    await run(program(binaries, 'initdb'), flags, asAccount(place));
    await rename(temporary, place.cluster);
  } catch (error) {
    // Another process was first; its cluster has the same password.
    if (await stat(join(place.cluster, 'PG_VERSION')).catch(() => undefined)) return;
    const output = (error as { stderr?: string }).stderr?.trim() || String(error);
    throw new ConfigError(`The local database could not be made in ${place.folder}: ${output}`, { cause: error });
  } finally {
    await rm(secretFile, { force: true });
    await rm(temporary, { recursive: true, force: true });
  }
}

function temporaryName(path: string): string {
  return `${path}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`;
}

/** Removes what a killed first start has left. */
async function clearAway(place: Place): Promise<void> {
  for (const entry of await readdir(place.folder)) {
    const pid = Number(/^postgres\.(\d+)-\w+\.tmp/.exec(entry)?.[1]);
    if (pid && !isAlive(pid)) await rm(join(place.folder, entry), { recursive: true, force: true });
  }
}
