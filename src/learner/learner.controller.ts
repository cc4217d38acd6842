import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { Allow } from '../accounts/sessions/access.js';
import { LearnerQueries } from './learner.queries.js';
import { LearnerView } from './learner.schema.js';

@ApiTags('moderation')
@Controller()
export class LearnerController {
  constructor(private readonly queries: LearnerQueries) {}

  /** Returns what was learned, how sure it is, and how often moderators agreed. */
  @Get('moderation/learner')
  @Allow('moderator')
  @ApiOkResponse({ standardSchema: LearnerView })
  async getLearner(): Promise<z.infer<typeof LearnerView>> {
    return this.queries.read();
  }
}
