// `npm run --silent rostra -- <command>`: the operator's commands, from the build, else from the sources. Only the
// answer goes to standard output.
import { existsSync } from 'node:fs';

const root = new URL('../', import.meta.url);
const settings = new URL('.env', root);
if (existsSync(settings)) process.loadEnvFile(settings);

const built = new URL('dist/src/cli.js', root);
if (existsSync(built)) {
  await import(built);
} else {
  await import('./typescript.mjs');
  await import('../src/cli.ts');
}
