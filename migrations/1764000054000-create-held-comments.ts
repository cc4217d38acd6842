import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Comments that wait for a moderator have a table of their own, so no read of the conversation can show one by mistake. An
 * approved one becomes a comment with an id of that moment, so lists and feeds that go by ids need no other rule. Its
 * decision stands in the one log of decisions, at most one for each.
 */
export class CreateHeldComments1764000054000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table held_comments (
        id bigint generated always as identity primary key,
        article_id bigint not null references articles (id),
        parent_id bigint references comments (id),
        author_id bigint not null references accounts (id),
        body text not null,
        rule text not null,
        reason text not null,
        state text not null default 'held',
        created_at timestamptz not null,
        decided_at timestamptz,
        comment_id bigint references comments (id),
        constraint held_comments_state_known check (state in ('held', 'approved', 'rejected', 'withdrawn')),
        constraint held_comments_decided check ((state = 'held') = (decided_at is null)),
        constraint held_comments_approved check ((state = 'approved') = (comment_id is not null))
      )`);
    await db.query(`create index held_comments_waiting on held_comments (id) where state = 'held'`);
    await db.query(`create index held_comments_author on held_comments (author_id, article_id, id)`);
    await db.query(`create index held_comments_parent on held_comments (parent_id) where parent_id is not null`);
    await db.query(`create index held_comments_article on held_comments (article_id)`);
    await db.query(`create index held_comments_comment on held_comments (comment_id) where comment_id is not null`);
    await db.query(`
      alter table decisions
        alter column comment_id drop not null,
        alter column reason drop not null,
        add column held_id bigint references held_comments (id),
        drop constraint decisions_action_known,
        add constraint decisions_action_known check (action in ('remove', 'restore', 'keep', 'approve', 'reject')),
        add constraint decisions_subject check (comment_id is not null or held_id is not null),
        add constraint decisions_reason_given check (reason is not null or action = 'approve')`);
    await db.query(`create unique index decisions_held on decisions (held_id) where held_id is not null`);
  }

  /** Fails when a text was decided on that is no comment, because the log keeps each decision. */
  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      alter table decisions
        drop constraint decisions_reason_given,
        drop constraint decisions_subject,
        drop constraint decisions_action_known,
        drop column held_id,
        alter column reason set not null,
        alter column comment_id set not null,
        add constraint decisions_action_known check (action in ('remove', 'restore', 'keep'))`);
    await db.query(`drop table held_comments`);
  }
}
