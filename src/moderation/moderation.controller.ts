import { Body, Controller, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiConflictResponse, ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { Allow, Me } from '../accounts/sessions/access.js';
import { knownBrowser } from '../accounts/sessions/cookies.js';
import { type ClaimOf, Idempotent } from '../accounts/sessions/idempotent.js';
import type { Viewer } from '../accounts/sessions/viewer.js';
import { isId } from '../database/keyset.js';
import { notFound } from '../errors/domain-error.js';
import { sendJson } from '../http/json-text.js';
import { PathText } from '../http/path-text.js';
import { addressKey } from '../http/rate-limits.js';
import { DecisionsService } from './decisions.service.js';
import { ModerationQueries } from './moderation.queries.js';
import {
  CaseView,
  DecidedView,
  DecisionConflict,
  DecisionsQuery,
  DecisionsView,
  NewDecision,
  NewReport,
  QueueQuery,
  QueueView,
  ReportedView,
  StatisticsView,
} from './moderation.schema.js';
import { ReasonsQueries } from './reasons.queries.js';
import { DeskReasonsView } from './reasons.schema.js';
import { ReportsService } from './reports.service.js';
import { StatisticsQueries } from './statistics.queries.js';

@ApiTags('moderation')
@Controller()
export class ModerationController {
  constructor(
    private readonly queries: ModerationQueries,
    private readonly decisions: DecisionsService,
    private readonly reports: ReportsService,
    private readonly statistics: StatisticsQueries,
    private readonly reasons: ReasonsQueries,
  ) {}

  /** Reports a comment. A second report of the same revision by the same reader changes nothing. */
  @Post('comments/:id/reports')
  @Allow('anyone')
  @HttpCode(201)
  @ApiCreatedResponse({ standardSchema: ReportedView })
  async reportComment(
    @Me() viewer: Viewer | undefined,
    @Param('id', { schema: PathText }) id: string,
    @Body({ schema: NewReport }) report: z.infer<typeof NewReport>,
    @Idempotent('report') claimOf: ClaimOf,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const browser = knownBrowser(request)?.toString('hex');
    const address = addressKey(request.ip);
    const claim = claimOf(id, report);
    const { status, answer } = await this.reports.report(
      { viewer, browserOrAddress: browser ?? address, address },
      id,
      report,
      claim,
    );
    sendJson(reply, answer, status);
  }

  /** Returns a page of a queue. The case that has waited longest comes first. */
  @Get('moderation/queues/:name')
  @Allow('moderator')
  @ApiOkResponse({ standardSchema: QueueView })
  async getQueue(
    @Param('name', { schema: PathText }) name: string,
    @Query({ schema: QueueQuery }) { limit, after }: z.infer<typeof QueueQuery>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    if (name !== 'reported') throw notFound('queue');
    sendJson(reply, await this.queries.reported(limit, after));
  }

  /** Returns the case of one comment. */
  @Get('moderation/comments/:id')
  @Allow('moderator')
  @ApiOkResponse({ standardSchema: CaseView })
  async getCase(@Param('id', { schema: PathText }) id: string, @Res() reply: FastifyReply): Promise<void> {
    const json = isId(id) ? await this.queries.case(id) : undefined;
    if (json === undefined) throw notFound('comment');
    sendJson(reply, json);
  }

  /** Returns a page of the log of decisions, newest first. */
  @Get('moderation/decisions')
  @Allow('moderator')
  @ApiOkResponse({ standardSchema: DecisionsView })
  async getDecisions(
    @Query({ schema: DecisionsQuery }) { limit, after, action }: z.infer<typeof DecisionsQuery>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    sendJson(reply, await this.queries.decisions(limit, action, after));
  }

  /** Returns the reasons of all sites: those that a decision may give, and the label of every id that was ever used. */
  @Get('moderation/reasons')
  @Allow('moderator')
  @ApiOkResponse({ standardSchema: DeskReasonsView })
  getDeskReasons(): Promise<z.infer<typeof DeskReasonsView>> {
    return this.reasons.read();
  }

  /** Returns the numbers of the last seven days. */
  @Get('moderation/statistics')
  @Allow('moderator')
  @ApiOkResponse({ standardSchema: StatisticsView })
  async getStatistics(@Res() reply: FastifyReply): Promise<void> {
    sendJson(reply, await this.statistics.read());
  }

  /** Removes, restores or keeps a comment. Answers 409 with the current state when a colleague decided first. */
  @Post('moderation/comments/:id/decisions')
  @Allow('moderator')
  @HttpCode(201)
  @ApiCreatedResponse({ standardSchema: DecidedView })
  @ApiConflictResponse({ standardSchema: DecisionConflict })
  async decide(
    @Me() viewer: Viewer,
    @Param('id', { schema: PathText }) id: string,
    @Body({ schema: NewDecision }) decision: z.infer<typeof NewDecision>,
    @Idempotent('decide') claimOf: ClaimOf,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { status, answer } = await this.decisions.decide(viewer, id, decision, claimOf(id, decision));
    sendJson(reply, answer, status);
  }
}
