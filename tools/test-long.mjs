// `npm run test:long [-- <Jest's options>]`: the tests that take minutes (test/**/*.long.ts), by the same runner.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
const { status } = spawnSync(process.execPath, [...flags, 'node_modules/jest/bin/jest.js', ...process.argv.slice(2)], {
  cwd: root,
  env: { ...process.env, LONG_TESTS: '1' },
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
