import { swcOptions } from './tools/swc-options.mjs';

// `npm run test:system` sets it: images, installs and whole starts of the product, which take minutes.
const system = process.env.TEST_TIER === 'system';

export default {
  roots: ['<rootDir>/src', '<rootDir>/test'],
  // Each case of test/browser belongs to one of the two (test/support/tier.ts).
  testRegex: system ? '/test/(system|browser)/.*\\.spec\\.ts$' : '(?<!/test/system/.*)\\.spec\\.ts$',
  // The files of one worker share what they have loaded of packages and src.
  testEnvironment: '<rootDir>/test/support/jest/shared-environment.cjs',
  runtime: '<rootDir>/test/support/jest/shared-runtime.cjs',
  testSequencer: '<rootDir>/test/support/jest/long-files-first.cjs',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': ['@swc/jest', swcOptions] },
  moduleNameMapper: { '^(\\.{1,2}/.+)\\.js$': '$1' },
  globalSetup: '<rootDir>/test/support/global-setup.mjs',
  globalTeardown: '<rootDir>/test/support/global-teardown.mjs',
  // On a busy machine a browser test takes minutes, and `until` (test/support/until.ts) must give up before Jest does.
  testTimeout: 180_000,
  // The default of half a second is too short on such a machine, and its message names leaks where there are none.
  workerGracefulExitTimeout: 5_000,
  // Three, also on two cores, where Jest would start one: the specs wait for a third of their time. Each app holds some
  // twenty connections, and the test server has 300.
  // The whole starts of test/system keep both cores busy by themselves.
  maxWorkers: system ? 2 : 3,
};
