import { createHash } from 'node:crypto';
import { chmod, mkdir, realpath } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { LocalPostgresError } from './local-postgres-error.js';
import { firstClosedFolder, serverAccount, type SystemAccount } from './system-account.js';

/** Holds root's servers: the server's account can reach it, and it outlives a reboot, unlike a home or /tmp. */
export const SYSTEM_FOLDER = '/var/lib/rostra';

/** The paths of one server. */
export interface DataFolder {
  readonly path: string;
  /** Postgres's own data directory. */
  readonly cluster: string;
  readonly passwordFile: string;
  readonly logFile: string;
  /** Absent where the server runs as the account that we run as. */
  readonly account: SystemAccount | undefined;
}

export interface DataFolderOptions {
  /** Tells the servers of one project apart, such as `main`. */
  readonly name: string;
  readonly projectRoot: string;
  /** DATA_DIR; relative paths start at the project. */
  readonly dataDir?: string | undefined;
}

/** Returns the folder of a server: DATA_DIR, else one below the system folder for root, else one in the project. */
export async function dataFolderPath({ name, projectRoot, dataDir }: DataFolderOptions): Promise<string> {
  if (dataDir) return resolve(projectRoot, dataDir);
  if (process.getuid?.() !== 0) return join(projectRoot, '.data', name);
  const project = createHash('sha256')
    .update(await realpath(projectRoot))
    .digest('hex')
    .slice(0, 12);
  return join(SYSTEM_FOLDER, `${project}-${name}`);
}

/** Makes the folder and finds the server's account. @throws LocalPostgresError where the account cannot reach it */
export async function prepareDataFolder(options: DataFolderOptions): Promise<DataFolder> {
  const requested = await dataFolderPath(options);
  const label = options.dataDir ? `DATA_DIR=${options.dataDir}` : `The data folder ${requested}`;
  const created = await mkdir(requested, { recursive: true }).catch((cause: NodeJS.ErrnoException) => {
    throw new LocalPostgresError(`${label} cannot be made (${cause.code ?? cause.message}).`, { cause });
  });
  const path = await realpath(requested);
  const cluster = join(path, 'postgres');
  const account = await serverAccount(cluster);
  if (account) {
    if (created) await chmod(path, 0o755);
    if (path.startsWith(`${SYSTEM_FOLDER}/`)) await chmod(SYSTEM_FOLDER, 0o755);
    const closed = await firstClosedFolder(path, account);
    if (closed)
      throw new LocalPostgresError(
        `${label} lies below ${closed}, which ${account.name} may not enter; ` +
          `Postgres does not run as root but as ${account.name}. Set DATA_DIR to a folder that all may enter.`,
      );
  }
  return {
    path,
    cluster,
    passwordFile: join(path, 'postgres-password'),
    logFile: join(path, 'postgres.log'),
    account,
  };
}
