import { existsSync } from 'node:fs';

/**
 * Finds a program of the system, such as nginx.
 * @returns its path, and whether tests that need it run: when skipping is forbidden (.ci/run), also where it is missing
 */
export function systemProgram(name: string): { path: string; wanted: boolean } {
  const path = ['/usr/sbin', '/usr/bin', '/usr/local/sbin', '/usr/local/bin', '/opt/homebrew/bin']
    .map((it) => `${it}/${name}`)
    .find((it) => existsSync(it));
  return { path: path ?? name, wanted: path !== undefined || process.env.FORBID_SKIPPED_TESTS !== undefined };
}
