import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { Clock } from '../../clock/clock.js';
import { row, rows, type Tx } from '../../database/rows.js';
import { Transactions } from '../../database/transaction.js';
import { enqueue, type Job } from '../../jobs/job.js';
import { JobRegistry } from '../../jobs/job-registry.js';
import { BadgeService } from '../badge/badge.service.js';
import { DonationSubscriptionEntity } from './donations.entity.js';
import { termsOf } from './subscription-terms.js';
import { isNotFound, StripeClient } from '../stripe/stripe.client.js';

const refreshSubscription: Job<{ id: string }> = {
  name: 'refresh-subscription',
  lane: 'stripe',
  payload: z.strictObject({ id: z.string() }),
  maxAttempts: 15,
};

const LEASE_MS = 60_000;

/** Stripe accepts 25 requests a second. */
const AT_ONCE = 200;

/**
 * Keeps the state of subscriptions. It is always read from Stripe and never taken from an event, because events of the
 * same second have no order. A refresh takes a lease, reads outside a transaction, and writes if its lease is the last.
 */
@Injectable()
export class SubscriptionsService implements OnModuleInit {
  private readonly log = new Logger('Donations');

  constructor(
    private readonly jobs: JobRegistry,
    private readonly stripe: StripeClient,
    private readonly badges: BadgeService,
    private readonly dataSource: DataSource,
    private readonly transactions: Transactions,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.jobs.register(refreshSubscription, ({ id }) => this.refresh(id));
  }

  /** Notes that a subscription changed, and enqueues its refresh. */
  async noteChange(tx: Tx, id: string, donationId: string): Promise<void> {
    await tx.sql`
      insert into donation_subscriptions as s (id, donation_id) values (${id}, ${donationId})
      on conflict (id) do update set news = s.news + 1`;
    await this.enqueueRefresh(tx, id);
  }

  /** Enqueues the refresh of subscriptions whose change no job has read. */
  async refreshForgotten(tx: Tx): Promise<void> {
    const found = await rows<{ id: string }>(tx.sql`
      select id from donation_subscriptions
      where news > seen and (leased_until is null or leased_until <= ${this.clock.now()}) limit 100`);
    for (const { id } of found) await this.enqueueRefresh(tx, id);
  }

  /**
   * Enqueues the refresh of the subscriptions that were read longest ago, because Stripe may fail to generate the event
   * of a change. A site with few recurring donors reads all of them every hour, a large one in rotation.
   */
  async refreshOldest(tx: Tx): Promise<void> {
    const found = await rows<{ id: string }>(tx.sql`
      update donation_subscriptions set news = news + 1 where id in (
        select id from donation_subscriptions
        where news = seen and status not in ('canceled', 'incomplete_expired')
          and refreshed_at < ${this.clock.now()}::timestamptz - interval '50 minutes'
        order by refreshed_at limit ${AT_ONCE} for no key update skip locked) returning id`);
    for (const { id } of found) await this.enqueueRefresh(tx, id);
  }

  private enqueueRefresh(tx: Tx, id: string): Promise<void> {
    return enqueue(tx, refreshSubscription, { id }, { key: `subscription:${id}` });
  }

  /**
   * Reads a subscription until no change is unread. Does nothing while another refresh has the lease, which reads
   * again.
   */
  async refresh(id: string): Promise<void> {
    for (let unread = true; unread;) unread = await this.refreshOnce(id);
  }

  /** @returns whether a change is still unread @throws the errors of Stripe's client */
  private async refreshOnce(id: string): Promise<boolean> {
    const now = this.clock.now();
    const mine = await row<{ lease: number; news: number }>(this.dataSource.sql`
      update donation_subscriptions set lease = lease + 1, leased_until = ${new Date(now.getTime() + LEASE_MS)}
      where id = ${id} and news > seen and (leased_until is null or leased_until <= ${now}) returning lease, news`);
    if (!mine) return false;
    let current;
    try {
      current = await this.stripe.retrieveSubscription(id).catch((error: unknown) => {
        if (!isNotFound(error)) throw error;
        this.log.warn(`Stripe no longer has subscription ${id}. It counts as ended.`);
        return {
          status: 'canceled',
          cancel_at_period_end: false,
          cancel_at: null,
          items: null,
          pause_collection: null,
        };
      });
    } catch (error) {
      await this.dataSource
        .getRepository(DonationSubscriptionEntity)
        .update({ id, lease: mine.lease }, { leasedUntil: null });
      throw error;
    }
    const [period] = current.items?.data.flatMap((it) => it.current_period_end ?? []) ?? [];
    const end = current.cancel_at ?? null;
    const terms = termsOf(current);
    const late = current.status === 'past_due';
    const lateSince = current.items?.data[0]?.current_period_start ?? now;
    return this.transactions.run(async (tx) => {
      // This answer does not cover a change that came during the request, so `seen` stays below `news`.
      const written = await row<{ unread: boolean; account: string | null }>(tx.sql`
        update donation_subscriptions s set status = ${current.status},
          cancel_at_period_end = ${current.cancel_at_period_end || end !== null},
          current_period_end = ${end ?? period ?? null}, collection_paused = ${!!current.pause_collection},
          amount_minor = coalesce(${terms.amount}::bigint, s.amount_minor), currency = coalesce(${terms.currency}, s.currency),
          recurrence = ${terms.recurrence},
          past_due_since = case when ${late} then coalesce(past_due_since, ${lateSince}::timestamptz) end, seen = ${mine.news}, leased_until = null, refreshed_at = ${now}
        from donations d where s.id = ${id} and s.lease = ${mine.lease} and d.id = s.donation_id
        returning s.news > s.seen as unread, d.account_id::text as account`);
      if (written?.account) await this.badges.settle(tx, written.account);
      return written?.unread ?? false;
    });
  }
}
