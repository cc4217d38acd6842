import { Global, Module } from '@nestjs/common';
import { purgeJobs } from '../jobs/purge.js';
import { HealthController } from './health.controller.js';
import { Idempotency, PATIENCE_MS } from './idempotency.js';
import { MetricsServer } from './metrics-endpoint.js';
import { RateLimits } from './rate-limits.js';
import { Readiness } from './readiness.js';
import { purgeRequestKeys } from './purge-request-keys.job.js';

@Global()
@Module({
  controllers: [HealthController],
  providers: [
    Readiness,
    MetricsServer,
    RateLimits,
    Idempotency,
    { provide: PATIENCE_MS, useValue: 5_000 },
    purgeJobs(purgeRequestKeys),
  ],
  exports: [RateLimits, Idempotency],
})
export class HttpModule {}
