import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { Clock } from '../../clock/clock.js';
import { row, rows, type Tx } from '../../database/rows.js';
import { Transactions } from '../../database/transaction.js';
import { enqueue, type Job, type JobRun } from '../../jobs/job.js';
import { describeError } from '../../errors/outside-error.js';
import { JobRegistry } from '../../jobs/job-registry.js';
import { type ObjectFacts, invoicePaymentFacts, sessionFacts } from '../ledger/stripe-facts.js';
import { StripeEventsService } from './stripe-events.service.js';
import { LedgerService, TouchedDonations } from '../ledger/ledger.service.js';
import { StripeClient } from '../stripe/stripe.client.js';

const pollCheckoutSession: Job<{ donationId: string }> = {
  name: 'ask-stripe-session',
  lane: 'stripe',
  payload: z.strictObject({ donationId: z.string() }),
};

const LEAST_MS = 3_000;
const MOST_MS = 15_000;

/** A checkout page is open for a day, so its outcome should be known after this time. */
const OVERDUE_AFTER = `interval '25 hours'`;

/** No bank debit takes longer. */
const GIVEN_UP_AFTER = `interval '35 days'`;

/** Polls Stripe about the session of a pending donation while its donor looks at it, and once a day afterwards. */
@Injectable()
export class PollCheckoutSessionJob implements OnModuleInit {
  private readonly log = new Logger('Donations');

  constructor(
    private readonly jobs: JobRegistry,
    private readonly stripe: StripeClient,
    private readonly stripeEvents: StripeEventsService,
    private readonly ledger: LedgerService,
    private readonly dataSource: DataSource,
    private readonly transactions: Transactions,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.jobs.register(pollCheckoutSession, ({ donationId }, run) => this.poll(donationId, run));
  }

  /** Reads a donation's session from Stripe and records it. */
  async poll(donationId: string, run: JobRun): Promise<void> {
    const found = await row<{ session: string }>(this.dataSource.sql`
      select session_id as session from donations
      where id = ${donationId} and session_id is not null and state in ('open', 'unpaid', 'expired')`);
    if (!found) return;
    // The job ends without an answer too, because the donor's next request or the next day polls again.
    const facts = await this.read(found.session).catch((error: unknown) => {
      this.log.warn(`The state of session ${found.session} could not be read from Stripe: ${describeError(error)}`);
    });
    if (!facts) return;
    await run.effect(async (tx) => {
      const touched = new TouchedDonations();
      await this.ledger.record(tx, facts, { id: found.session, at: this.clock.now() }, touched);
      await this.stripeEvents.applyWaiting(tx, touched);
      await this.ledger.settle(tx, touched);
    });
  }

  private async read(id: string): Promise<ObjectFacts> {
    const session = await this.stripe.retrieveSession(id);
    const payments =
      session.payment_status === 'paid' && session.invoice
        ? await this.stripe.listInvoicePayments(session.invoice)
        : [];
    const { facts, ...owner } = sessionFacts(session);
    return { ...owner, facts: [...facts, ...payments.flatMap((it) => invoicePaymentFacts(it).facts)] };
  }

  /** Whether the next poll is due. The pause grows with the donation's age, from 3 to 15 seconds. */
  private isDue(donation: { createdAt: Date; askedAt: Date | null }): boolean {
    const now = this.clock.now().getTime();
    const pause = Math.min(MOST_MS, Math.max(LEAST_MS, (now - donation.createdAt.getTime()) / 20));
    return !donation.askedAt || now - donation.askedAt.getTime() >= pause;
  }

  /** Enqueues a poll unless one was made a moment ago. */
  async pollSoon(donation: { id: string; createdAt: Date; askedAt: Date | null }): Promise<void> {
    if (!this.isDue(donation)) return;
    await this.transactions.run(async (tx) => {
      const mine = await row(tx.sql`
        update donations set asked_at = ${this.clock.now()}
        where id = ${donation.id} and asked_at is not distinct from ${donation.askedAt} returning id`);
      if (mine)
        await enqueue(tx, pollCheckoutSession, { donationId: donation.id }, { key: `ask-session:${donation.id}` });
    });
  }

  /**
   * Ends or polls donations whose outcome should be known by now. Those with a session are polled once a day for 35
   * days; a later payment still counts. Those that never got a payment page expire.
   */
  async pollForgotten(tx: Tx): Promise<void> {
    const now = this.clock.now();
    await tx.sql`
      update donations set state = 'expired'
      where state = 'created' and session_id is null and created_at < ${now}::timestamptz - ${() => OVERDUE_AFTER}`;
    const givenUp = await rows<{ id: string; state: string }>(tx.sql`
      update donations set state = case state when 'unpaid' then 'failed' else 'expired' end
      where state in ('open', 'unpaid')
        and created_at < ${now}::timestamptz - ${() => GIVEN_UP_AFTER} returning id, state`);
    for (const it of givenUp) this.log.warn(`Donation ${it.id} had no payment for 35 days and is now ${it.state}.`);
    const overdue = await rows<{ id: string }>(tx.sql`
      select id from donations
      where state in ('open', 'unpaid') and created_at < ${now}::timestamptz - ${() => OVERDUE_AFTER}
        and coalesce(asked_at, created_at) < ${now}::timestamptz - interval '1 day'
      order by created_at limit 100 for no key update skip locked`);
    await tx.sql`update donations set asked_at = ${now} where id = any(${overdue.map((it) => it.id)})`;
    for (const { id } of overdue)
      await enqueue(tx, pollCheckoutSession, { donationId: id }, { key: `ask-session:${id}` });
  }
}
