// The local Postgres of `npm start`, `npm run dev` and `npm run rostra`, for starts without DATABASE_URL.
import { fileURLToPath } from 'node:url';

const projectRoot = fileURLToPath(new URL('../../', import.meta.url));

/** The folder of the local Postgres. The stand-ins keep their state below it too. */
const options = (env) => ({ name: 'main', projectRoot, dataDir: env.DATA_DIR });

/**
 * Starts the local Postgres, or adopts the one that runs, and sets DATABASE_URL for the app in this process. It is
 * stopped with this process, unless another one still uses it. With DATABASE_URL it does nothing.
 * @param {{ DATABASE_URL?: string, DATA_DIR?: string }} env the settings
 * @param {(line: string) => void} say
 * @returns {Promise<{ url: string, dataDir?: string }>} the folder is that of the local Postgres
 */
export async function startDatabase(lifecycle, env, say) {
  if (env.DATABASE_URL) return { url: env.DATABASE_URL };
  await import('../typescript.mjs');
  const { startLocalPostgres } = await import('../../stand-ins/postgres/local-postgres.ts');
  const server = await startLocalPostgres({ ...options(env), onProgress: say, signal: lifecycle.signal });
  process.env.DATABASE_URL = server.url;
  lifecycle.onStop(() => server.stop());
  return server;
}

/** Returns the folder for data that belong to the local Postgres and are deleted with it. */
export async function dataFolder(env) {
  await import('../typescript.mjs');
  const { dataFolderPath } = await import('../../stand-ins/postgres/data-folder.ts');
  return dataFolderPath(options(env));
}
