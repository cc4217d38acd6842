// `npm start` runs Rostra on one's own machine, with nothing installed and nothing set. It builds, starts the stand-ins
// and the local Postgres, and then the app in this process. In production it starts the app and nothing else.
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { banner } from './start/banner.mjs';
import { buildIfNeeded, isFresh } from './start/build.mjs';
import { startDatabase } from './start/database.mjs';
import { ProcessLifecycle, StartError } from './start/process-lifecycle.mjs';
import { loadSettings } from './start/settings.mjs';
import { portsOf, startStandIns } from './start/stand-ins.mjs';

loadSettings();

const begun = Date.now();
const say = (line) => console.log(line);

async function start(lifecycle) {
  const production = process.env.NODE_ENV === 'production';
  if (production && !existsSync(new URL('../dist/src/main.js', import.meta.url)))
    throw new StartError('There is no dist: run `npm run build`.');
  const built = production || isFresh();
  let env = {};
  try {
    env = await readSettings(built);
    if (production) {
      await startApp(lifecycle);
      return;
    }
    if (env.ROLE !== 'worker') {
      await probe(env.PORT, env.HOST);
      for (const port of portsOf(env)) await probe(port, '127.0.0.1');
    }
    // The app is loaded before the hooks for TypeScript are, because with them loading takes twice the time.
    if (built) await import('../dist/src/main.js');
    const standIns = await startStandIns(lifecycle, env);
    await buildIfNeeded(say, lifecycle.signal);
    const { dataDir } = await startDatabase(lifecycle, env, say);
    const running = await startApp(lifecycle);
    if (env.ROLE === 'worker') {
      say(`The worker is ready (${seconds()}).`);
      return;
    }
    const { seedDemo } = await import('./demo-seed.ts');
    const admin = await seedDemo(running.app, standIns.demo, say);
    say(banner({ ...standIns, url: running.url, admin, dataDir, time: seconds() }));
  } catch (error) {
    throw explained(error, env);
  }
}

/** Reads the settings by the app's own schema, so that a wrong one or a taken port is reported before a long build. */
async function readSettings(built) {
  if (!built) await import('./typescript.mjs');
  const { readConfig } = await import(built ? '../dist/src/config/config.js' : '../src/config/config.ts');
  return readConfig();
}

async function startApp(lifecycle) {
  // Nest's list of routes would push the banner out of sight.
  if (process.env.NODE_ENV !== 'production') process.env.LOG_LEVEL ||= 'warn';
  const main = await import('../dist/src/main.js');
  const running = await main.start();
  lifecycle.onStop(() => running.stop(), running.drainSeconds * 1_000);
  return running;
}

/** Rejects if the port is taken, because the app opens its own only after the database. */
async function probe(port, host = '::') {
  const server = createServer();
  await new Promise((resolve, reject) => server.once('error', reject).listen(port, host, resolve));
  await new Promise((resolve) => server.close(resolve));
}

function explained(error, env) {
  const name = Object.keys(env).find((it) => it.endsWith('PORT') && env[it] === error.port);
  if (error.syscall !== 'listen' || !name) return error;
  const why = error.code === 'EADDRINUSE' ? 'is taken' : `cannot be used (${error.code})`;
  return new StartError(
    `Port ${error.port} ${why}. Choose another with ${name}: ${name}=${error.port + (error.port < 65_000 ? 100 : -100)} npm start`,
  );
}

const seconds = () => `${((Date.now() - begun) / 1000).toFixed(1)} s`;

await new ProcessLifecycle().run(start);
