import { Injectable, type OnModuleInit } from '@nestjs/common';
import { z } from 'zod';
import { Clock } from '../../clock/clock.js';
import type { Job } from '../../jobs/job.js';
import { JobRegistry } from '../../jobs/job-registry.js';

const KEPT_DAYS = 30;

const blankDeleted: Job<Record<string, never>> = {
  name: 'blank-deleted-comments',
  payload: z.strictObject({}),
  cron: '41 3 * * *',
};

/** Nightly: what readers deleted is kept for the desk for thirty days, as it may have been reported, and then erased. */
@Injectable()
export class DeletedCommentsJob implements OnModuleInit {
  constructor(
    private readonly jobs: JobRegistry,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.jobs.register(blankDeleted, async (_payload, run) => {
      const before = new Date(this.clock.now().getTime() - KEPT_DAYS * 86_400_000);
      await run.effect(async (tx) => {
        await tx.query(
          `delete from comment_revisions r using comments c
           where c.id = r.comment_id and c.state = 'deleted' and c.deleted_at < $1`,
          [before],
        );
        await tx.query(`update comments set body = '' where state = 'deleted' and deleted_at < $1 and body <> ''`, [
          before,
        ]);
      });
    });
  }
}
