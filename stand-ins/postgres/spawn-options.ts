import process from 'node:process';
import type { DataFolder } from './data-folder.js';

/** Returns the spawn options for a program of Postgres: the server's account, its folder and an environment of its own. */
export function serverSpawnOptions(folder: DataFolder): {
  uid?: number;
  gid?: number;
  cwd: string;
  env: NodeJS.ProcessEnv;
} {
  const { account } = folder;
  return { ...(account && { uid: account.uid, gid: account.gid }), cwd: folder.path, env: serverEnvironment() };
}

/** Keeps our own environment from Postgres: PG* variables and locales would change what it makes. */
function serverEnvironment(): NodeJS.ProcessEnv {
  const windows = process.platform === 'win32' ? { SystemRoot: 'C:\\Windows' } : {};
  return { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC', ...windows };
}
