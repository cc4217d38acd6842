import { Body, Controller, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiConflictResponse, ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { Allow, Me } from '../accounts/sessions/access.js';
import { type ClaimOf, Idempotent } from '../accounts/sessions/idempotent.js';
import type { Viewer } from '../accounts/sessions/viewer.js';
import { isId } from '../database/keyset.js';
import { notFound } from '../errors/domain-error.js';
import { sendJson } from '../http/json-text.js';
import { PathText } from '../http/path-text.js';
import { HeldDecisionsService } from './held-decisions.service.js';
import { HeldQueries } from './held.queries.js';
import { HeldCaseView, HeldConflict, HeldQueueView, NewHeldDecision } from './held.schema.js';
import { QueueQuery } from './moderation.schema.js';

@ApiTags('moderation')
@Controller('moderation/held')
export class HeldController {
  constructor(
    private readonly queries: HeldQueries,
    private readonly decisions: HeldDecisionsService,
  ) {}

  /** Returns a page of the texts that wait for a moderator. The one that has waited longest comes first. */
  @Get()
  @Allow('moderator')
  @ApiOkResponse({ standardSchema: HeldQueueView })
  async getHeld(
    @Query({ schema: QueueQuery }) { limit, after }: z.infer<typeof QueueQuery>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    sendJson(reply, await this.queries.waiting(limit, after));
  }

  /** Returns one text with what became of it. */
  @Get(':id')
  @Allow('moderator')
  @ApiOkResponse({ standardSchema: HeldCaseView })
  async getHeldCase(@Param('id', { schema: PathText }) id: string, @Res() reply: FastifyReply): Promise<void> {
    const json = isId(id) ? await this.queries.case(id) : undefined;
    if (json === undefined) throw notFound('comment');
    sendJson(reply, json);
  }

  /** Publishes or rejects a text. Answers 409 with the text as it is when a colleague decided first. */
  @Post(':id/decisions')
  @Allow('moderator')
  @HttpCode(201)
  @ApiCreatedResponse({ standardSchema: HeldCaseView })
  @ApiConflictResponse({ standardSchema: HeldConflict })
  async decideHeld(
    @Me() viewer: Viewer,
    @Param('id', { schema: PathText }) id: string,
    @Body({ schema: NewHeldDecision }) decision: z.infer<typeof NewHeldDecision>,
    @Idempotent('decide-held') claimOf: ClaimOf,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { status, answer } = await this.decisions.decide(viewer, id, decision, claimOf(id, decision));
    sendJson(reply, answer, status);
  }
}
