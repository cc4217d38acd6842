import { Injectable, type OnModuleInit } from '@nestjs/common';
import { z } from 'zod';
import type { Job } from '../jobs/job.js';
import { JobRegistry } from '../jobs/job-registry.js';

const sweepReports: Job<Record<string, never>> = {
  name: 'sweep-reports',
  payload: z.strictObject({}),
  cron: '51 3 * * *',
};

/**
 * Nightly: what nobody decided on before its author deleted the comment goes with the text, after thirty days
 * (comments/deleted-comments.job.ts): there is nothing left to judge. Reports that led to a decision stay with it.
 */
@Injectable()
export class PurgeReportsJob implements OnModuleInit {
  constructor(private readonly jobs: JobRegistry) {}

  onModuleInit(): void {
    this.jobs.register(sweepReports, (_payload, run) =>
      run.effect((tx) =>
        tx.query(
          `delete from reports r using comments c
           where r.decision_id is null and c.id = r.comment_id and c.state = 'deleted' and c.body = ''`,
        ),
      ),
    );
  }
}
