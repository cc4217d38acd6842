import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { z } from 'zod';
import { Clock } from '../clock/clock.js';
import { row, rows } from '../database/rows.js';
import { Hints } from '../hints/hints.js';
import { enqueue, type Job } from '../jobs/job.js';
import { JobRegistry } from '../jobs/job-registry.js';
import { AskSessionJob } from './ask-session.job.js';
import { applyStripeEvent, InboxService } from './inbox.service.js';
import { SubscriptionsService } from './subscriptions.service.js';

const sweepStripeEvents: Job<Record<string, never>> = {
  name: 'sweep-stripe-events',
  payload: z.strictObject({}),
  cron: '*/5 * * * *',
};

/** Applies events; takes up again what was left lying, and forgets what was done a quarter of a year ago. */
@Injectable()
export class StripeEventsJob implements OnModuleInit {
  private readonly log = new Logger('Donations');

  constructor(
    private readonly jobs: JobRegistry,
    private readonly inbox: InboxService,
    private readonly subscriptions: SubscriptionsService,
    private readonly sessions: AskSessionJob,
    private readonly hints: Hints,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.jobs.register(applyStripeEvent, async ({ id }, run) => {
      const accounts = await run.effect((tx) => this.inbox.apply(tx, id));
      for (const account of accounts) this.hints.tell(`account:${account}`, 'session');
    });
    this.jobs.register(sweepStripeEvents, async (_payload, run) => {
      const waiting = await run.effect(async (tx) => {
        const now = this.clock.now();
        const left = await rows<{ id: string }>(
          tx,
          `select id from stripe_events where processed_at is null and waits_for is null
             and received_at < $1::timestamptz - interval '10 minutes' order by received_at limit 100`,
          [now],
        );
        for (const { id } of left) await enqueue(tx, applyStripeEvent, { id }, { key: `stripe-event:${id}` });
        await this.subscriptions.askForForgotten(tx);
        await this.sessions.askForForgotten(tx);
        // Stripe repeats for three days and lists for thirty: what is still unknown by then is of another shop's money.
        await tx.query(
          `update stripe_events set outcome = 'foreign', processed_at = $1, waits_for = null
           where processed_at is null and waits_for is not null and received_at < $1::timestamptz - interval '35 days'`,
          [now],
        );
        // So many at a time as end within a statement's time-out, however long nobody swept.
        await tx.query(
          `delete from stripe_events where id in (
             select id from stripe_events where processed_at < $1::timestamptz - interval '90 days' limit 1000)`,
          [now],
        );
        return row<{ n: string; eldest: Date }>(
          tx,
          `select count(*) as n, min(received_at) as eldest from stripe_events
           where processed_at is null and received_at < $1::timestamptz - interval '1 hour'
             and (waits_for is null or received_at > $1::timestamptz - interval '1 day') having count(*) > 0`,
          [now],
        );
      });
      if (waiting)
        this.log.warn(
          `${waiting.n} events of Stripe's wait for what they are about, since ${waiting.eldest.toISOString()}.`,
        );
    });
  }
}
