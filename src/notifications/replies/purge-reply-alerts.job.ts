import { definePurge } from '../../jobs/purge.js';

/** The follower skips replies older than a day, so it needs no record of older ones. */
export const purgeReplyAlerts = definePurge({
  name: 'purge-reply-alerts',
  cron: '31 3 * * *',
  removes: 'the record of which replies were alerted, after 2 days',
  steps: [{ keep: { days: 2 }, sql: 'delete from reply_alerts where created_at < $1' }],
});
