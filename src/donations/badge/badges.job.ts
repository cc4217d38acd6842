import { Injectable, type OnModuleInit } from '@nestjs/common';
import { z } from 'zod';
import type { Job } from '../../jobs/job.js';
import { JobRegistry } from '../../jobs/job-registry.js';
import { BadgeService } from './badge.service.js';

const sweepBadges: Job<Record<string, never>> = {
  name: 'sweep-supporter-badges',
  payload: z.strictObject({}),
  cron: '53 * * * *',
};

const AT_ONCE = 100;

/** Removes expired badges every hour, because no Stripe event marks their end. It reads only accounts with a badge. */
@Injectable()
export class BadgesJob implements OnModuleInit {
  constructor(
    private readonly jobs: JobRegistry,
    private readonly badges: BadgeService,
  ) {}

  onModuleInit(): void {
    this.jobs.register(sweepBadges, async (_payload, run) => {
      for (let more = true; more;) {
        const changed = await run.effect((tx) => this.badges.expire(tx, AT_ONCE));
        more = changed === AT_ONCE;
      }
    });
  }
}
