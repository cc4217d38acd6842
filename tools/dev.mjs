// `npm run dev` runs the backend from its sources, with the local Postgres. `node --watch` restarts both at a change.
import { start } from '../src/main.ts';
import { readConfig } from '../src/config/config.ts';
import { startDatabase } from './start/database.mjs';
import { ProcessLifecycle } from './start/process-lifecycle.mjs';
import { loadSettings } from './start/settings.mjs';

loadSettings();
await new ProcessLifecycle().run(async (lifecycle) => {
  await startDatabase(lifecycle, readConfig(), console.log);
  const running = await start();
  lifecycle.onStop(() => running.stop(), running.drainSeconds * 1_000);
});
