// Installs the Node that the Dockerfile names, so that the product can be tried on it without Docker.
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** @returns the version, such as 26.10.0 */
export async function imageNodeVersion() {
  const text = await readFile(new URL('../Dockerfile', import.meta.url), 'utf8');
  const [, version] = /^FROM node:(\d+\.\d+\.\d+)/m.exec(text) ?? [];
  if (!version) throw new Error('The Dockerfile names no version of Node.');
  return version;
}

/**
 * Installs a Node from npm's registry. The package of this platform holds the program itself; the package `node` would
 * fetch it by an install script, which npm may refuse.
 * @returns the folder of the program, to be put in front of PATH
 */
export async function installNode(version, folder) {
  const name = `node-${process.platform}-${process.arch}`;
  await run('npm', ['install', '--no-save', '--prefix', folder, `${name}@${version}`], { cwd: folder });
  return join(folder, 'node_modules', name, 'bin');
}
