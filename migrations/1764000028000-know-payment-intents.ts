import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The payment intent of a session, so that a bank debit of days is known before its money arrives. */
export class KnowPaymentIntents1764000028000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`alter table donations add column payment_intent_id text`);
    await db.query(`
      create index donations_payment_intent on donations (payment_intent_id) where payment_intent_id is not null`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`alter table donations drop column payment_intent_id`);
  }
}
