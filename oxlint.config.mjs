// The linter's rules. The tables of folders are the import plan (docs/architecture.md): downwards only.
import { readdirSync } from 'node:fs';
import { importRules, override } from './tools/lint/import-rules.mjs';

const ground = ['text', 'config', 'errors', 'clock', 'database', 'audit', 'jobs', 'events', 'mail', 'http'];
const first = [...ground, 'accounts'];

/** Folder of src -> the folders that it may import from. */
const folders = {
  text: [],
  config: [],
  errors: [],
  clock: [],
  database: ['config'],
  audit: ['database'],
  jobs: ['config', 'clock', 'database'],
  events: ['config', 'database'],
  mail: ['config'],
  http: ['config', 'errors', 'database', 'jobs'],
  accounts: ground,
  realtime: first,
  articles: first,
  screening: first,
  comments: [...first, 'realtime', 'articles', 'screening'],
  moderation: [...first, 'comments', 'realtime'],
  notifications: [...first, 'comments'],
  donations: [...first, 'articles'],
};
/** Folders of several parts: part -> the parts of the same folder that it may import from. */
const parts = {
  accounts: {
    sessions: [],
    profiles: ['sessions'],
    readers: ['sessions', 'profiles'],
    'sign-in': ['sessions', 'profiles'],
  },
  comments: { model: [], reactions: ['model'], readers: ['model'], writing: ['model'], thread: ['model', 'readers'] },
  notifications: { push: [], alerts: ['push'], replies: ['push'] },
  donations: {
    amounts: [],
    stripe: ['amounts'],
    badge: [],
    ledger: ['amounts', 'stripe', 'badge'],
    events: ['stripe', 'ledger'],
    checkout: ['amounts', 'stripe', 'ledger', 'events'],
  },
};
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
  folders: {
    shared: [],
    postgres: [],
    mailbox: ['shared'],
    'push-service': ['shared'],
    stripe: ['shared'],
  },
  parts: {
    stripe: {
      model: [],
      page: [],
      webhooks: ['model'],
      params: ['model'],
      money: ['model'],
      billing: ['model', 'page', 'money'],
      checkout: ['model', 'page', 'params', 'money', 'billing'],
      api: ['model', 'params', 'money', 'billing', 'checkout'],
      control: ['model', 'page', 'webhooks', 'money', 'billing', 'checkout', 'api'],
    },
  },
  general: [
    {
      group: ['**/src/**', '**/web/**', '**/test/**', '**/tools/**', '**/bench/**'],
      message: 'A stand-in plays the outside world and imports nothing of the product.',
    },
  ],
};

const web = {
  folders: {
    shared: [],
    'service-worker': ['shared'],
    embed: ['shared'],
    pages: ['shared'],
    desk: ['shared'],
  },
  parts: {
    shared: { strings: [], push: [], page: ['strings'], 'sign-in': ['strings'] },
    embed: {
      common: [],
      account: ['common'],
      count: ['common'],
      donate: ['common'],
      alerts: ['common', 'account'],
      comments: ['common', 'account'],
      following: ['common', 'account', 'comments'],
    },
    pages: { home: [], 'sign-in': [], 'thank-you': [] },
    desk: { shell: [], moderation: ['shell'], alerts: ['shell'] },
  },
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
      folders,
      parts,
      files: ['app*.js', 'main.js', 'cli.js'],
      general: [production],
      extra: privateFiles,
    }),
    // The bus, its transport and the transactions are what the rule leads to.
    {
      files: ['src/events/*.ts', 'src/database/transaction.ts'],
      rules: { 'rostra/publish-after-commit': 'off' },
    },
    { files: ['src/config/**/*.ts', 'src/main.ts', 'src/cli.ts'], rules: { 'no-restricted-globals': 'off' } },
    ...importRules('web', web),
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
