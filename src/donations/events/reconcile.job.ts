import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { z } from 'zod';
import type { Job } from '../../jobs/job.js';
import { JobRegistry } from '../../jobs/job-registry.js';
import { SubscriptionsService } from '../ledger/subscriptions.service.js';
import { StripeClient } from '../stripe/stripe.client.js';
import { MissingParents } from './missing-parents.js';
import { ObjectListing } from './object-listing.js';
import { describeError } from '../../errors/outside-error.js';

const reconcileWithStripe: Job<Record<string, never>> = {
  name: 'reconcile-with-stripe',
  lane: 'stripe',
  payload: z.strictObject({}),
  cron: '37 * * * *',
};

/**
 * Reads from Stripe every hour what its events did not tell: the objects that events wait for, objects that no event
 * told of, and the subscriptions that were read longest ago.
 */
@Injectable()
export class ReconcileJob implements OnModuleInit {
  private readonly log = new Logger('Donations');

  constructor(
    private readonly jobs: JobRegistry,
    private readonly stripe: StripeClient,
    private readonly parents: MissingParents,
    private readonly objects: ObjectListing,
    private readonly subscriptions: SubscriptionsService,
  ) {}

  onModuleInit(): void {
    // A failure does not fail the job, because the next run reads the same again.
    this.jobs.register(reconcileWithStripe, async (_payload, run) => {
      if (!this.stripe.provider) return;
      try {
        await this.parents.ask(run);
        await this.objects.compare(run);
        await run.effect((tx) => this.subscriptions.refreshOldest(tx));
      } catch (error) {
        this.log.warn(`Stripe's objects could not be compared with the ledger: ${describeError(error)}`);
      }
    });
  }
}
