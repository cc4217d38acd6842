import { Controller, Get, Header, HttpCode } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { DomainError } from '../errors/domain-error.js';
import { Readiness } from './readiness.js';

const Alive = z.object({ status: z.literal('ok') }).meta({ id: 'Health' });
const Ready = z
  .object({
    status: z.enum(['ok', 'degraded']),
    /** What does not work although the process serves, such as `database_read_only` or `no_worker`. */
    degraded: z.array(z.string()).optional(),
  })
  .meta({ id: 'Readiness' });

@ApiTags('operators')
@Controller('health')
export class HealthController {
  constructor(private readonly readiness: Readiness) {}

  /** Answers 200 while the process runs. */
  @Get('live')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @ApiOkResponse({ standardSchema: Alive })
  live(): z.infer<typeof Alive> {
    return { status: 'ok' };
  }

  /**
   * Answers 200 within two seconds when the process can serve: the database answers and no shutdown has begun. The
   * status is `degraded` when readers can read, and something else does not work.
   */
  @Get('ready')
  @Header('cache-control', 'no-store')
  @ApiOkResponse({ standardSchema: Ready })
  async ready(): Promise<z.infer<typeof Ready>> {
    if (this.readiness.stopping)
      throw new DomainError('service.stopping', 'unavailable', { detail: 'This process is stopping.', retryAfter: 5 });
    const { outage, degraded } = await this.readiness.look();
    if (outage)
      throw new DomainError('service.unavailable', 'unavailable', {
        detail: 'The database does not answer.',
        retryAfter: 2,
        members: { reason: outage.reason },
      });
    return degraded.length ? { status: 'degraded', degraded } : { status: 'ok' };
  }
}
