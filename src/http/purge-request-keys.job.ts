import { definePurge } from '../jobs/purge.js';

export const purgeRequestKeys = definePurge({
  name: 'purge-request-keys',
  cron: '7 * * * *',
  removes: 'idempotency keys after 24 hours, and counters of limits whose window is over',
  steps: [
    { keep: { hours: 24 }, sql: 'delete from idempotency_keys where created_at < $1' },
    { sql: 'delete from rate_limits where expire < extract(epoch from $1::timestamptz) * 1000' },
  ],
});
