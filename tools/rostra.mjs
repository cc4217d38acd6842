// `npm run --silent rostra -- <command>` runs the operator's commands, from the build or else from the sources. Only
// the answer goes to standard output.
import { existsSync } from 'node:fs';
import { startDatabase } from './start/database.mjs';
import { ProcessLifecycle } from './start/process-lifecycle.mjs';
import { loadSettings } from './start/settings.mjs';

loadSettings();

async function loadCli() {
  const built = new URL('../dist/src/cli.js', import.meta.url);
  if (existsSync(built)) return import(built);
  await import('./typescript.mjs');
  return import('../src/cli.ts');
}

await new ProcessLifecycle().run(async (lifecycle) => {
  const { runCli } = await loadCli();
  const code = await runCli(process.argv.slice(2), (env) => startDatabase(lifecycle, env, () => undefined));
  void lifecycle.end(code);
});
