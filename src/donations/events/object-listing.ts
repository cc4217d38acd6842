import { Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock } from '../../clock/clock.js';
import { rows } from '../../database/rows.js';
import type { JobRun } from '../../jobs/job.js';
import { LedgerService, TouchedDonations } from '../ledger/ledger.service.js';
import { knownIds } from '../ledger/object-owner.js';
import { disputeFacts, invoiceFacts, type ObjectFacts, refundFacts } from '../ledger/stripe-facts.js';
import type { Invoice } from '../stripe/stripe-objects.js';
import { type Dated, StripeObjects } from '../stripe/stripe-objects.client.js';
import { PollCheckoutSessionJob } from './poll-checkout-session.job.js';
import { StripeEventsService } from './stripe-events.service.js';

const DAY_MS = 86_400_000;

/** How far back each list is read, in days. A checkout is open for a day; a bank may need months for a dispute. */
const DAYS = { sessions: 3, invoices: 3, refunds: 35, disputes: 180 };

/** Once a day, at this hour of UTC, sessions and invoices are read as far back as refunds, for late payments. */
const LONG_RUN_HOUR = 3;

/**
 * Compares Stripe's lists of objects with the ledger, because Stripe itself may fail to generate an event, which then
 * is in no list of events (docs.stripe.com/event-destinations/handle-irrecoverable-events). Only objects with something
 * that is not recorded are applied.
 */
@Injectable()
export class ObjectListing {
  private readonly log = new Logger('Donations');

  constructor(
    private readonly dataSource: DataSource,
    private readonly objects: StripeObjects,
    private readonly ledger: LedgerService,
    private readonly stripeEvents: StripeEventsService,
    private readonly polls: PollCheckoutSessionJob,
    private readonly clock: Clock,
  ) {}

  /** Reads parents before children: sessions, invoices, refunds, disputes. */
  async compare(run: JobRun): Promise<void> {
    const long = this.clock.now().getUTCHours() === LONG_RUN_HOUR;
    const since = (days: number): Date => new Date(this.clock.now().getTime() - days * DAY_MS);
    for await (const page of this.objects.completedSessions(since(long ? DAYS.refunds : DAYS.sessions)))
      await this.pollUnsettled(
        run,
        page.map((it) => it.id),
      );
    for await (const page of this.objects.paidInvoices(since(long ? DAYS.refunds : DAYS.invoices)))
      await this.record(
        run,
        page.map((it) => ({ ...invoiceFacts(it), id: it.id, at: paidAt(it) })),
      );
    for await (const page of this.objects.refunds(since(DAYS.refunds)))
      await this.record(
        run,
        page.map((it) => ({ ...refundFacts(it), id: it.id, at: it.created })),
      );
    for await (const page of this.objects.disputes(since(DAYS.disputes)))
      await this.record(
        run,
        page.map((it) => ({ ...disputeFacts(it), id: it.id, at: it.created })),
      );
  }

  /** Polls the donations of completed sessions whose end no event told. */
  private async pollUnsettled(run: JobRun, sessions: string[]): Promise<void> {
    const open = await rows<{ id: string }>(this.dataSource.sql`
      select id from donations where session_id = any(${sessions}) and state in ('open', 'unpaid', 'expired')`);
    for (const { id } of open) await this.polls.poll(id, run);
  }

  /** Records the objects of our donations that have a movement of money which the ledger lacks. */
  private async record(run: JobRun, page: DatedFacts[]): Promise<void> {
    const written = await rows<{ key: string }>(this.dataSource.sql`
      select entry_key as key from ledger_entries where entry_key = any(${page.flatMap(keysOf)})`);
    const recorded = new Set(written.map((it) => it.key));
    const ours = await knownIds(
      this.dataSource,
      page.flatMap((it) => it.owner.ids),
    );
    for (const { id, at, ...found } of page) {
      if (!found.owner.ids.some((it) => ours.has(it)) || keysOf(found).every((it) => recorded.has(it))) continue;
      await run.effect(async (tx) => {
        const touched = new TouchedDonations();
        await this.ledger.record(tx, found, { id, at }, touched);
        await this.stripeEvents.applyWaiting(tx, touched);
        await this.ledger.settle(tx, touched);
      });
      this.log.log(`${id} was found in Stripe's list before an event told of it.`);
    }
  }
}

const paidAt = (invoice: Dated<Invoice>): Date => invoice.status_transitions?.paid_at ?? invoice.created;

type DatedFacts = ObjectFacts & { id: string; at: Date };

const keysOf = ({ facts }: ObjectFacts): string[] => facts.flatMap((it) => (it.is === 'money' ? it.entry.key : []));
