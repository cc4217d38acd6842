import { Body, Controller, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiAcceptedResponse, ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { Allow, Me } from '../../accounts/sessions/access.js';
import { type ClaimOf, Idempotent } from '../../accounts/sessions/idempotent.js';
import type { Viewer } from '../../accounts/sessions/viewer.js';
import { isId } from '../../database/keyset.js';
import { notFound } from '../../errors/domain-error.js';
import { sendJson } from '../../http/json-text.js';
import { PathText } from '../../http/path-text.js';
import { AlertsQueries } from './alerts.queries.js';
import { AlertsQuery, AlertsView, AlertView, NewAlert } from './alerts.schema.js';
import { AlertsService } from './alerts.service.js';

@ApiTags('notifications')
@Controller('alerts')
export class AlertsController {
  constructor(
    private readonly alerts: AlertsService,
    private readonly queries: AlertsQueries,
  ) {}

  /** Stores a draft. The answer has its size and the number of browsers that it would go to. */
  @Post()
  @Allow('editor')
  @HttpCode(201)
  @ApiCreatedResponse({ standardSchema: AlertView })
  async createAlert(
    @Me() viewer: Viewer,
    @Body({ schema: NewAlert }) body: z.infer<typeof NewAlert>,
    @Idempotent('alert') claimOf: ClaimOf,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { status, answer } = await this.alerts.compose(viewer.accountId, body, claimOf(body));
    sendJson(reply, answer, status);
  }

  /** Returns a page of all alerts, newest first. */
  @Get()
  @Allow('editor')
  @ApiOkResponse({ standardSchema: AlertsView })
  async listAlerts(
    @Query({ schema: AlertsQuery }) { limit, after }: z.infer<typeof AlertsQuery>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    sendJson(reply, await this.queries.alerts(limit, after));
  }

  /** Returns an alert with its report. Once it is finished, `targeted` is the sum of the other counts. */
  @Get(':id')
  @Allow('editor')
  @ApiOkResponse({ standardSchema: AlertView })
  async getAlert(@Param('id', { schema: PathText }) id: string, @Res() reply: FastifyReply): Promise<void> {
    sendJson(reply, await this.view(id));
  }

  /** Sends a draft once. Answers 409 with its state when it was sent or cancelled before. */
  @Post(':id/send')
  @Allow('editor')
  @HttpCode(202)
  @ApiAcceptedResponse({ standardSchema: AlertView })
  async sendAlert(@Param('id', { schema: PathText }) id: string, @Res() reply: FastifyReply): Promise<void> {
    await this.alerts.send(id);
    sendJson(reply, await this.view(id), 202);
  }

  /** Cancels an alert. Messages that a push service has already accepted cannot be called back. */
  @Post(':id/cancel')
  @Allow('editor')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: AlertView })
  async cancelAlert(@Param('id', { schema: PathText }) id: string, @Res() reply: FastifyReply): Promise<void> {
    await this.alerts.cancel(id);
    sendJson(reply, await this.view(id));
  }

  private async view(id: string): Promise<string> {
    const json = isId(id) ? await this.queries.alert(id) : undefined;
    if (json === undefined) throw notFound('alert');
    return json;
  }
}
