import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { row } from '../../database/rows.js';
import type { Job } from '../../jobs/job.js';
import { JobRegistry } from '../../jobs/job-registry.js';
import { StripeClient } from '../stripe/stripe.client.js';

export const expireCheckout: Job<{ donationId: string }> = {
  name: 'expire-checkout',
  lane: 'stripe',
  payload: z.strictObject({ donationId: z.string() }),
  maxAttempts: 5,
};

/**
 * Closes the payment page of a donation that its donor replaced by another one, so that both cannot be paid. Stripe's
 * event about it changes the state.
 */
@Injectable()
export class ExpireCheckoutJob implements OnModuleInit {
  constructor(
    private readonly jobs: JobRegistry,
    private readonly stripe: StripeClient,
    private readonly dataSource: DataSource,
  ) {}

  onModuleInit(): void {
    this.jobs.register(expireCheckout, async ({ donationId }) => {
      const open = await row<{ session: string }>(this.dataSource.sql`
        select session_id as session from donations
        where id = ${donationId} and session_id is not null and state = 'open'`);
      if (open) await this.stripe.expireSession(open.session);
    });
  }
}
