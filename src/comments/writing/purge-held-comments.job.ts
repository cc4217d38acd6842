import { definePurge } from '../../jobs/purge.js';

/** The text of a rejected comment is kept for thirty days, because its author may ask why. */
export const purgeHeldComments = definePurge({
  name: 'purge-held-comments',
  cron: '44 3 * * *',
  removes: 'texts of comments that a moderator rejected before they were public, after 30 days',
  steps: [
    {
      keep: { days: 30 },
      sql: `update held_comments set body = '' where state = 'rejected' and decided_at < $1 and body <> ''`,
    },
  ],
});
