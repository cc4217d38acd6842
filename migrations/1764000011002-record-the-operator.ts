import type { MigrationInterface, QueryRunner } from 'typeorm';

export class RecordTheOperator1764000011002 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    // A key for a publisher's server is of no account.
    await db.query(`
      alter table account_actions alter column account_id drop not null,
        drop constraint account_actions_known,
        add constraint account_actions_known check (
          case action
            when 'api-key' then account_id is null
            when 'role' then account_id is not null
            when 'ban' then account_id is not null
            when 'unban' then account_id is not null
            else false
          end)`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      alter table account_actions disable trigger account_actions_append_only`);
    await db.query(`delete from account_actions where action = 'api-key'`);
    await db.query(`
      alter table account_actions enable trigger account_actions_append_only,
        drop constraint account_actions_known,
        alter column account_id set not null,
        add constraint account_actions_known check (action in ('role', 'ban', 'unban'))`);
  }
}
