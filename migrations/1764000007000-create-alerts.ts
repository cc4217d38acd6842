import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateAlerts1764000007000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table alerts (
        id bigint generated always as identity primary key,
        topic_key text not null references topics (key),
        title text not null,
        body text not null,
        url text not null,
        urgency text not null,
        ttl integer not null,
        bytes integer not null,
        author_id bigint not null references accounts (id),
        state text not null default 'draft',
        created_at timestamptz not null,
        sent_at timestamptz,
        finished_at timestamptz,
        audience integer,
        divided_to bigint not null default 0,
        divided boolean not null default false,
        targeted integer not null default 0,
        accepted integer not null default 0,
        gone integer not null default 0,
        failed integer not null default 0,
        expired integer not null default 0,
        cancelled integer not null default 0,
        constraint alerts_state_known check (state in ('draft', 'sending', 'sent', 'cancelled')),
        constraint alerts_urgency_known check (urgency in ('normal', 'high')),
        constraint alerts_ttl_bounds check (ttl between 0 and 2419200),
        constraint alerts_counts check (
          least(accepted, gone, failed, expired, cancelled) >= 0
          and accepted + gone + failed + expired + cancelled <= targeted),
        constraint alerts_sum check (
          state <> 'sent' or accepted + gone + failed + expired + cancelled = targeted)
      ) with (fillfactor = 50)`);
    await db.query(`create index alerts_topic on alerts (topic_key)`);
    await db.query(`create index alerts_author on alerts (author_id)`);

    // Who of an alert's audience is still to be reached, in parts that one job works through each. A subscription is in
    // one part at the most, and leaves it in the transaction that counts what became of it.
    await db.query(`
      create table alert_batches (
        id bigint generated always as identity primary key,
        alert_id bigint not null references alerts (id) on delete cascade,
        attempt smallint not null default 1,
        pending bigint[] not null,
        begun boolean not null default false,
        constraint alert_batches_not_empty check (cardinality(pending) > 0)
      ) with (fillfactor = 50)`);
    await db.query(`create index alert_batches_alert on alert_batches (alert_id)`);

    // How far the conversations have been followed for reply alerts: one row for all, one for each article with replies.
    await db.query(`
      create table reply_follower (
        singleton boolean primary key default true,
        began_after bigint not null,
        seen_to bigint not null,
        constraint reply_follower_one check (singleton)
      )`);
    await db.query(`
      create table reply_cursors (
        article_id bigint primary key references articles (id),
        seq bigint not null
      ) with (fillfactor = 50)`);
    // A reply alerts once, though it be removed and restored.
    await db.query(`
      create table reply_alerts (
        comment_id bigint primary key references comments (id),
        created_at timestamptz not null
      )`);
    await db.query(`create index reply_alerts_age on reply_alerts (created_at)`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`drop table reply_alerts, reply_cursors, reply_follower, alert_batches, alerts`);
  }
}
