import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Allow, Me } from '../../accounts/sessions/access.js';
import type { Viewer } from '../../accounts/sessions/viewer.js';
import { notFound } from '../../errors/domain-error.js';
import { sendJson } from '../../http/json-text.js';
import { PathText } from '../../http/path-text.js';
import { Settings } from '../../settings/settings.service.js';
import { Sites } from '../../settings/sites.service.js';
import { longestComment } from '../../screening/screening.settings.js';
import { editWindow } from '../model/conversation.settings.js';
import { moderationReasons } from '../model/reasons.settings.js';
import { ReaderQueries } from './reader.queries.js';
import { MineView } from './readers.schema.js';

@ApiTags('comments')
@Controller('articles/:key/mine')
export class MineController {
  constructor(
    private readonly readers: ReaderQueries,
    private readonly settings: Settings,
    private readonly sites: Sites,
  ) {}

  /** Returns the viewer's reactions, follows and removed comments on this article, the edit window and the longest comment. */
  @Get()
  @Allow('signedIn')
  @ApiOkResponse({ standardSchema: MineView })
  async getMine(
    @Me() viewer: Viewer,
    @Param('key', { schema: PathText }) key: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const site = this.sites.of(request.headers.origin);
    const json = await this.readers.mine(key, viewer.accountId, {
      editWindowSeconds: this.settings.get(editWindow, site) * 60,
      mostCharacters: this.settings.get(longestComment, site),
      explanations: Object.fromEntries(
        this.settings.get(moderationReasons, site).flatMap((it) => (it.explanation ? [[it.id, it.explanation]] : [])),
      ),
    });
    if (json === undefined) throw notFound('article');
    sendJson(reply, json);
  }
}
