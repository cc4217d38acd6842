import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateAccounts1764000000000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table accounts (
        id bigint generated always as identity primary key,
        email text not null constraint accounts_email_unique unique,
        display_name text not null,
        name_skeleton text not null,
        role text not null default 'reader',
        email_verified_at timestamptz,
        supporter boolean not null default false,
        banned_at timestamptz,
        created_at timestamptz not null default now(),
        changed_at timestamptz not null default now(),
        constraint accounts_role_known check (role in ('reader', 'moderator', 'editor', 'admin')),
        constraint accounts_email_lower check (email = lower(email) and length(email) <= 254)
      )`);
    await db.query(`create index accounts_changed on accounts (changed_at)`);
    await db.query(`create index accounts_staff_name on accounts (name_skeleton) where role <> 'reader'`);

    await db.query(`
      create table sessions (
        id bigint generated always as identity primary key,
        token_hash bytea not null constraint sessions_token_unique unique,
        account_id bigint not null references accounts (id) on delete cascade,
        browser_hash bytea,
        user_agent text,
        created_at timestamptz not null,
        seen_at timestamptz not null,
        expires_at timestamptz not null,
        ended_at timestamptz,
        changed_at timestamptz not null default now()
      )`);
    await db.query(`create index sessions_account on sessions (account_id)`);
    await db.query(`create index sessions_browser on sessions (browser_hash) where ended_at is null`);
    await db.query(`create index sessions_changed on sessions (changed_at)`);

    await db.query(`
      create table sign_in_links (
        id bigint generated always as identity primary key,
        email text not null,
        purpose text not null,
        display_name text,
        token_hash bytea constraint sign_in_links_token_unique unique,
        code_hash bytea,
        code_tries smallint not null default 0,
        return_to text,
        created_at timestamptz not null,
        expires_at timestamptz not null,
        used_at timestamptz,
        constraint sign_in_links_purpose_known check (purpose in ('register', 'sign-in')),
        constraint sign_in_links_name_given check (purpose <> 'register' or display_name is not null)
      )`);
    await db.query(`create index sign_in_links_email on sign_in_links (email, created_at)`);
    await db.query(`create index sign_in_links_expiry on sign_in_links (expires_at)`);

    await db.query(`
      create table socket_tickets (
        ticket_hash bytea primary key,
        session_id bigint not null references sessions (id) on delete cascade,
        expires_at timestamptz not null
      )`);
    await db.query(`create index socket_tickets_expiry on socket_tickets (expires_at)`);
    await db.query(`create index socket_tickets_session on socket_tickets (session_id)`);

    await db.query(`
      create table follows (
        follower_id bigint not null references accounts (id) on delete cascade,
        followee_id bigint not null references accounts (id) on delete cascade,
        created_at timestamptz not null default now(),
        primary key (follower_id, followee_id),
        constraint follows_not_self check (follower_id <> followee_id)
      )`);
    await db.query(`create index follows_followee on follows (followee_id)`);

    // What staff did to an account: append-only (security A23).
    await db.query(`
      create table account_actions (
        id bigint generated always as identity primary key,
        account_id bigint not null references accounts (id),
        actor_id bigint references accounts (id),
        action text not null,
        detail text not null,
        created_at timestamptz not null default now(),
        constraint account_actions_known check (action in ('role', 'ban', 'unban'))
      )`);
    await db.query(`create index account_actions_account on account_actions (account_id, id)`);
    await db.query(`
      create function refuse_change() returns trigger language plpgsql as $$
      begin raise exception '% is append-only', tg_table_name using errcode = 'insufficient_privilege'; end $$`);
    await db.query(`
      create trigger account_actions_append_only before update or delete or truncate on account_actions
      for each statement execute function refuse_change()`);

    // What the publisher's own servers call with.
    await db.query(`
      create table api_keys (
        id bigint generated always as identity primary key,
        name text not null,
        key_hash bytea not null constraint api_keys_hash_unique unique,
        created_at timestamptz not null default now(),
        revoked_at timestamptz
      )`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(
      `drop table api_keys, account_actions, follows, socket_tickets, sign_in_links, sessions, accounts; drop function refuse_change()`,
    );
  }
}
