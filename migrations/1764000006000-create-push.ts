import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreatePush1764000006000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    // VAPID keys (RFC 8292), base64url. Web and worker run on different machines and must sign with the same one.
    await db.query(`
      create table push_keys (
        id bigint generated always as identity primary key,
        public_key text not null constraint push_keys_public_unique unique,
        private_key text not null,
        created_at timestamptz not null,
        retired_at timestamptz,
        constraint push_keys_form check (public_key ~ '^[A-Za-z0-9_-]{87}$' and private_key ~ '^[A-Za-z0-9_-]{43}$')
      )`);
    // One key is current: of two processes that start at once and make one each, the second takes the first's.
    await db.query(`create unique index push_keys_current on push_keys ((true)) where retired_at is null`);

    await db.query(`
      create table topics (
        key text primary key,
        name text not null,
        description text not null,
        signed_in boolean not null default false,
        position smallint not null,
        constraint topics_key_form check (key ~ '^[a-z][a-z0-9-]{0,39}$')
      )`);
    await db.query(`
      insert into topics (key, name, description, signed_in, position) values
        ('breaking', 'Breaking news', 'The news that cannot wait, a few times a week at the most.', false, 1),
        ('replies', 'Replies to you', 'When somebody answers a comment of yours, as long as you are signed in here.', true, 2)`);

    await db.query(`
      create table push_subscriptions (
        id bigint generated always as identity primary key,
        public_id text not null constraint push_subscriptions_public_unique unique,
        endpoint text not null,
        endpoint_hash bytea not null constraint push_subscriptions_endpoint_unique unique,
        p256dh text not null,
        auth text not null,
        key_id bigint not null references push_keys (id),
        account_id bigint references accounts (id) on delete set null,
        browser_hash bytea,
        time_zone text not null,
        state text not null default 'active',
        state_reason text,
        created_at timestamptz not null,
        seen_at timestamptz not null,
        changed_at timestamptz not null,
        constraint push_subscriptions_state_known check (state in ('active', 'gone', 'key_mismatch')),
        constraint push_subscriptions_endpoint_short check (length(endpoint) <= 2048)
      )`);
    await db.query(
      `create index push_subscriptions_account on push_subscriptions (account_id, seen_at) where account_id is not null`,
    );
    await db.query(`create index push_subscriptions_key on push_subscriptions (key_id)`);
    await db.query(`create index push_subscriptions_seen on push_subscriptions (seen_at)`);

    // In the order in which an alert walks a topic's audience.
    await db.query(`
      create table push_subscription_topics (
        topic_key text not null references topics (key),
        subscription_id bigint not null references push_subscriptions (id) on delete cascade,
        primary key (topic_key, subscription_id)
      )`);
    await db.query(`create index push_subscription_topics_subscription on push_subscription_topics (subscription_id)`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`drop table push_subscription_topics, push_subscriptions, topics, push_keys`);
  }
}
