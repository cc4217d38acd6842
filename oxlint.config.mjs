// The linter's rules. The table `arrows` is the house's import plan (docs/architecture.md): downwards only.
const ground = ['text', 'config', 'errors', 'clock', 'database', 'audit', 'jobs', 'events', 'mail', 'http'];
const first = [...ground, 'accounts'];

/** room -> the rooms it may import from */
const arrows = {
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
/** A room of several parts: part -> the parts of the same room it may import from. */
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

// An override replaces the options of an earlier one, so each room repeats the general pattern.
const roomOverride = ([room, allowed]) => {
  const banned = Object.keys(arrows).filter((it) => it !== room && !allowed.includes(it));
  const offered = allowed.filter((it) => !plain.includes(it));
  const patterns = (up) => [
    production,
    {
      group: [...banned.map((it) => `${up}${it}/**`), `${up}app*.js`, `${up}main.js`, `${up}cli.js`],
      message: `Imports run downwards only: ${room} may import from ${allowed.join(', ') || 'no other room'}.`,
    },
    ...(offered.length
      ? [
          {
            group: offered.flatMap((it) =>
              ['entity', 'controller', 'schema'].map((kind) => `${up}${it}/**/*.${kind}.js`),
            ),
            message: "A room's entities, controllers and schemas are private.",
          },
        ]
      : []),
  ];
  const override = (files, its) => ({ files, rules: { 'no-restricted-imports': ['error', { patterns: its }] } });
  const siblings = Object.entries(parts[room] ?? {});
  return [
    override([`src/${room}/*.ts`], patterns('../')),
    override([`src/${room}/*/**/*.ts`], patterns('../../')),
    ...siblings.map(([part, below]) =>
      override(
        [`src/${room}/${part}/**/*.ts`],
        [
          ...patterns('../../'),
          {
            group: siblings
              .map(([it]) => it)
              .filter((it) => it !== part && !below.includes(it))
              .map((it) => `../${it}/**`),
            message: `Within ${room}, ${part} may import from ${below.join(', ') || 'no other part'}.`,
          },
        ],
      ),
    ),
  ];
};

const only = (files, group, message) => ({
  files,
  rules: { 'no-restricted-imports': ['error', { patterns: [{ group, message }] }] },
});

export default {
  plugins: ['typescript', 'import', 'oxc', 'unicorn', 'jest'],
  jsPlugins: ['./tools/lint/rostra-plugin.mjs'],
  categories: { correctness: 'error' },
  rules: {
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
    ...Object.entries(arrows).flatMap(roomOverride),
    // The bus, its transport and the transactions are what the rule leads to.
    {
      files: ['src/events/*.ts', 'src/database/transaction.ts'],
      rules: { 'rostra/publish-after-commit': 'off' },
    },
    { files: ['src/config/**/*.ts', 'src/main.ts', 'src/cli.ts'], rules: { 'no-restricted-globals': 'off' } },
    only(['web/**/*.ts'], ['**/src/**', '**/stand-ins/**'], 'web imports nothing from src or stand-ins.'),
    only(
      ['stand-ins/**/*.ts'],
      ['**/src/**', '**/web/**'],
      'A stand-in plays the outside world and knows nothing of us.',
    ),
    { files: ['test/**/*.ts'], rules: { 'jest/expect-expect': 'off', 'jest/no-standalone-expect': 'off' } },
  ],
};
