import { Global, Module } from '@nestjs/common';
import { JobRegistry } from './job-registry.js';
import { JobRunner } from './job-runner.js';
import { QueueMetrics } from './queue-metrics.js';
import { LEASE_TIMES, leaseTimes } from './worker-lease.js';

@Global()
@Module({
  providers: [JobRegistry, JobRunner, QueueMetrics, { provide: LEASE_TIMES, useValue: leaseTimes }],
  exports: [JobRegistry],
})
export class JobsModule {}
