import { Injectable } from '@nestjs/common';
import { IsNull } from 'typeorm';
import { z } from 'zod';
import { Clock } from '../../clock/clock.js';
import { row, rows, type Tx } from '../../database/rows.js';
import { Transactions } from '../../database/transaction.js';
import { enqueue, type Job } from '../../jobs/job.js';
import { StripeEventEntity } from '../ledger/donations.entity.js';
import { EVENT_TYPES, factsOf } from '../ledger/stripe-facts.js';
import { LedgerService, TouchedDonations } from '../ledger/ledger.service.js';
import { withoutProofs } from '../stripe/checkout-session.js';
import { StripeEvent, toWire } from '../stripe/stripe-objects.js';

export const applyStripeEvent: Job<{ id: string }> = {
  name: 'apply-stripe-event',
  lane: 'gifts',
  payload: z.strictObject({ id: z.string() }),
  maxAttempts: 15,
};

/** Stores each event of Stripe's once, and applies it once. */
@Injectable()
export class StripeEventsService {
  constructor(
    private readonly transactions: Transactions,
    private readonly ledger: LedgerService,
    private readonly clock: Clock,
  ) {}

  /** Stores a verified event and enqueues its job in one transaction. A copy of a stored event has no effect. */
  async receive(event: StripeEvent, raw: Buffer): Promise<void> {
    const now = this.clock.now();
    const isRead = EVENT_TYPES.includes(event.type);
    await this.transactions.run(async (tx) => {
      const fresh = await row(tx.sql`
        insert into stripe_events (id, type, api_version, created_at, received_at, payload, outcome, processed_at)
        values (${event.id}, ${event.type}, ${event.api_version ?? null}, ${event.created}, ${now}, ${withoutProofs(raw.toString())},
          ${isRead ? null : 'ignored'}, ${isRead ? null : now})
        on conflict do nothing returning id`);
      if (fresh && isRead) await enqueue(tx, applyStripeEvent, { id: event.id });
    });
  }

  /**
   * Claims an event, applies it and stores the outcome in the caller's transaction. An event that arrives before the
   * object it refers to waits, and is applied together with that object.
   * @param renewed the event in our API version, which replaces one of another version
   */
  async apply(tx: Tx, id: string, renewed?: StripeEvent): Promise<void> {
    const claimed = await row<{ payload: object }>(
      tx.sql`select payload from stripe_events where id = ${id} and processed_at is null for update skip locked`,
    );
    if (!claimed) return; // another run applied it or is applying it
    if (renewed)
      await tx.getRepository(StripeEventEntity).update(
        { id },
        {
          apiVersion: renewed.api_version ?? null,
          payload: JSON.parse(withoutProofs(JSON.stringify(toWire(renewed)))) as object,
        },
      );
    const touched = new TouchedDonations();
    await this.applyOne(tx, renewed ?? StripeEvent.parse(claimed.payload), touched);
    await this.applyWaiting(tx, touched);
    await this.ledger.settle(tx, touched);
  }

  /** Marks an event that can never be read as ignored. */
  async giveUp(tx: Tx, id: string): Promise<void> {
    await tx
      .getRepository(StripeEventEntity)
      .update({ id, processedAt: IsNull() }, { outcome: 'ignored', processedAt: this.clock.now(), waitsFor: null });
  }

  /** Applies the events that waited for objects which are recorded now. */
  async applyWaiting(tx: Tx, touched: TouchedDonations): Promise<void> {
    for (let known = touched.known.shift(); known !== undefined; known = touched.known.shift()) {
      const waiting = await rows<{ payload: object }>(tx.sql`
        select payload from stripe_events where waits_for = ${known} and processed_at is null order by id for update`);
      for (const { payload } of waiting) await this.applyOne(tx, StripeEvent.parse(payload), touched);
    }
  }

  /**
   * Ends the wait of events about an object that Stripe was asked about.
   * @param donation the donation that Stripe's answer led to; without one the events are foreign
   * @returns the number of foreign events
   */
  async endWaiting(tx: Tx, id: string, donation: string | undefined, touched: TouchedDonations): Promise<number> {
    const waiting = await rows<{ id: string; payload: object }>(tx.sql`
      select id, payload from stripe_events where waits_for = ${id} and processed_at is null order by id for update`);
    for (const event of waiting)
      if (donation !== undefined) await this.applyOne(tx, StripeEvent.parse(event.payload), touched, donation);
      else await this.update(tx, event.id, 'foreign');
    await this.applyWaiting(tx, touched);
    return donation === undefined ? waiting.length : 0;
  }

  private async applyOne(tx: Tx, event: StripeEvent, touched: TouchedDonations, donation?: string): Promise<void> {
    const { owner, ...facts } = factsOf(event);
    const named = donation === undefined ? owner.named : [donation];
    const source = { id: event.id, at: event.created };
    const result = await this.ledger.record(tx, { ...facts, owner: { ...owner, named } }, source, touched);
    if ('waitsFor' in result) await tx.getRepository(StripeEventEntity).update({ id: event.id }, result);
    else await this.update(tx, event.id, result.outcome);
  }

  private async update(tx: Tx, id: string, outcome: 'applied' | 'ignored' | 'foreign'): Promise<void> {
    const change = { outcome, processedAt: this.clock.now(), waitsFor: null };
    await tx.getRepository(StripeEventEntity).update({ id }, change);
  }
}
