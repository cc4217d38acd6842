import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateComments1764000002000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    // Adjacency plus an unindexed ancestor array (measured: docs/architecture.md). child_count counts rows of any
    // state and never falls; reply_count counts published direct replies.
    await db.query(`
      create table comments (
        id bigint generated always as identity primary key,
        article_id bigint not null references articles (id),
        parent_id bigint references comments (id),
        root_id bigint not null,
        depth integer not null,
        ancestors bigint[] not null,
        author_id bigint not null references accounts (id),
        parent_author_id bigint references accounts (id),
        body text not null,
        revision integer not null default 1,
        state text not null default 'published',
        removal_reason text,
        reactions jsonb not null default '{}',
        score integer not null default 0,
        rank double precision not null,
        reply_count integer not null default 0,
        child_count integer not null default 0,
        created_at timestamptz not null,
        edited_at timestamptz,
        deleted_at timestamptz,
        constraint comments_state_known check (state in ('published', 'removed', 'deleted')),
        constraint comments_removal_reason check ((state = 'removed') = (removal_reason is not null)),
        constraint comments_counts check (reply_count between 0 and child_count),
        constraint comments_shape check ((parent_id is null) = (depth = 0) and cardinality(ancestors) = depth + 1)
      ) with (fillfactor = 85)`);
    const visible = `(state <> 'deleted' or child_count > 0)`;
    await db.query(
      `create index comments_roots_by_time on comments (article_id, created_at, id) where parent_id is null and ${visible}`,
    );
    await db.query(
      `create index comments_roots_by_rank on comments (article_id, rank, id) where parent_id is null and ${visible}`,
    );
    await db.query(
      `create index comments_roots_by_score on comments (article_id, score, id) where parent_id is null and ${visible}`,
    );
    await db.query(
      `create index comments_roots_by_replies on comments (article_id, reply_count, id) where parent_id is null and ${visible}`,
    );
    await db.query(`create index comments_replies_by_time on comments (parent_id, created_at, id) where ${visible}`);
    await db.query(`create index comments_by_author on comments (author_id, id)`);
    await db.query(`create index comments_by_parent_author on comments (parent_author_id, id)`);

    await db.query(`
      create table comment_revisions (
        comment_id bigint not null references comments (id),
        revision integer not null,
        body text not null,
        written_at timestamptz not null,
        primary key (comment_id, revision)
      )`);
    await db.query(`
      create table reactions (
        comment_id bigint not null references comments (id),
        account_id bigint not null references accounts (id) on delete cascade,
        kind text not null,
        created_at timestamptz not null default now(),
        primary key (comment_id, account_id, kind),
        constraint reactions_kind_known check (kind in ('like'))
      )`);
    await db.query(`create index reactions_account on reactions (account_id)`);
    // One row per change, so writers never meet; the folder consumes them.
    await db.query(`
      create table reaction_marks (
        id bigint generated always as identity primary key,
        article_id bigint not null,
        comment_id bigint not null
      )`);
    await db.query(`create index reaction_marks_article on reaction_marks (article_id)`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`drop table reaction_marks, reactions, comment_revisions, comments`);
  }
}
