import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleInit } from '@nestjs/common';
import { DataSource, In } from 'typeorm';
import { z } from 'zod';
import { Config } from '../../config/config.js';
import { row } from '../../database/rows.js';
import { Transactions } from '../../database/transaction.js';
import { describeError } from '../../errors/outside-error.js';
import { enqueue, type Job } from '../../jobs/job.js';
import { JobRegistry } from '../../jobs/job-registry.js';
import { StripeEventEntity, StripeListingEntity } from '../ledger/donations.entity.js';
import { EVENT_TYPES } from '../ledger/stripe-facts.js';
import { StripeEventsService } from './stripe-events.service.js';
import { StripeClient } from '../stripe/stripe.client.js';
import { type StripeEvent, toWire } from '../stripe/stripe-objects.js';

const listStripeEvents: Job<Record<string, never>> = {
  name: 'list-stripe-events',
  lane: 'stripe',
  payload: z.strictObject({}),
  cron: '*/10 * * * *',
};

/** Stripe may list an event late, and our clock may differ from Stripe's. */
const OVERLAP_MS = 3_600_000;

/** The most types that Stripe accepts in one list. */
const TYPES_AT_ONCE = 20;

/**
 * Reads Stripe's list of events every ten minutes and at the start, for events whose webhook never arrived. They are
 * stored like the others, so an event that comes both ways has one effect.
 */
@Injectable()
export class EventListingJob implements OnModuleInit, OnApplicationBootstrap {
  private readonly log = new Logger('Donations');

  constructor(
    private readonly jobs: JobRegistry,
    private readonly config: Config,
    private readonly stripe: StripeClient,
    private readonly stripeEvents: StripeEventsService,
    private readonly dataSource: DataSource,
    private readonly transactions: Transactions,
  ) {}

  onModuleInit(): void {
    // A failure does not fail the job, because the next run begins where the last successful one ended.
    this.jobs.register(listStripeEvents, () =>
      this.list().catch((error: unknown) =>
        this.log.warn(`Stripe's events could not be listed: ${describeError(error)}`),
      ),
    );
  }

  async onApplicationBootstrap(): Promise<void> {
    if (this.config.role === 'web' || !this.stripe.provider) return;
    await this.transactions.run((tx) => enqueue(tx, listStripeEvents, {}, { key: 'list-stripe-events' }));
  }

  private async list(): Promise<void> {
    const from = this.stripe.provider ? await this.lastRead() : undefined;
    if (!from) return;
    const since = new Date(from.getTime() - OVERLAP_MS);
    let newest = from;
    for (let i = 0; i < EVENT_TYPES.length; i += TYPES_AT_ONCE) {
      const types = EVENT_TYPES.slice(i, i + TYPES_AT_ONCE);
      for await (const page of this.stripe.listEvents(since, types)) {
        await this.keep(page);
        for (const { created } of page) if (created > newest) newest = created;
      }
    }
    await this.dataSource.sql`
      insert into stripe_listing as l (read_to) values (${newest})
      on conflict (id) do update set read_to = greatest(l.read_to, excluded.read_to)`;
  }

  /**
   * The time up to which events were listed, by Stripe's clock. Before the first listing, the time of our first
   * donation.
   */
  private async lastRead(): Promise<Date | undefined> {
    const listing = await this.dataSource.getRepository(StripeListingEntity).findOneBy({ id: 1 });
    if (listing) return listing.readTo;
    const oldest = await row<{ at: Date | null }>(this.dataSource.sql`select min(created_at) as at from donations`);
    return oldest?.at ?? undefined;
  }

  private async keep(page: StripeEvent[]): Promise<void> {
    const known = await this.dataSource
      .getRepository(StripeEventEntity)
      .find({ select: { id: true }, where: { id: In(page.map((it) => it.id)) } });
    const missed = page.filter((it) => !known.some(({ id }) => id === it.id));
    for (const event of missed) await this.stripeEvents.receive(event, Buffer.from(JSON.stringify(toWire(event))));
    if (missed.length)
      this.log.log(`${missed.length} events were found in Stripe's list before a webhook brought them.`);
  }
}
