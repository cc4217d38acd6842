// The import plan (docs/architecture.md): downwards only. The linter's rules are made from these tables, and
// test/ci/imports.spec.ts holds every import against them.

const ground = [
  'text',
  'config',
  'errors',
  'log',
  'clock',
  'metrics',
  'database',
  'audit',
  'jobs',
  'events',
  'settings',
  'mail',
  'http',
];
const first = [...ground, 'accounts'];

/** Folder of src -> the folders that it may import from. */
const srcFolders = {
  text: [],
  config: [],
  errors: [],
  log: [],
  clock: [],
  metrics: ['config', 'clock'],
  database: ['config', 'clock', 'metrics'],
  audit: ['database'],
  jobs: ['config', 'errors', 'log', 'clock', 'metrics', 'database'],
  events: ['config', 'database'],
  settings: ['text', 'config', 'errors', 'clock', 'database', 'audit', 'events'],
  mail: ['config', 'errors', 'metrics', 'settings'],
  http: ['config', 'errors', 'clock', 'metrics', 'database', 'jobs', 'settings'],
  accounts: ground,
  newsroom: [...first, 'realtime'],
  realtime: first,
  articles: first,
  learner: first,
  screening: [...first, 'learner'],
  comments: [...first, 'realtime', 'articles', 'learner', 'screening'],
  moderation: [...first, 'comments', 'realtime'],
  notifications: [...first, 'articles', 'comments'],
  donations: [...first, 'articles'],
  doctor: ['config', 'database', 'donations', 'learner', 'notifications'],
};
/** Folders of several parts: part -> the parts of the same folder that it may import from. */
const srcParts = {
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

export const src = { folders: srcFolders, parts: srcParts };

export const standIns = {
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
};

export const web = {
  folders: {
    shared: [],
    'service-worker': ['shared'],
    embed: ['shared'],
    pages: ['shared'],
    desk: ['shared'],
  },
  parts: {
    shared: { strings: [], push: [], page: [], 'sign-in': ['strings'] },
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
    desk: { shell: [], moderation: ['shell'], alerts: ['shell'], settings: ['shell'] },
  },
};
