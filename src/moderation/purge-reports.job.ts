import { definePurge } from '../jobs/purge.js';

/** Deletes a report together with its text, because nothing is left to judge. Decided reports stay. */
export const purgeReports = definePurge({
  name: 'purge-reports',
  cron: '51 3 * * *',
  removes: 'undecided reports of comments whose text was purged',
  steps: [
    {
      sql: `delete from reports r using comments c
        where r.decision_id is null and c.id = r.comment_id and c.state = 'deleted' and c.body = ''`,
    },
  ],
});
