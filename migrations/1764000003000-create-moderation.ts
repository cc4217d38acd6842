import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateModeration1764000003000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table decisions (
        id bigint generated always as identity primary key,
        comment_id bigint not null references comments (id),
        revision integer not null,
        moderator_id bigint not null references accounts (id),
        action text not null,
        reason text not null,
        note text,
        state_before text not null,
        state_after text not null,
        created_at timestamptz not null,
        constraint decisions_action_known check (action in ('remove', 'restore', 'keep')),
        constraint decisions_reason_known check (reason in ('abuse', 'spam', 'off-topic', 'other'))
      )`);
    await db.query(`create index decisions_comment on decisions (comment_id, id)`);
    await db.query(`
      create trigger decisions_append_only before update or delete or truncate on decisions
      for each statement execute function refuse_change()`);
    await db.query(`
      create table reports (
        id bigint generated always as identity primary key,
        comment_id bigint not null references comments (id),
        revision integer not null,
        account_id bigint references accounts (id) on delete set null,
        reporter_hash bytea not null,
        reason text not null,
        note text,
        created_at timestamptz not null,
        decision_id bigint references decisions (id),
        constraint reports_reason_known check (reason in ('abuse', 'spam', 'off-topic', 'other')),
        constraint reports_once unique (comment_id, revision, reporter_hash)
      )`);
    await db.query(`create index reports_open on reports (comment_id, created_at) where decision_id is null`);
    await db.query(`create index reports_decision on reports (decision_id)`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`drop table reports, decisions`);
  }
}
