import type { MigrationInterface, QueryRunner } from 'typeorm';

/** One gift per browser and key, up to where Stripe's events were listed, and the badges that are on show. */
export class FinishDonations1764000009000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    // Signing in between two tries changes the scope, not the browser. Doubles from before keep their gifts.
    await db.query(`
      update donations d set request_key = null
      where exists (select from donations other where other.browser_hash = d.browser_hash
        and other.request_key = d.request_key and (other.created_at, other.id) < (d.created_at, d.id))`);
    await db.query(`create unique index donations_browser_request on donations (browser_hash, request_key)`);

    // One row: all events made before it have been listed at Stripe, and are in the inbox.
    await db.query(`
      create table stripe_listing (
        id smallint primary key default 1,
        read_to timestamptz not null,
        constraint stripe_listing_single check (id = 1)
      )`);

    // The badges that time may take away.
    await db.query(`create index accounts_supporter on accounts (id) where supporter`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`drop index accounts_supporter`);
    await db.query(`drop table stripe_listing`);
    await db.query(`drop index donations_browser_request`);
  }
}
