import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { expirySql, sessionHours } from '../../accounts/sessions/session.settings.js';
import { Clock } from '../../clock/clock.js';
import { isPublicSql } from '../../comments/model/visibility.js';
import { row, rows, type Tx } from '../../database/rows.js';
import { Settings } from '../../settings/settings.service.js';
import { TARGET_COLUMNS } from '../push/push-targets.js';
import type { PushTarget } from '../push/push.types.js';

/** The content of a reply alert. */
export interface Reply {
  id: string;
  parentId: string;
  /** The author of the comment that was answered. */
  accountId: string;
  author: string;
  body: string;
  articleUrl: string;
}

export interface NewReply {
  id: string;
  articleUrl: string;
  createdAt: Date;
}

/** The most comments that one step reads. */
export const STEP = 5_000;

/** The most browsers of an account that get reply alerts. PushSubscriptions has the same limit. */
const MOST_BROWSERS = 20;

/**
 * SQL: the subscriptions of an account that get reply alerts. Their browser must be signed in to the account at this
 * moment, so that signing out ends them.
 */
const listeningSql = (account: string, now: string, firstHours: number): string => `
  from push_subscriptions p
  join push_subscription_topics t on t.subscription_id = p.id and t.topic_key = 'replies'
  where p.account_id = ${account} and p.state = 'active' and exists (
    select from sessions s join accounts who on who.id = s.account_id
    where s.browser_hash = p.browser_hash and s.account_id = p.account_id and s.ended_at is null
      and ${expirySql('s', 'who', firstHours)} > ${now} and who.banned_at is null)`;

// The newest comments, read by the primary key, give the conversations with new replies. Their logs after the cursor give
// the replies. The same statement moves the cursors, so no other transaction finds these replies again.
const FOLLOW = `
  with tail as materialized (
    select article_id, parent_id from comments where id > $1 order by id limit ${STEP}),
  ranges as materialized (
    select a.id as article_id, a.url, coalesce(k.seq, 0) as after, a.seq as upto
    from (select distinct article_id from tail where parent_id is not null) m
    join articles a on a.id = m.article_id left join reply_cursors k on k.article_id = a.id
    where a.seq > coalesce(k.seq, 0)),
  moved as (
    insert into reply_cursors (article_id, seq) select article_id, upto from ranges
    on conflict (article_id) do update set seq = excluded.seq),
  fresh as materialized (
    select distinct c.id, c.created_at, s.url from ranges s
    cross join lateral (
      select l.comment_id from conversation_log l
      where l.article_id = s.article_id and l.seq > s.after and l.seq <= s.upto
        and l.kind = 'comment' and l.revision = 1 and l.comment_id > $2 offset 0) l
    cross join lateral (select * from comments where id = l.comment_id offset 0) c
    where ${isPublicSql('c')} and c.parent_author_id <> c.author_id
      and c.created_at > $3::timestamptz - interval '1 day'
      and exists (select ${listeningSql('c.parent_author_id', '$3', 4)})),
  recorded as (
    insert into reply_alerts (comment_id, created_at) select id, $3 from fresh
    on conflict do nothing returning comment_id)
  select fresh.id, fresh.created_at as "createdAt", fresh.url as "articleUrl"
  from fresh join recorded on recorded.comment_id = fresh.id order by fresh.id`;

/**
 * Reads for reply alerts. `follow` and `targets` count their placeholders, because a statement of theirs uses a value
 * several times and `follow` runs once a second.
 */
@Injectable()
export class ReplyAlertsQueries {
  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
    private readonly settings: Settings,
  ) {}

  /**
   * Moves the cursors of all conversations with comments newer than `seenTo`, and records their new replies.
   * @param beganAfter comments up to this id are older than the follower's first run
   * @returns the replies whose recipient has a subscription to replies
   */
  follow(tx: Tx, seenTo: string, beganAfter: string): Promise<NewReply[]> {
    return rows<NewReply>(tx, FOLLOW, [seenTo, beganAfter, this.clock.now(), ...sessionHours(this.settings)]);
  }

  /** @returns undefined when one of the two comments is not public or the reply's author is banned */
  reply(id: string): Promise<Reply | undefined> {
    return row<Reply>(this.dataSource.sql`
      select c.id, c.parent_id as "parentId", p.author_id as "accountId", a.display_name as author, c.body,
        art.url as "articleUrl"
      from comments c join comments p on p.id = c.parent_id join accounts a on a.id = c.author_id
      join articles art on art.id = c.article_id
      where c.id = ${id} and ${() => isPublicSql('c')} and ${() => isPublicSql('p')} and a.banned_at is null
        and p.author_id <> c.author_id`);
  }

  /** The subscriptions that get the alert, latest visit first. @param only the subscriptions to choose from */
  targets(accountId: string, only?: string[]): Promise<PushTarget[]> {
    return rows<PushTarget>(
      this.dataSource,
      `select ${TARGET_COLUMNS} ${listeningSql('$1', '$2', 4)} and ($3::bigint[] is null or p.id = any($3))
       order by p.seen_at desc limit ${MOST_BROWSERS}`,
      [accountId, this.clock.now(), only ?? null, ...sessionHours(this.settings)],
    );
  }
}
