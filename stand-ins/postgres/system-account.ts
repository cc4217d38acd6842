import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { LocalPostgresError } from './local-postgres-error.js';

const run = promisify(execFile);

/** A system account other than our own, which the server runs as. */
export interface SystemAccount {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/**
 * Finds the account for the server. Postgres refuses to run as root, so root starts it as the account that owns the
 * cluster already, else as `postgres`, else as `nobody`, which exists everywhere.
 * @returns undefined where the server runs as the account that we run as
 * @throws LocalPostgresError where root finds no such account
 */
export async function serverAccount(cluster: string): Promise<SystemAccount | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const owner = await stat(cluster).catch(() => undefined);
  if (owner && owner.uid !== 0) return { name: `user ${owner.uid}`, uid: owner.uid, gid: owner.gid };
  for (const name of ['postgres', 'nobody']) {
    const ids = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])]).catch(() => undefined);
    if (ids) return { name, uid: Number(ids[0].stdout) >>> 0, gid: Number(ids[1].stdout) >>> 0 };
  }
  throw new LocalPostgresError(
    'The local Postgres cannot run as root, and neither user postgres nor user nobody exists here.',
  );
}

/** Returns the first folder on the way to `path` that the account may not enter, or undefined. */
export async function firstClosedFolder(path: string, account: SystemAccount): Promise<string | undefined> {
  const folders: string[] = [];
  for (let folder = path; ; folder = dirname(folder)) {
    folders.unshift(folder);
    if (folder === dirname(folder)) break;
  }
  for (const folder of folders) {
    const { mode, uid, gid } = await stat(folder);
    const bit = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001;
    if (!(mode & bit)) return folder;
  }
  return undefined;
}
