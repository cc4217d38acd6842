import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a subscription costs now, and how it stands, as Stripe says. */
export class TellSubscriptions1764000027000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      alter table donation_subscriptions add column amount_minor bigint, add column currency text,
        add column recurrence text, add column collection_paused boolean not null default false,
        add column past_due_since timestamptz`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      alter table donation_subscriptions drop column amount_minor, drop column currency, drop column recurrence,
        drop column collection_paused, drop column past_due_since`);
  }
}
