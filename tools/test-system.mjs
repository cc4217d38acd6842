// `npm run test:system [-- <Jest's options>]` runs the tests of test/system and most cases of test/browser, which `npm test`
// leaves out because they take minutes. jest.config.js selects them by TEST_TIER.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
const { status } = spawnSync(process.execPath, [...flags, 'node_modules/jest/bin/jest.js', ...process.argv.slice(2)], {
  cwd: root,
  env: { ...process.env, TEST_TIER: 'system' },
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
