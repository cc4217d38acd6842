import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The way back from Stripe carries its own proof. Only its hash and the random bytes behind it are stored. */
export class ProveDonations1764000026000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`alter table donations add column proof_salt bytea, add column proof_hash bytea`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`alter table donations drop column proof_salt, drop column proof_hash`);
  }
}
