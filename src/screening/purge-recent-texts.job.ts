import { definePurge } from '../jobs/purge.js';

export const purgeRecentTexts = definePurge({
  name: 'purge-recent-texts',
  cron: '17 * * * *',
  removes: 'fingerprints of posted texts, by which copies are found, after 3 days',
  steps: [{ keep: { days: 3 }, sql: 'delete from recent_texts where created_at < $1' }],
});
