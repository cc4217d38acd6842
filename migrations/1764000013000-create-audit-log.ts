import type { MigrationInterface, QueryRunner } from 'typeorm';

/** One audit log takes the place of account_actions and covers moderation decisions, too. */
export class CreateAuditLog1764000013000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table audit_log (
        id bigint generated always as identity primary key,
        actor_id bigint references accounts (id),
        action text not null,
        subject_type text not null,
        subject_id text not null,
        detail jsonb not null,
        created_at timestamptz not null default now(),
        constraint audit_log_action_names_subject check (starts_with(action, subject_type || '.'))
      )`);
    await db.query(`create index audit_log_subject on audit_log (subject_type, subject_id, id)`);
    // The details of account_actions were text: 'reader -> editor', 'new -> admin, by the operator',
    // '<id of the key>: <name>, by the operator', or the reason of a ban.
    await db.query(`
      insert into audit_log (actor_id, action, subject_type, subject_id, detail, created_at)
      select actor_id,
        case action when 'role' then 'account.set-role' when 'api-key' then 'api-key.create' else 'account.' || action end,
        case action when 'api-key' then 'api-key' else 'account' end,
        case action when 'api-key' then split_part(detail, ': ', 1) else account_id::text end,
        case action
          when 'role' then jsonb_build_object(
            'from', nullif(split_part(detail, ' -> ', 1), 'new'),
            'to', split_part(split_part(detail, ' -> ', 2), ', ', 1))
          when 'api-key' then jsonb_build_object('name',
            regexp_replace(regexp_replace(detail, '^\\d+: ', ''), ', by the operator$', ''))
          else jsonb_build_object('reason', detail)
        end,
        created_at
      from account_actions order by id`);
    await db.query(`
      insert into audit_log (actor_id, action, subject_type, subject_id, detail, created_at)
      select moderator_id, 'comment.' || action, 'comment', comment_id,
        jsonb_build_object('decisionId', id::text, 'reason', reason), created_at
      from decisions order by id`);
    await db.query(`
      create trigger audit_log_append_only before update or delete or truncate on audit_log
      for each statement execute function refuse_change()`);
    await db.query(`drop table account_actions`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      create table account_actions (
        id bigint generated always as identity primary key,
        account_id bigint references accounts (id),
        actor_id bigint references accounts (id),
        action text not null,
        detail text not null,
        created_at timestamptz not null default now(),
        constraint account_actions_known check (
          case action
            when 'api-key' then account_id is null
            when 'role' then account_id is not null
            when 'ban' then account_id is not null
            when 'unban' then account_id is not null
            else false
          end)
      )`);
    await db.query(`create index account_actions_account on account_actions (account_id, id)`);
    // Decisions are still in their own table.
    await db.query(`
      insert into account_actions (account_id, actor_id, action, detail, created_at)
      select case subject_type when 'account' then subject_id::bigint end, actor_id,
        case action
          when 'account.set-role' then 'role' when 'api-key.create' then 'api-key'
          else substr(action, length('account.') + 1)
        end,
        case action
          when 'account.set-role' then coalesce(detail ->> 'from', 'new') || ' -> ' || (detail ->> 'to')
          when 'api-key.create' then subject_id || ': ' || (detail ->> 'name')
          else detail ->> 'reason'
        end || case when actor_id is null then ', by the operator' else '' end,
        created_at
      from audit_log where subject_type in ('account', 'api-key') order by id`);
    await db.query(`
      create trigger account_actions_append_only before update or delete or truncate on account_actions
      for each statement execute function refuse_change()`);
    await db.query(`drop table audit_log`);
  }
}
