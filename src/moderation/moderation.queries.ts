import { Injectable } from '@nestjs/common';
import { deskAncestorsJson, deskAuthorJson, deskCommentJson, deskStoryJson } from '../comments/model/case.sql.js';
import { timeJson } from '../comments/model/comment.sql.js';
import { isPublicSql } from '../comments/model/visibility.js';
import { type JsonStatement, Reads } from '../database/rows.js';

const reportsJson = `coalesce((
  select json_agg(json_build_object('id', r.id::text, 'reason', r.reason, 'note', r.note, 'revision', r.revision,
    'createdAt', ${timeJson('r.created_at')},
    'reporter', case when ra.id is not null then json_build_object('id', ra.public_id, 'displayName', ra.display_name) end)
    order by r.id)
  from reports r left join accounts ra on ra.id = r.account_id
  where r.comment_id = c.id and r.decision_id is null), '[]')`;

/** SQL of a decision's JSON, for the alias `d` of its row. The alias of the moderator's account is `m`. */
export const decisionJson = (d: string): string =>
  `json_build_object('id', ${d}.id::text, 'action', ${d}.action, 'reason', ${d}.reason, 'note', ${d}.note,
    'createdAt', ${timeJson(`${d}.created_at`)},
    'moderator', json_build_object('id', m.public_id, 'displayName', m.display_name))`;

const caseJson = `json_build_object('comment', ${deskCommentJson}, 'article', ${deskStoryJson},
  'ancestors', ${deskAncestorsJson}, 'reports', ${reportsJson}, 'author', ${deskAuthorJson},
  'decisions', coalesce((select json_agg(${decisionJson('d')} order by d.id)
    from decisions d join accounts m on m.id = d.moderator_id where d.comment_id = c.id), '[]'))`;

const JOINS = `join accounts a on a.id = c.author_id join articles art on art.id = c.article_id`;

// The case that has waited longest comes first. The partial index of open reports serves this order, so closed reports
// cost nothing.
const reportedStatement: JsonStatement = {
  name: 'queue-reported',
  text: `with waiting as (
      select r.comment_id, min(r.id) as first from reports r join comments c on c.id = r.comment_id
      where r.decision_id is null and ${isPublicSql('c')} group by r.comment_id),
    page as materialized (
      select *, row_number() over (order by first) as n from (
        select * from waiting where first > $1::bigint order by first limit $2::integer + 1) p)
    select json_build_object(
      'items', coalesce((select json_agg(${caseJson} order by page.n)
        from page join comments c on c.id = page.comment_id ${JOINS} where page.n <= $2::integer), '[]'),
      'next', (select 'id:0:' || first from page
        where n = $2::integer and exists (select from page where n > $2::integer)),
      'total', (select count(*) from waiting))::text`,
};

const caseStatement: JsonStatement = {
  name: 'moderation-case',
  text: `select ${caseJson}::text from comments c ${JOINS} where c.id = $1`,
};

const decisionsStatement: JsonStatement = {
  name: 'decisions',
  text: `with page as materialized (
      select *, row_number() over (order by id desc) as n from (
        select * from decisions where id < $1::bigint and ($3::text is null or action = $3)
        order by id desc limit $2::integer + 1) p)
    select json_build_object(
      'items', coalesce((select json_agg((${decisionJson('page')})::jsonb || jsonb_build_object(
          'commentId', c.id::text, 'heldId', h.id::text, 'state', coalesce(c.state, h.state),
          'excerpt', left(coalesce(c.body, h.body), 200), 'article', ${deskStoryJson},
          'author', json_build_object('id', a.public_id, 'displayName', a.display_name)) order by page.n)
        from page join accounts m on m.id = page.moderator_id
          left join comments c on c.id = page.comment_id left join held_comments h on h.id = page.held_id
          join accounts a on a.id = coalesce(c.author_id, h.author_id)
          join articles art on art.id = coalesce(c.article_id, h.article_id)
        where page.n <= $2::integer), '[]'),
      'next', (select 'id:0:' || id from page
        where n = $2::integer and exists (select from page where n > $2::integer)))::text`,
};

/** Reads the cases and the log of decisions for the desk. */
@Injectable()
export class ModerationQueries {
  constructor(private readonly reads: Reads) {}

  /** Returns a page of the queue of reported comments. @param after the id in the cursor of the page before */
  async reported(limit: number, after = '0'): Promise<string> {
    return (await this.reads.json(reportedStatement, [after, limit]))!;
  }

  /** Returns the case of a comment, or undefined when there is no such comment. */
  case(id: string): Promise<string | undefined> {
    return this.reads.json(caseStatement, [id]);
  }

  /** Returns a page of the log of decisions, newest first. @param after the id in the cursor of the page before */
  async decisions(limit: number, action: string | undefined, after = '9223372036854775807'): Promise<string> {
    return (await this.reads.json(decisionsStatement, [after, limit, action ?? null]))!;
  }
}
