import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What was learned from the decisions of moderators, and how it judged comments before a moderator did. */
export class CreateLearner1764000053000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table learner_versions (
        id bigint generated always as identity primary key,
        created_at timestamptz not null,
        state text not null,
        last_decision_id bigint not null,
        last_comment_id bigint not null,
        decided integer not null,
        standing integer not null,
        fingerprint text not null,
        weights bytea not null,
        checksum bytea not null,
        metrics jsonb not null,
        constraint learner_versions_state_known check (state in ('shadow', 'active', 'retired'))
      )`);
    await db.query(`create unique index learner_versions_active on learner_versions (state) where state = 'active'`);
    await db.query(`
      create table learner_scores (
        version_id bigint not null references learner_versions (id) on delete cascade,
        comment_id bigint not null references comments (id),
        revision integer not null,
        score real not null,
        created_at timestamptz not null,
        primary key (version_id, comment_id)
      )`);
    await db.query(`create index learner_scores_comment on learner_scores (comment_id)`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`drop table learner_scores, learner_versions`);
  }
}
