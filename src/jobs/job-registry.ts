import { Injectable } from '@nestjs/common';
import type { Job, JobHandler } from './job.js';

/** The jobs of all modules, which register them when the app starts and before the runner begins. */
@Injectable()
export class JobRegistry {
  readonly entries: { job: Job<unknown>; handler: JobHandler<unknown> }[] = [];

  register<Payload>(job: Job<Payload>, handler: JobHandler<Payload>): void {
    if (this.entries.some((it) => it.job.name === job.name)) throw new Error(`Job ${job.name} is registered twice.`);
    this.entries.push({ job, handler: handler as JobHandler<unknown> });
  }
}
