import { Injectable, type OnModuleInit } from '@nestjs/common';
import { z } from 'zod';
import { Clock } from '../../clock/clock.js';
import type { Job } from '../../jobs/job.js';
import { JobRegistry } from '../../jobs/job-registry.js';

/** The follower passes over replies older than a day, so what is known of older ones keeps nobody from anything. */
const KEPT_MS = 2 * 86_400_000;

const purgeReplyAlerts: Job<Record<string, never>> = {
  name: 'sweep-told-replies',
  payload: z.strictObject({}),
  cron: '31 3 * * *',
};

/** Nightly: forgets which replies were told of, when they are too old to be told of again. */
@Injectable()
export class PurgeReplyAlertsJob implements OnModuleInit {
  constructor(
    private readonly jobs: JobRegistry,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.jobs.register(purgeReplyAlerts, async (_payload, run) => {
      const before = new Date(this.clock.now().getTime() - KEPT_MS);
      await run.effect((tx) => tx.query('delete from reply_alerts where created_at < $1', [before]));
    });
  }
}
