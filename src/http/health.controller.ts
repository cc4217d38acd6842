import { Controller, Get, Header, HttpCode } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { DomainError } from '../errors/domain-error.js';
import { Readiness } from './readiness.js';

const Health = z.object({ status: z.literal('ok') }).meta({ id: 'Health' });

@ApiTags('operators')
@Controller('health')
export class HealthController {
  constructor(
    private readonly dataSource: DataSource,
    private readonly readiness: Readiness,
  ) {}

  /** Answers 200 while the process runs. */
  @Get('live')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @ApiOkResponse({ standardSchema: Health })
  live(): z.infer<typeof Health> {
    return { status: 'ok' };
  }

  /** Answers 200 when the process can serve: the database answers and no shutdown has begun. */
  @Get('ready')
  @Header('cache-control', 'no-store')
  @ApiOkResponse({ standardSchema: Health })
  async ready(): Promise<z.infer<typeof Health>> {
    if (this.readiness.stopping)
      throw new DomainError('service.stopping', 'unavailable', { detail: 'This process is stopping.', retryAfter: 5 });
    await this.dataSource.query('select 1').catch(() => {
      throw new DomainError('service.unavailable', 'unavailable', {
        detail: 'The database does not answer.',
        retryAfter: 2,
      });
    });
    return { status: 'ok' };
  }
}
