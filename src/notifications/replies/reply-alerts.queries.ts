import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock } from '../../clock/clock.js';
import { isPublicSql } from '../../comments/model/visibility.js';
import { row, rows, type Tx } from '../../database/rows.js';
import { TARGET_COLUMNS } from '../push/push-targets.js';
import type { PushTarget } from '../push/push.types.js';

/** What a reply alert says, as it is now. */
export interface Reply {
  id: string;
  parentId: string;
  /** Who was answered. */
  accountId: string;
  author: string;
  body: string;
  articleUrl: string;
}

export interface NewReply {
  id: string;
  createdAt: Date;
}

/** Comments looked at in one step; more are looked at in the next. */
export const STEP = 5_000;

/** An account's browsers that hear of replies at most; the subscriptions keep the same bound. */
const MOST_BROWSERS = 20;

/**
 * SQL: the subscriptions that hear of replies to an account: those whose browser is signed in to it at this moment, so
 * that signing out anywhere ends them without anybody's help.
 */
const listeningSql = (account: string, now: string): string => `
  from push_subscriptions p
  join push_subscription_topics t on t.subscription_id = p.id and t.topic_key = 'replies'
  where p.account_id = ${account} and p.state = 'active' and exists (
    select from sessions s join accounts who on who.id = s.account_id
    where s.browser_hash = p.browser_hash and s.account_id = p.account_id and s.ended_at is null
      and s.expires_at > ${now} and who.banned_at is null)`;

// The tail of the newest comments says which conversations have new replies, by the primary key; each one's log, from
// its cursor on, says which. The cursors move in the same statement, so what one transaction found no other finds again.
const FOLLOW = `
  with tail as materialized (
    select article_id, parent_id from comments where id > $1 order by id limit ${STEP}),
  stretch as materialized (
    select a.id as article_id, coalesce(k.seq, 0) as after, a.seq as upto
    from (select distinct article_id from tail where parent_id is not null) m
    join articles a on a.id = m.article_id left join reply_cursors k on k.article_id = a.id
    where a.seq > coalesce(k.seq, 0)),
  moved as (
    insert into reply_cursors (article_id, seq) select article_id, upto from stretch
    on conflict (article_id) do update set seq = excluded.seq),
  fresh as materialized (
    select distinct c.id, c.created_at from stretch s
    cross join lateral (
      select l.comment_id from conversation_log l
      where l.article_id = s.article_id and l.seq > s.after and l.seq <= s.upto
        and l.kind = 'comment' and l.revision = 1 and l.comment_id > $2 offset 0) l
    cross join lateral (select * from comments where id = l.comment_id offset 0) c
    where ${isPublicSql('c')} and c.parent_author_id <> c.author_id
      and c.created_at > $3::timestamptz - interval '1 day'
      and exists (select ${listeningSql('c.parent_author_id', '$3')})),
  marked as (
    insert into reply_alerts (comment_id, created_at) select id, $3 from fresh
    on conflict do nothing returning comment_id)
  select fresh.id, fresh.created_at as "createdAt" from fresh join marked on marked.comment_id = fresh.id order by fresh.id`;

/**
 * Reads for reply alerts. `follow` and `targets` count their placeholders, because a statement of theirs uses a value
 * several times and `follow` runs once a second.
 */
@Injectable()
export class ReplyAlertsQueries {
  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
  ) {}

  /**
   * Moves the cursors of all conversations with comments newer than `seenTo`, and marks their new replies as told.
   * @param beganAfter comments up to this one are older than Rostra's following
   * @returns the replies to comments of somebody who wants to hear of them
   */
  follow(tx: Tx, seenTo: string, beganAfter: string): Promise<NewReply[]> {
    return rows<NewReply>(tx, FOLLOW, [seenTo, beganAfter, this.clock.now()]);
  }

  /** undefined where there is nothing to tell any more: either comment is gone, or its author may not write. */
  reply(id: string): Promise<Reply | undefined> {
    return row<Reply>(this.dataSource.sql`
      select c.id, c.parent_id as "parentId", p.author_id as "accountId", a.display_name as author, c.body,
        art.url as "articleUrl"
      from comments c join comments p on p.id = c.parent_id join accounts a on a.id = c.author_id
      join articles art on art.id = c.article_id
      where c.id = ${id} and ${() => isPublicSql('c')} and ${() => isPublicSql('p')} and a.banned_at is null
        and p.author_id <> c.author_id`);
  }

  /** The browsers to tell, the ones seen last first. @param only of these subscriptions */
  targets(accountId: string, only?: string[]): Promise<PushTarget[]> {
    return rows<PushTarget>(
      this.dataSource,
      `select ${TARGET_COLUMNS} ${listeningSql('$1', '$2')} and ($3::bigint[] is null or p.id = any($3))
       order by p.seen_at desc limit ${MOST_BROWSERS}`,
      [accountId, this.clock.now(), only ?? null],
    );
  }
}
