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
  testTimeout: 30_000,
  // Two, also on two cores, where Jest would take one: the specs wait more than they compute. Not more: each app holds
  // some twenty connections of the one test server.
  maxWorkers: 2,
};
