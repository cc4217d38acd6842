import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateArticles1764000001000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    // fillfactor: every post updates seq and comment_count, which no index holds, so the updates stay HOT.
    await db.query(`
      create table articles (
        id bigint generated always as identity primary key,
        key text not null constraint articles_key_unique unique,
        url text not null constraint articles_url_unique unique,
        title text not null default '',
        section text,
        published_at timestamptz,
        state text not null default 'open',
        seq bigint not null default 0,
        comment_count integer not null default 0,
        created_at timestamptz not null default now(),
        constraint articles_state_known check (state in ('open', 'closed')),
        constraint articles_counts_positive check (seq >= 0 and comment_count >= 0)
      ) with (fillfactor = 50)`);
    await db.query(`
      create table article_aliases (
        key text primary key,
        article_id bigint not null references articles (id)
      )`);
    await db.query(`create index article_aliases_article on article_aliases (article_id)`);
    await db.query(`
      create table conversation_log (
        article_id bigint not null references articles (id),
        seq bigint not null,
        kind text not null,
        comment_id bigint,
        revision integer,
        comment_ids bigint[],
        account_id bigint,
        primary key (article_id, seq),
        constraint conversation_log_kind_known check (
          case kind
            when 'comment' then comment_id is not null and revision is not null
            when 'reactions' then comment_ids is not null
            when 'author' then account_id is not null
            when 'article' then true
            else false
          end)
      )`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`drop table conversation_log, article_aliases, articles`);
  }
}
