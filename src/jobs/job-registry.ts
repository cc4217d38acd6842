import { Injectable } from '@nestjs/common';
import type { Job, JobHandler } from './job.js';

/** Every room registers its jobs here when it starts; the runner then works through them. */
@Injectable()
export class JobRegistry {
  readonly entries: { job: Job<unknown>; handler: JobHandler<unknown> }[] = [];

  register<Payload>(job: Job<Payload>, handler: JobHandler<Payload>): void {
    if (this.entries.some((it) => it.job.name === job.name)) throw new Error(`Job ${job.name} is registered twice.`);
    this.entries.push({ job, handler: handler as JobHandler<unknown> });
  }
}
