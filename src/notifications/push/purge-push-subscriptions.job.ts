import { Injectable, type OnModuleInit } from '@nestjs/common';
import { z } from 'zod';
import { Clock } from '../../clock/clock.js';
import type { Job } from '../../jobs/job.js';
import { JobRegistry } from '../../jobs/job-registry.js';

const DAY = 86_400_000;
const UNSEEN_DAYS = 180;
const LOST_DAYS = 30;

const purgePushSubscriptions: Job<Record<string, never>> = {
  name: 'sweep-push-subscriptions',
  payload: z.strictObject({}),
  cron: '23 3 * * *',
};

/** Nightly: forgets the browsers that did not come by for half a year, and those given up a month ago. */
@Injectable()
export class PurgePushSubscriptionsJob implements OnModuleInit {
  constructor(
    private readonly jobs: JobRegistry,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.jobs.register(purgePushSubscriptions, async (_payload, run) => {
      const now = this.clock.now().getTime();
      await run.effect((tx) =>
        tx.query(`delete from push_subscriptions where seen_at < $1 or (state <> 'active' and changed_at < $2)`, [
          new Date(now - UNSEEN_DAYS * DAY),
          new Date(now - LOST_DAYS * DAY),
        ]),
      );
    });
  }
}
