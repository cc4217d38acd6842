import { definePurge } from '../../jobs/purge.js';

const keep = { days: 30 };

/** The text of a deleted comment is kept for thirty days, because readers may have reported it. */
export const purgeDeletedComments = definePurge({
  name: 'purge-deleted-comments',
  cron: '41 3 * * *',
  removes: 'texts and revisions of comments that their authors deleted, after 30 days',
  steps: [
    {
      keep,
      sql: `delete from comment_revisions r using comments c
        where c.id = r.comment_id and c.state = 'deleted' and c.deleted_at < $1`,
    },
    { keep, sql: `update comments set body = '' where state = 'deleted' and deleted_at < $1 and body <> ''` },
  ],
});
