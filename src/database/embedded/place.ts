import { createHash } from 'node:crypto';
import { chmod, mkdir, realpath } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { ConfigError } from '../../config/env.js';
import { type Account, closedFolder, serverAccount } from './account.js';

/** Root keeps what the server's account must reach here: not below a home, and not in a folder that reboots empty. */
export const SYSTEM_FOLDER = '/var/lib/rostra';

/** Where one server keeps its things. */
export interface Place {
  readonly folder: string;
  /** Postgres's own data directory. */
  readonly cluster: string;
  readonly passwordFile: string;
  readonly logFile: string;
  readonly account: Account | undefined;
}

export interface PlaceOptions {
  readonly name: string;
  readonly projectRoot: string;
  readonly dataDir?: string | undefined;
}

/** The folder of a server: DATA_DIR where given, below the system folder for root, in the project for anyone else. */
export async function folderOf({ name, projectRoot, dataDir }: PlaceOptions): Promise<string> {
  if (dataDir) return resolve(projectRoot, dataDir);
  if (process.getuid?.() !== 0) return join(projectRoot, '.data', name);
  const project = createHash('sha256')
    .update(await realpath(projectRoot))
    .digest('hex')
    .slice(0, 12);
  return join(SYSTEM_FOLDER, `${project}-${name}`);
}

/** Makes the folder and finds the account. @throws Error of one line when that account cannot reach the folder */
export async function preparePlace(options: PlaceOptions): Promise<Place> {
  const wanted = await folderOf(options);
  const created = await mkdir(wanted, { recursive: true }).catch((cause: NodeJS.ErrnoException) => {
    throw new ConfigError(`${naming(options, wanted)} cannot be made (${cause.code ?? cause.message}).`, { cause });
  });
  const folder = await realpath(wanted);
  const cluster = join(folder, 'postgres');
  const account = await serverAccount(cluster);
  if (account) {
    if (created) await chmod(folder, 0o755);
    if (folder.startsWith(`${SYSTEM_FOLDER}/`)) await chmod(SYSTEM_FOLDER, 0o755);
    const closed = await closedFolder(folder, account);
    if (closed)
      throw new ConfigError(
        `${naming(options, wanted)} lies below ${closed}, which ${account.name} may not enter; ` +
          `Postgres does not run as root but as ${account.name}. Set DATA_DIR to a folder that all may enter.`,
      );
  }
  return {
    folder,
    cluster,
    passwordFile: join(folder, 'postgres-password'),
    logFile: join(folder, 'postgres.log'),
    account,
  };
}

function naming(options: PlaceOptions, folder: string): string {
  return options.dataDir ? `DATA_DIR=${options.dataDir}` : `The data folder ${folder}`;
}
