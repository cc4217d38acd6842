import { Injectable } from '@nestjs/common';
import { deskAnsweredJson, deskAuthorJson, deskStoryJson } from '../comments/model/case.sql.js';
import { timeJson } from '../comments/model/comment.sql.js';
import { type JsonStatement, Reads } from '../database/rows.js';
import { decisionJson } from './moderation.queries.js';

/** SQL of a held text as the desk sees it. Its rows come by `from held_comments h` and HELD_JOINS. */
export const heldCaseJson = `json_build_object('id', h.id::text, 'body', h.body, 'rule', h.rule, 'why', h.reason,
  'createdAt', ${timeJson('h.created_at')}, 'state', h.state, 'commentId', h.comment_id::text, 'article', ${deskStoryJson},
  'ancestors', ${deskAnsweredJson}, 'author', ${deskAuthorJson},
  'decision', (select ${decisionJson('d')} from decisions d join accounts m on m.id = d.moderator_id where d.held_id = h.id))`;

export const HELD_JOINS = `join accounts a on a.id = h.author_id join articles art on art.id = h.article_id
  left join comments p on p.id = h.parent_id`;

// The text that has waited longest comes first, by the partial index of what waits.
const waitingStatement: JsonStatement = {
  name: 'queue-held',
  text: `with page as materialized (
      select *, row_number() over (order by id) as n from (
        select * from held_comments where state = 'held' and id > $1::bigint order by id limit $2::integer + 1) p)
    select json_build_object(
      'items', coalesce((select json_agg(${heldCaseJson} order by h.n)
        from page h ${HELD_JOINS} where h.n <= $2::integer), '[]'),
      'next', (select 'id:0:' || id from page
        where n = $2::integer and exists (select from page where n > $2::integer)),
      'total', (select count(*) from held_comments where state = 'held'))::text`,
};

const caseStatement: JsonStatement = {
  name: 'held-case',
  text: `select ${heldCaseJson}::text from held_comments h ${HELD_JOINS} where h.id = $1`,
};

/** Exported for the test of the query plans. */
export const heldStatements = { waiting: waitingStatement, case: caseStatement };

/** Reads for the desk the texts that wait for a moderator. */
@Injectable()
export class HeldQueries {
  constructor(private readonly reads: Reads) {}

  /** Returns a page of what waits. @param after the id in the cursor of the page before */
  async waiting(limit: number, after = '0'): Promise<string> {
    return (await this.reads.json(waitingStatement, [after, limit]))!;
  }

  /** Returns one text with what became of it, or undefined when there is none. */
  case(id: string): Promise<string | undefined> {
    return this.reads.json(caseStatement, [id]);
  }
}
