import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The payer at Stripe of each donation, which ties an object to it that nothing else does. */
export class KnowCustomers1764000025000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`alter table donations add column customer_id text`);
    await db.query(`create index donations_customer on donations (customer_id) where customer_id is not null`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`alter table donations drop column customer_id`);
  }
}
