import { swcOptions } from './tools/swc-options.mjs';

// `npm run test:system` sets it: images, installs and whole starts of the product, which take minutes.
const system = process.env.TEST_TIER === 'system';

export default {
  roots: ['<rootDir>/src', '<rootDir>/test'],
  testRegex: system ? '/test/system/.*\\.spec\\.ts$' : '(?<!/test/system/.*)\\.spec\\.ts$',
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': ['@swc/jest', swcOptions] },
  moduleNameMapper: { '^(\\.{1,2}/.+)\\.js$': '$1' },
  globalSetup: '<rootDir>/test/support/global-setup.mjs',
  globalTeardown: '<rootDir>/test/support/global-teardown.mjs',
  // On a busy machine a test takes longer, and `until` (test/support/until.ts) must give up before Jest does.
  testTimeout: 60_000,
  // The default of half a second is too short on such a machine, and its message names leaks where there are none.
  workerGracefulExitTimeout: 5_000,
  // Jest would start one worker on two cores, but the specs wait more than they compute. More than two workers would
  // need more connections than the test server has: each app holds some twenty.
  maxWorkers: 2,
};
