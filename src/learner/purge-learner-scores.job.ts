import { definePurge } from '../jobs/purge.js';

export const purgeLearnerScores = definePurge({
  name: 'purge-learner-scores',
  cron: '37 3 * * *',
  removes: 'what the helper that learns thought of comments, after 90 days',
  steps: [{ keep: { days: 90 }, sql: 'delete from learner_scores where created_at < $1' }],
});
