import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { ConfigError } from '../../config/env.js';

const run = promisify(execFile);

/** The system account that the server runs as, where that is not simply our own. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/**
 * Postgres refuses to run as root, so root lends it another account: the one that already owns the cluster, else
 * `postgres`, else `nobody`, which exists everywhere. Anyone else runs it as themselves: undefined.
 */
export async function serverAccount(cluster: string): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const owner = await stat(cluster).catch(() => undefined);
  if (owner && owner.uid !== 0) return { name: `user ${owner.uid}`, uid: owner.uid, gid: owner.gid };
  for (const name of ['postgres', 'nobody']) {
    const ids = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])]).catch(() => undefined);
    if (ids) return { name, uid: Number(ids[0].stdout) >>> 0, gid: Number(ids[1].stdout) >>> 0 };
  }
  throw new ConfigError(
    'The local Postgres cannot run as root, and neither user postgres nor user nobody exists here.',
  );
}

/** The first folder on the way to `path` that the account may not enter, if there is one. */
export async function closedFolder(path: string, account: Account): Promise<string | undefined> {
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
