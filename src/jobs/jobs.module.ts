import { Global, Module } from '@nestjs/common';
import { JobRegistry } from './job-registry.js';
import { JobRunner } from './job-runner.js';
import { LEASE_TIMES, leaseTimes } from './worker-lease.js';

@Global()
@Module({
  providers: [JobRegistry, JobRunner, { provide: LEASE_TIMES, useValue: leaseTimes }],
  exports: [JobRegistry],
})
export class JobsModule {}
