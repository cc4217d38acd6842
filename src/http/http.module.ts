import { Global, Module } from '@nestjs/common';
import { HealthController } from './health.controller.js';
import { Idempotency } from './idempotency.js';
import { RateLimits } from './rate-limits.js';
import { Readiness } from './readiness.js';
import { RequestGuardsJob } from './purge-request-keys.job.js';

@Global()
@Module({
  controllers: [HealthController],
  providers: [Readiness, RateLimits, Idempotency, RequestGuardsJob],
  exports: [RateLimits, Idempotency],
})
export class HttpModule {}
