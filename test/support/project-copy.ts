import { execFile } from 'node:child_process';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePorts } from './processes.js';

const run = promisify(execFile);
const NOT_COPIED = new Set(['node_modules', 'dist', 'dist.lock', '.git', '.data', '.env', 'coverage', 'test-results']);

/**
 * Copies the project to another place, as after `git clone` and `npm ci`. The packages are hard links.
 * @param built whether the build is copied; it counts as fresh, because its times are kept
 * @param installed false leaves out the packages, as after `git clone`
 */
export async function copyProject(
  target: string,
  { built, installed = true }: { built: boolean; installed?: boolean },
): Promise<void> {
  await mkdir(target, { recursive: true });
  const entries = (await readdir('.')).filter((it) => !NOT_COPIED.has(it) || (built && it === 'dist'));
  await run('cp', ['-a', ...entries, target]);
  if (!installed) return;
  const modules = join(target, 'node_modules');
  await run('cp', ['-al', 'node_modules', modules]).catch(() => run('cp', ['-a', 'node_modules', modules]));
}

/** The variables of all ports that `npm start` opens. */
export const PORTS = [
  'PORT',
  'DEMO_PORT',
  'MAILBOX_PORT',
  'MAILBOX_SMTP_PORT',
  'STRIPE_STAND_IN_PORT',
  'PUSH_STAND_IN_PORT',
] as const;

/** Returns settings of free ports for `npm start`, so that it runs beside other programs. */
export async function ownPorts(): Promise<Record<(typeof PORTS)[number], string>> {
  const ports = await freePorts(PORTS.length);
  return Object.fromEntries(PORTS.map((name, n) => [name, String(ports[n])])) as Record<(typeof PORTS)[number], string>;
}
