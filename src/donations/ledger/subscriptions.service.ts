import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { Clock } from '../../clock/clock.js';
import { row, type Tx } from '../../database/rows.js';
import { Transactions } from '../../database/transaction.js';
import { enqueue, type Job } from '../../jobs/job.js';
import { JobRegistry } from '../../jobs/job-registry.js';
import { BadgeService } from '../badge/badge.service.js';
import { isNotFound, StripeClient } from '../stripe/stripe.client.js';

const refreshSubscription: Job<{ id: string }> = {
  name: 'refresh-subscription',
  payload: z.strictObject({ id: z.string() }),
  maxAttempts: 15,
};

const LEASE_MS = 60_000;

/**
 * A subscription's state is what Stripe says when asked, never what an event carried: events of the same second have no
 * order. Lease, ask outside of any transaction, write while the lease is still the last one.
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

  /** Something about it has changed: it will be asked for. */
  async noteChange(tx: Tx, id: string, donationId: string): Promise<void> {
    await tx.query(
      `insert into donation_subscriptions as s (id, donation_id) values ($1, $2)
       on conflict (id) do update set news = s.news + 1`,
      [id, donationId],
    );
    await this.enqueueRefresh(tx, id);
  }

  /** Subscriptions that have news which nobody read in the last minutes are asked for again. */
  async refreshForgotten(tx: Tx): Promise<void> {
    const found = await tx.query<{ id: string }[]>(
      'select id from donation_subscriptions where news > seen and coalesce(leased_until, $1) <= $1 limit 100',
      [this.clock.now()],
    );
    for (const { id } of found) await this.enqueueRefresh(tx, id);
  }

  private enqueueRefresh(tx: Tx, id: string): Promise<void> {
    return enqueue(tx, refreshSubscription, { id }, { key: `subscription:${id}` });
  }

  /** Asks until all news are read. Who finds another one asking leaves it to that one, which looks again after its answer. */
  async refresh(id: string): Promise<void> {
    for (let unread = true; unread;) unread = await this.refreshOnce(id);
  }

  /** @returns whether there is more to read @throws what Stripe's client does */
  private async refreshOnce(id: string): Promise<boolean> {
    const now = this.clock.now();
    const mine = await row<{ lease: number; news: number }>(
      this.dataSource,
      `update donation_subscriptions set lease = lease + 1, leased_until = $2
       where id = $1 and news > seen and coalesce(leased_until, $3) <= $3 returning lease, news`,
      [id, new Date(now.getTime() + LEASE_MS), now],
    );
    if (!mine) return false;
    let current;
    try {
      current = await this.stripe.retrieveSubscription(id).catch((error: unknown) => {
        if (!isNotFound(error)) throw error;
        this.log.warn(`Stripe knows subscription ${id} no more: it has ended.`);
        return { status: 'canceled', cancel_at_period_end: false, cancel_at: null, items: null };
      });
    } catch (error) {
      await this.dataSource.query(
        'update donation_subscriptions set leased_until = null where id = $1 and lease = $2',
        [id, mine.lease],
      );
      throw error;
    }
    const [period] = current.items?.data.flatMap((it) => it.current_period_end ?? []) ?? [];
    const end = current.cancel_at ?? null;
    return this.transactions.run(async (tx) => {
      // News that came while we asked is not read by this answer: `seen` stays behind it.
      const written = await row<{ unread: boolean; account: string | null }>(
        tx,
        `update donation_subscriptions s set status = $3, cancel_at_period_end = $4, current_period_end = $5, seen = $6,
           leased_until = null, refreshed_at = $7
         from donations d where s.id = $1 and s.lease = $2 and d.id = s.donation_id
         returning s.news > s.seen as unread, d.account_id::text as account`,
        [
          id,
          mine.lease,
          current.status,
          current.cancel_at_period_end || end !== null,
          end ?? period ?? null,
          mine.news,
          now,
        ],
      );
      if (written?.account) await this.badges.settle(tx, written.account);
      return written?.unread ?? false;
    });
  }
}
