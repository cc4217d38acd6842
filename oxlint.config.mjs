// The linter's rules. The tables of folders are in tools/lint/import-tables.mjs.
import { readdirSync } from 'node:fs';
import { importRules, override } from './tools/lint/import-rules.mjs';
import * as tables from './tools/lint/import-tables.mjs';

const plain = ['config', 'errors', 'clock', 'database'];

const production = {
  group: ['**/web/**', '**/stand-ins/**', '**/test/**', '**/tools/**', '**/bench/**'],
  message: 'Production code imports nothing from web, stand-ins, test, tools or bench.',
};

/** What the folders of src offer to others; these files of theirs are private. */
const privateFiles = (allowed, up) => [
  {
    group: allowed
      .filter((it) => !plain.includes(it))
      .flatMap((it) => ['entity', 'controller', 'schema'].map((kind) => `${up}${it}/**/*.${kind}.js`)),
    message: "A folder's entities, controllers and schemas are private.",
  },
];

const standIns = {
  ...tables.standIns,
  general: [
    {
      group: ['**/src/**', '**/web/**', '**/test/**', '**/tools/**', '**/bench/**'],
      message: 'A stand-in plays the outside world and imports nothing of the product.',
    },
  ],
};

const web = {
  ...tables.web,
  // The page connection and the sign-in form use what lies directly in shared.
  above: (folder, part) => (folder === 'shared' && ['page', 'sign-in'].includes(part) ? [] : ['*.js']),
  general: [
    {
      group: ['**/src/**', '**/stand-ins/**', '**/test/**', '**/tools/**', '**/bench/**'],
      message: 'Browser code imports nothing from src, stand-ins, test, tools or bench.',
    },
  ],
};

/** test/support serves every spec and therefore imports from none of their folders. */
const specFolders = readdirSync(new URL('test', import.meta.url), { withFileTypes: true })
  .filter((it) => it.isDirectory() && it.name !== 'support')
  .map((it) => it.name);

export default {
  plugins: ['typescript', 'import', 'oxc', 'unicorn', 'jest'],
  jsPlugins: ['./tools/lint/rostra-plugin.mjs'],
  categories: { correctness: 'error' },
  rules: {
    'rostra/no-retired-names': 'error',
    'import/no-cycle': 'error',
    'oxc/no-barrel-file': ['error', { threshold: 0 }],
    'typescript/no-floating-promises': 'error',
    'typescript/no-misused-promises': 'error',
    'typescript/no-explicit-any': 'error',
  },
  ignorePatterns: ['dist/**', 'node_modules/**', '.data/**'],
  overrides: [
    {
      files: ['src/**/*.ts'],
      rules: {
        'rostra/publish-after-commit': 'error',
        'no-restricted-globals': [
          'error',
          { name: 'process', message: 'Only src/config reads process.env; inject Config.' },
        ],
        'no-restricted-imports': ['error', { patterns: [production] }],
      },
    },
    ...importRules('src', {
      ...tables.src,
      files: ['app*.js', 'main.js', 'cli.js'],
      general: [production],
      extra: privateFiles,
    }),
    // The bus, its transport and the transactions are what the rule leads to.
    {
      files: ['src/events/*.ts', 'src/database/transaction.ts'],
      rules: { 'rostra/publish-after-commit': 'off' },
    },
    {
      files: ['src/config/**/*.ts', 'src/main.ts', 'src/cli.ts', 'src/healthcheck.ts'],
      rules: { 'no-restricted-globals': 'off' },
    },
    ...importRules('web', web),
    { files: ['web/**/*.ts'], rules: { 'rostra/one-formatter': 'error' } },
    {
      files: ['web/shared/strings/formats.ts', 'web/shared/currency-formats.ts'],
      rules: { 'rostra/one-formatter': 'off' },
    },
    ...importRules('stand-ins', standIns),
    override(
      ['test/support/**/*.ts'],
      [{ group: specFolders.map((it) => `../${it}/**`), message: 'test/support imports from no folder of specs.' }],
    ),
    // Its names are the document's.
    { files: ['web/shared/api-types.d.ts'], rules: { 'rostra/no-retired-names': 'off' } },
    { files: ['test/**/*.ts'], rules: { 'jest/expect-expect': 'off', 'jest/no-standalone-expect': 'off' } },
  ],
};
