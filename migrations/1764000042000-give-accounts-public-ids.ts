import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Accounts are known to others by random ids, so that nobody lists them by counting. */
export class GiveAccountsPublicIds1764000042000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    // 74 bits of a random UUID, as 20 hexadecimal digits.
    await db.query(`
      alter table accounts add column public_id text not null
        default substr(replace(gen_random_uuid()::text, '-', ''), 1, 20)
        constraint accounts_public_id_unique unique`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`alter table accounts drop column public_id`);
  }
}
