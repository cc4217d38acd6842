import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { Clock } from '../../clock/clock.js';
import { row, rows } from '../../database/rows.js';
import { enqueue, type Job } from '../../jobs/job.js';
import { JobRegistry } from '../../jobs/job-registry.js';
import { PollCheckoutSessionJob } from './poll-checkout-session.job.js';
import { applyStripeEvent, StripeEventsService } from './stripe-events.service.js';
import { API_VERSION, isNotFound, StripeClient } from '../stripe/stripe.client.js';
import { StripeEvent } from '../stripe/stripe-objects.js';
import { SubscriptionsService } from '../ledger/subscriptions.service.js';

const GONE = 'gone';

const sweepStripeEvents: Job<Record<string, never>> = {
  name: 'sweep-stripe-events',
  payload: z.strictObject({}),
  cron: '*/5 * * * *',
};

/** Applies stored events. Every five minutes it enqueues events that were left over and deletes old ones. */
@Injectable()
export class StripeEventsJob implements OnModuleInit {
  private readonly log = new Logger('Donations');
  /** API versions that the log has already named. */
  private readonly versions = new Set<string>();

  constructor(
    private readonly jobs: JobRegistry,
    private readonly stripeEvents: StripeEventsService,
    private readonly stripe: StripeClient,
    private readonly dataSource: DataSource,
    private readonly subscriptions: SubscriptionsService,
    private readonly sessionPolls: PollCheckoutSessionJob,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.jobs.register(applyStripeEvent, async ({ id }, run) => {
      const renewed = await this.inOurVersion(id);
      if (renewed === GONE) return run.effect((tx) => this.stripeEvents.giveUp(tx, id));
      await run.effect((tx) => this.stripeEvents.apply(tx, id, renewed));
    });
    this.jobs.register(sweepStripeEvents, async (_payload, run) => {
      const waiting = await run.effect(async (tx) => {
        const now = this.clock.now();
        const left = await rows<{ id: string }>(tx.sql`
          select id from stripe_events where processed_at is null and waits_for is null
            and received_at < ${now}::timestamptz - interval '10 minutes' order by received_at limit 100`);
        for (const { id } of left) await enqueue(tx, applyStripeEvent, { id }, { key: `stripe-event:${id}` });
        await this.subscriptions.refreshForgotten(tx);
        await this.sessionPolls.pollForgotten(tx);
        // Stripe repeats an event for three days and lists it for thirty. After that, an event that still waits belongs
        // to another business of the same account, and an unreadable one is given up.
        const ended = await rows<{ id: string; type: string; outcome: string }>(tx.sql`
          update stripe_events set outcome = case when waits_for is null then 'ignored' else 'foreign' end,
            processed_at = ${now}, waits_for = null
          where processed_at is null and received_at < ${now}::timestamptz - interval '35 days'
          returning id, type, outcome`);
        for (const it of ended)
          if (it.outcome === 'ignored')
            this.log.error(`Event ${it.id} (${it.type}) could not be read for 35 days and was given up.`);
          else this.log.warn(`Event ${it.id} (${it.type}) belongs to no donation and was dropped after 35 days.`);
        // The limit keeps the statement within its time-out after a long pause.
        await tx.sql`
          delete from stripe_events where id in (
            select id from stripe_events where processed_at < ${now}::timestamptz - interval '90 days' limit 1000)`;
        // Stripe is asked about events that wait for an hour, and twice before they are worth a line.
        return row<{ n: string; oldest: Date }>(tx.sql`
          select count(*) as n, min(received_at) as oldest from stripe_events
          where processed_at is null and received_at < ${now}::timestamptz - interval '3 hours'
            and (waits_for is null or received_at > ${now}::timestamptz - interval '1 day') having count(*) > 0`);
      });
      if (waiting)
        this.log.warn(
          `${waiting.n} Stripe events wait for the object that they belong to, the oldest since ${waiting.oldest.toISOString()}.`,
        );
    });
  }

  /**
   * Reads the object of an event of another API version again in ours, because the event's copy may lack fields.
   * @returns undefined for an event that has our version or was applied
   */
  private async inOurVersion(id: string): Promise<StripeEvent | typeof GONE | undefined> {
    const kept = await row<{ payload: object }>(this.dataSource.sql`
      select payload from stripe_events
      where id = ${id} and processed_at is null and api_version is distinct from ${API_VERSION}`);
    if (!kept) return undefined;
    const event = StripeEvent.parse(kept.payload);
    const version = event.api_version ?? 'none';
    if (!this.versions.has(version))
      this.log.warn(
        `Event ${id} has API version ${version}, so its object is read again from Stripe. Events in Stripe's list have ` +
          `the account's version. Create the webhook endpoint with version ${API_VERSION}.`,
      );
    this.versions.add(version);
    try {
      return await this.stripe.retrieveInOurVersion(event);
    } catch (error) {
      if (!isNotFound(error)) throw error;
      this.log.warn(`Event ${id} (${event.type}) has API version ${version}, and Stripe no longer has its object.`);
      return GONE;
    }
  }
}
