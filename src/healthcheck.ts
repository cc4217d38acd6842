import { hostname } from 'node:os';
import { databaseUrlOf } from './config/config.js';
import { readEnvironment } from './config/env.js';
import { connectionOptions, GuardedClient } from './database/connection.js';
import { anyWorkerAlive } from './jobs/reaper.js';

/**
 * The health check of the image, in every role: `node dist/src/healthcheck.js` ends with 0 when this container's process
 * works. A web process answers /health/ready. A worker has no port, so its lease in the database says whether it works,
 * even when it is frozen beside healthy ones.
 */
const env = readEnvironment(process.env);

async function webIsReady(): Promise<boolean> {
  const answer = await fetch(`http://127.0.0.1:${env.PORT}/health/ready`, { signal: AbortSignal.timeout(4_000) });
  return answer.ok;
}

async function workerIsAlive(): Promise<boolean> {
  const url = env.DATABASE_DIRECT_URL ?? databaseUrlOf(env);
  const client = new GuardedClient(connectionOptions(url, 'rostra healthcheck', 2_000, true));
  await client.connect();
  const alive = await anyWorkerAlive(client, hostname());
  await client.end();
  return alive;
}

try {
  const checks = [...(env.ROLE === 'worker' ? [] : [webIsReady()]), ...(env.ROLE === 'web' ? [] : [workerIsAlive()])];
  const works = (await Promise.all(checks)).every(Boolean);
  if (!works) console.error(`ROLE=${env.ROLE} does not work.`);
  process.exit(works ? 0 : 1);
} catch (error) {
  console.error((error as Error).message);
  process.exit(1);
}
