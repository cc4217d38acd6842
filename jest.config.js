import { swcOptions } from './tools/swc-options.mjs';

export default {
  roots: ['<rootDir>/src', '<rootDir>/test'],
  testRegex: process.env.LONG_TESTS ? '\\.long\\.ts$' : '\\.spec\\.ts$',
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': ['@swc/jest', swcOptions] },
  moduleNameMapper: { '^(\\.{1,2}/.+)\\.js$': '$1' },
  globalSetup: '<rootDir>/test/support/global-setup.mjs',
  globalTeardown: '<rootDir>/test/support/global-teardown.mjs',
  // For a busy machine: longer than any condition is waited for (test/support/until.ts).
  testTimeout: 60_000,
  // Half a second, the default, is too short for that machine, and its message tells of leaks where there are none.
  workerGracefulExitTimeout: 5_000,
  // Two, also on two cores, where Jest would take one: the specs wait more than they compute. Not more: each app holds
  // some twenty connections of the one test server.
  maxWorkers: 2,
};
