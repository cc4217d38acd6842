/** The tables to which the app only adds rows, so that its role may neither change nor remove them. */
export const APPEND_ONLY = [
  'audit_log',
  'conversation_log',
  'decisions',
  'ledger_entries',
  'setting_versions',
] as const;
