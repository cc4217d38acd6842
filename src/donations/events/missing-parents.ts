import { Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock } from '../../clock/clock.js';
import { rows, type Tx } from '../../database/rows.js';
import { describeError } from '../../errors/outside-error.js';
import type { JobRun } from '../../jobs/job.js';
import { type FactSource, LedgerService, TouchedDonations } from '../ledger/ledger.service.js';
import { donationOfCustomer } from '../ledger/object-owner.js';
import { invoiceFacts, type ObjectFacts, sessionFacts } from '../ledger/stripe-facts.js';
import { StripeObjects } from '../stripe/stripe-objects.client.js';
import { StripeEventsService } from './stripe-events.service.js';

/** Events arrive within minutes of each other, so what waits for longer waits for an event that never comes. */
const PATIENCE = `interval '1 hour'`;

/** Other businesses may use the same Stripe account, so the questions of one run are limited. */
const QUESTIONS = 500;

const MAX_FAILURES = 3;

/** What Stripe says of the object that an event waits for. */
interface Parent {
  found: ObjectFacts | undefined;
  /** Who pays a subscription that no checkout made. */
  customer: string | undefined;
}

/** Asks Stripe for the objects that events have waited for longer than an hour. */
@Injectable()
export class MissingParents {
  private readonly log = new Logger('Donations');

  constructor(
    private readonly dataSource: DataSource,
    private readonly objects: StripeObjects,
    private readonly ledger: LedgerService,
    private readonly stripeEvents: StripeEventsService,
    private readonly clock: Clock,
  ) {}

  /** Applies what has waited, or marks it as foreign when Stripe ties it to no donation of ours. */
  async ask(run: JobRun): Promise<void> {
    const awaited = await rows<{ id: string; at: Date }>(this.dataSource.sql`
      select waits_for as id, min(created_at) as at from stripe_events
      where processed_at is null and waits_for is not null
        and received_at < ${this.clock.now()}::timestamptz - ${() => PATIENCE}
      group by waits_for order by min(received_at) limit ${QUESTIONS}`);
    let failures = 0;
    for (const { id, at } of awaited) {
      try {
        const parent = await this.read(id);
        await run.effect((tx) => this.settle(tx, { id, at }, parent));
        failures = 0;
      } catch (error) {
        // The next run asks again. While Stripe is away, every question would wait for its time-out.
        this.log.warn(`Stripe could not be asked about ${id}: ${describeError(error)}`);
        if ((failures += 1) === MAX_FAILURES) return;
      }
    }
  }

  private async settle(tx: Tx, source: FactSource, { found, customer }: Parent): Promise<void> {
    const touched = new TouchedDonations();
    let result = found && (await this.ledger.record(tx, found, source, touched));
    if (found && result && !('donation' in result)) {
      const own = customer === undefined ? undefined : await donationOfCustomer(tx, customer);
      const owner = { ...found.owner, named: own === undefined ? [] : [own] };
      result = await this.ledger.record(tx, { ...found, owner }, source, touched);
    }
    await this.stripeEvents.applyWaiting(tx, touched);
    const donation = result && 'donation' in result ? result.donation : undefined;
    const foreign = await this.stripeEvents.endWaiting(tx, source.id, donation, touched);
    await this.ledger.settle(tx, touched);
    if (foreign) this.log.log(`${foreign} events about ${source.id} belong to no donation.`);
  }

  private read(id: string): Promise<Parent> {
    if (id.startsWith('pi_')) return this.readPayment(id);
    if (id.startsWith('in_')) return this.readInvoice(id);
    return this.readSubscription(id);
  }

  private async readPayment(id: string): Promise<Parent> {
    const session = await this.objects.sessionOf({ payment_intent: id });
    if (session) return { found: sessionFacts(session), customer: undefined };
    const invoice = await this.objects.invoiceOfPayment(id);
    return invoice === undefined ? NOTHING : this.readInvoice(invoice);
  }

  /** An invoice belongs to the donation of its subscription, which may be unknown too. */
  private async readInvoice(id: string): Promise<Parent> {
    const invoice = await this.objects.invoice(id);
    const subscription = invoice?.parent?.subscription;
    if (!invoice || subscription === undefined) return NOTHING;
    const { found, customer } = await this.readSubscription(subscription);
    const { owner, facts } = invoiceFacts(invoice);
    const above = found?.owner ?? { ids: [], named: [] };
    return {
      found: {
        owner: { ids: [...new Set([...above.ids, ...owner.ids])], named: [...above.named, ...owner.named] },
        facts: [...(found?.facts ?? []), ...facts],
      },
      customer,
    };
  }

  private async readSubscription(id: string): Promise<Parent> {
    const session = await this.objects.sessionOf({ subscription: id });
    if (session) return { found: sessionFacts(session), customer: undefined };
    const subscription = await this.objects.subscription(id);
    if (!subscription) return NOTHING;
    return {
      found: {
        owner: { ids: [id], named: [subscription.metadata.donation_id ?? ''] },
        facts: [{ is: 'subscription', subscription: id }],
      },
      customer: subscription.customer,
    };
  }
}

const NOTHING: Parent = { found: undefined, customer: undefined };
