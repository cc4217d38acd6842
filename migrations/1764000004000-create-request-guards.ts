import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateRequestGuards1764000004000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table idempotency_keys (
        scope text not null,
        key uuid not null,
        request_hash bytea not null,
        status smallint,
        answer text,
        created_at timestamptz not null default now(),
        primary key (scope, key)
      )`);
    await db.query(`create index idempotency_keys_age on idempotency_keys (created_at)`);
    // The table of rate-limiter-flexible's RateLimiterPostgres, in its own column names. Unlogged: a crash forgets it.
    await db.query(`
      create unlogged table rate_limits (
        key varchar(255) primary key,
        points integer not null default 0,
        expire bigint
      )`);
    await db.query(`create index rate_limits_expiry on rate_limits (expire)`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`drop table rate_limits, idempotency_keys`);
  }
}
