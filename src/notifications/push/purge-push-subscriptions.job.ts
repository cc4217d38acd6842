import { definePurge } from '../../jobs/purge.js';

export const purgePushSubscriptions = definePurge({
  name: 'purge-push-subscriptions',
  cron: '23 3 * * *',
  removes: 'push subscriptions of browsers not seen for 180 days, and those that ended 30 days ago',
  steps: [
    { keep: { days: 180 }, sql: 'delete from push_subscriptions where seen_at < $1' },
    { keep: { days: 30 }, sql: `delete from push_subscriptions where state <> 'active' and changed_at < $1` },
  ],
});
