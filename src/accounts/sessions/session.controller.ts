import { Controller, Delete, Get, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { limitSetting } from '../../config/limit-setting.js';
import { hasBearer } from '../../http/origin.js';
import { communityRules, composerNote, conversationMessage } from '../../settings/conversation-texts.settings.js';
import type { SiteKey } from '../../settings/setting.js';
import { Settings } from '../../settings/settings.service.js';
import { Sites } from '../../settings/sites.service.js';
import { Allow, Me } from './access.js';
import { Budgets, defineBudget } from './budgets.js';
import { SessionView, TicketView } from './session.schema.js';
import { clearSession, ensureBrowser, sessionToken } from './cookies.js';
import { SessionsService } from './sessions.service.js';
import { sessionAccount, type Viewer } from './viewer.js';

const ticketBudget = defineBudget({
  name: 'ticket',
  setting: limitSetting({
    env: 'LIMIT_TICKETS_PER_MINUTE',
    max: 30,
    counts: 'socket tickets of the accounts of one mailbox; three times as many from one network',
  }),
  per: 'minute',
  message: 'Too many connections were opened.',
});

@ApiTags('accounts')
@Controller('session')
export class SessionController {
  constructor(
    private readonly sessions: SessionsService,
    private readonly budgets: Budgets,
    private readonly settings: Settings,
    private readonly sites: Sites,
  ) {}

  /** Returns the account of this session, and what the newsroom says at the conversations of the page's site. It also sets the browser's id cookie, so call it before the socket opens. */
  @Get()
  @Allow('anyone')
  @ApiOkResponse({ standardSchema: SessionView })
  getSession(
    @Me() viewer: Viewer | undefined,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): z.infer<typeof SessionView> {
    if (!hasBearer(request)) ensureBrowser(request, reply);
    const texts = this.textsOf(this.sites.of(request.headers.origin));
    return { account: viewer ? sessionAccount(viewer) : null, texts };
  }

  private textsOf(site: SiteKey): z.infer<typeof SessionView>['texts'] {
    const message = this.settings.get(conversationMessage, site);
    const note = this.settings.get(composerNote, site);
    const hasRules = this.settings.get(communityRules, site) !== '';
    return message || note || hasRules ? { message, note, hasRules } : null;
  }

  /** Signs out every tab and socket of this browser at once. */
  @Delete()
  @Allow('anyone')
  @HttpCode(204)
  @ApiNoContentResponse()
  async endSession(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<void> {
    const token = sessionToken(request);
    if (token) await this.sessions.end(token);
    if (!hasBearer(request)) clearSession(reply);
  }

  /** Issues a single-use ticket with which an open socket joins this session. */
  @Post('socket-ticket')
  @Allow('signedIn')
  @HttpCode(201)
  @ApiCreatedResponse({ standardSchema: TicketView })
  async issueSocketTicket(@Me() viewer: Viewer, @Req() request: FastifyRequest): Promise<z.infer<typeof TicketView>> {
    await this.budgets.consume(ticketBudget, viewer, request.ip);
    return this.sessions.issueTicket(viewer);
  }
}
