import { Controller, Get, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { Allow } from '../../accounts/sessions/access.js';
import { sendTagged } from '../../http/json-text.js';
import { TopicsView } from './push-subscriptions.schema.js';
import { Topics } from './topics.service.js';

@ApiTags('notifications')
@Controller('topics')
export class TopicsController {
  constructor(private readonly topics: Topics) {}

  /** Lists the topics that a reader can choose. */
  @Get()
  @Allow('public')
  @ApiOkResponse({ standardSchema: TopicsView })
  getTopics(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    const view: z.infer<typeof TopicsView> = { items: this.topics.list() };
    sendTagged(request, reply, JSON.stringify(view));
  }
}
