import { execFile } from 'node:child_process';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePorts } from '../support/processes.js';

const run = promisify(execFile);
const NOT_COPIED = new Set(['node_modules', 'dist', '.git', '.data', '.env', 'coverage', 'test-results']);

/**
 * The project in another place, as after `git clone` and `npm ci`; the packages are hard links. With `built` the
 * build comes along and, its times being kept, counts as fresh.
 */
export async function copyProject(target: string, { built }: { built: boolean }): Promise<void> {
  await mkdir(target, { recursive: true });
  const entries = (await readdir('.')).filter((it) => !NOT_COPIED.has(it) || (built && it === 'dist'));
  await run('cp', ['-a', ...entries, target]);
  const modules = join(target, 'node_modules');
  await run('cp', ['-al', 'node_modules', modules]).catch(() => run('cp', ['-a', 'node_modules', modules]));
}

/** Settings for `npm start` beside whatever else runs on this machine. */
export async function ownPorts(): Promise<Record<'PORT' | 'DEMO_PORT' | 'MAILBOX_PORT' | 'MAILBOX_SMTP_PORT', string>> {
  const [PORT, DEMO_PORT, MAILBOX_PORT, MAILBOX_SMTP_PORT] = (await freePorts(4)).map(String) as [
    string,
    string,
    string,
    string,
  ];
  return { PORT, DEMO_PORT, MAILBOX_PORT, MAILBOX_SMTP_PORT };
}
