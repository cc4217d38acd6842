import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateDonations1764000008000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    // Written before Stripe is asked: this row, not Stripe's key of 24 hours, is what makes a gift one gift.
    await db.query(`
      create table donations (
        id text primary key,
        account_id bigint references accounts (id) on delete set null,
        browser_hash bytea,
        request_scope text not null,
        request_key uuid,
        request_hash bytea not null,
        amount_minor bigint not null,
        currency text not null,
        recurrence text not null,
        country text not null,
        variant text not null,
        visibility text not null,
        article_id bigint references articles (id),
        return_url text not null,
        state text not null default 'created',
        checkout_attempt smallint not null default 1,
        leased_until timestamptz,
        session_id text constraint donations_session_unique unique,
        checkout_url text,
        asked_at timestamptz,
        created_at timestamptz not null,
        paid_at timestamptz,
        constraint donations_request_unique unique (request_scope, request_key),
        constraint donations_amount_positive check (amount_minor > 0),
        constraint donations_currency_form check (currency ~ '^[a-z]{3}$'),
        constraint donations_recurrence_known check (recurrence in ('once', 'month', 'year')),
        constraint donations_visibility_known check (visibility in ('anonymous', 'public')),
        constraint donations_state_known check (
          state in ('created', 'open', 'unpaid', 'failed', 'expired', 'paid', 'refunded')),
        constraint donations_opened_whole check ((session_id is null) = (checkout_url is null))
      )`);
    await db.query(`create index donations_account on donations (account_id)`);
    await db.query(`create index donations_article on donations (article_id)`);
    await db.query(
      `create index donations_awaited on donations (created_at) where state in ('created', 'open', 'unpaid')`,
    );

    // The inbox: what Stripe said, once each. waits_for names the object that must be known first.
    await db.query(`
      create table stripe_events (
        id text primary key,
        type text not null,
        api_version text,
        created_at timestamptz not null,
        received_at timestamptz not null,
        payload json not null,
        waits_for text,
        outcome text,
        processed_at timestamptz,
        constraint stripe_events_outcome_known check (outcome in ('applied', 'ignored', 'foreign')),
        constraint stripe_events_done_whole check ((outcome is null) = (processed_at is null))
      )`);
    await db.query(`create index stripe_events_waiting on stripe_events (waits_for) where processed_at is null`);
    await db.query(`create index stripe_events_open on stripe_events (received_at) where processed_at is null`);
    await db.query(`create index stripe_events_done on stripe_events (processed_at)`);

    // Money that moved, each movement once, by the key of Stripe's money object; signed minor units.
    await db.query(`
      create table ledger_entries (
        id bigint generated always as identity primary key,
        entry_key text not null constraint ledger_entries_once unique,
        donation_id text not null references donations (id),
        kind text not null,
        payment_id text not null,
        amount_minor bigint not null,
        currency text not null,
        drift boolean not null,
        source text not null,
        occurred_at timestamptz not null,
        recorded_at timestamptz not null default clock_timestamp(),
        constraint ledger_entries_currency_form check (currency ~ '^[a-z]{3}$'),
        constraint ledger_entries_sign check (case kind
          when 'payment' then amount_minor > 0
          when 'refund' then amount_minor < 0
          when 'refund_failed' then amount_minor > 0
          when 'dispute' then amount_minor < 0
          when 'dispute_won' then amount_minor > 0
          when 'dispute_lost' then amount_minor = 0
          else false end)
      )`);
    await db.query(`create index ledger_entries_donation on ledger_entries (donation_id)`);
    await db.query(`
      create trigger ledger_entries_append_only before update or delete or truncate on ledger_entries
      for each statement execute function refuse_change()`);

    // To which gift an invoice belongs: its payments and refunds name only the invoice.
    await db.query(`
      create table donation_invoices (
        invoice_id text primary key,
        donation_id text not null references donations (id)
      )`);
    await db.query(`create index donation_invoices_donation on donation_invoices (donation_id)`);

    // State by refetch, never by payload: news counts what was heard, seen says up to where it was read.
    await db.query(`
      create table donation_subscriptions (
        id text primary key,
        donation_id text not null references donations (id),
        status text,
        cancel_at_period_end boolean,
        current_period_end timestamptz,
        news integer not null default 1,
        seen integer not null default 0,
        lease integer not null default 0,
        leased_until timestamptz,
        refreshed_at timestamptz
      )`);
    await db.query(`create index donation_subscriptions_donation on donation_subscriptions (donation_id)`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`drop table donation_subscriptions, donation_invoices, ledger_entries, stripe_events, donations`);
  }
}
