import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock } from '../clock/clock.js';
import { row, rows, type Tx } from '../database/rows.js';

/** A text of which is known what became of it. */
export interface DecidedText {
  id: string;
  body: string;
  removed: boolean;
  at: Date;
}

/** How far decisions and comments go. */
export interface TrainingPosition {
  lastDecisionId: string;
  lastCommentId: string;
  /** The decisions since the newest version, at most 1,000. */
  fresh: number;
}

const PAGE = 500;
/** A comment that nobody reported in this time was right to stand. */
const STANDING_DAYS = 3;

/** SQL: whether a decision says that the text should not be there. */
export const removesSql = (d: string): string => `${d}.action in ('remove', 'reject')`;

// The last decision on a comment counts, with the text that the moderator read. Authors' deletions are respected. A text
// that was rejected before it was public never became a comment.
const DECIDED = `
  select d.id, d.created_at as at, ${removesSql('d')} as removed,
    case when d.comment_id is null then h.body when d.revision = c.revision then c.body else r.body end as body
  from (select * from decisions where id < $1 order by id desc limit ${PAGE}) d
  left join comments c on c.id = d.comment_id
  left join comment_revisions r on r.comment_id = c.id and r.revision = d.revision
  left join held_comments h on h.id = d.held_id
  where c.deleted_at is null
    and not exists (select from decisions later where later.comment_id = d.comment_id and later.id > d.id)
  order by d.id desc`;
const DECIDED_END = `select min(id) as id from (select id from decisions where id < $1 order by id desc limit ${PAGE}) d`;

const STANDING = `
  select c.id, c.created_at as at, false as removed, c.body
  from (select * from comments where id < $1 order by id desc limit ${PAGE}) c
  where c.deleted_at is null and c.created_at < $2
    and not exists (select from decisions d where d.comment_id = c.id)
    and not exists (select from reports r where r.comment_id = c.id)
  order by c.id desc`;
const STANDING_END = `select min(id) as id from (select id from comments where id < $1 order by id desc limit ${PAGE}) c`;

/** Reads what moderators decided, newest first, in pages. */
@Injectable()
export class TrainingData {
  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
  ) {}

  async position(tx: Pick<Tx, 'query'> = this.dataSource): Promise<TrainingPosition> {
    return (await row<TrainingPosition>(
      tx,
      `select coalesce((select max(id) from decisions), 0) as "lastDecisionId",
        coalesce((select max(id) from comments), 0) as "lastCommentId",
        (select count(*)::integer from (select from decisions
          where id > coalesce((select max(last_decision_id) from learner_versions), 0) limit 1000) d) as fresh`,
    ))!;
  }

  decided(): AsyncGenerator<DecidedText> {
    return this.pages(DECIDED, DECIDED_END, []);
  }

  /** Comments that stood without a decision or a report. */
  standing(): AsyncGenerator<DecidedText> {
    return this.pages(STANDING, STANDING_END, [new Date(this.clock.now().getTime() - STANDING_DAYS * 86_400_000)]);
  }

  private async *pages(page: string, end: string, values: unknown[]): AsyncGenerator<DecidedText> {
    for (let before: string | null = '9223372036854775807'; before !== null;) {
      const found: DecidedText[] = await rows<DecidedText>(this.dataSource, page, [before, ...values]);
      yield* found.filter((it) => it.body);
      before = (await row<{ id: string | null }>(this.dataSource, end, [before]))!.id;
    }
  }
}
