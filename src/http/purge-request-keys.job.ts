import { Injectable, type OnModuleInit } from '@nestjs/common';
import { z } from 'zod';
import type { Job } from '../jobs/job.js';
import { JobRegistry } from '../jobs/job-registry.js';

const sweepRequestGuards: Job<Record<string, never>> = {
  name: 'sweep-request-guards',
  payload: z.strictObject({}),
  cron: '7 * * * *',
};

/** Hourly: forgets idempotency keys after 24 hours, and rate counts that have run out. */
@Injectable()
export class RequestGuardsJob implements OnModuleInit {
  constructor(private readonly jobs: JobRegistry) {}

  onModuleInit(): void {
    this.jobs.register(sweepRequestGuards, (_payload, run) =>
      run.effect(async (tx) => {
        await tx.query(`delete from idempotency_keys where created_at < now() - interval '24 hours'`);
        await tx.query(`delete from rate_limits where expire < extract(epoch from now()) * 1000`);
      }),
    );
  }
}
