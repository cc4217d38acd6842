import { Controller, Get, Param, Res } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Allow, Me } from '../../accounts/sessions/access.js';
import type { Viewer } from '../../accounts/sessions/viewer.js';
import { Config } from '../../config/config.js';
import { notFound } from '../../errors/domain-error.js';
import { sendJson } from '../../http/json-text.js';
import { PathText } from '../../http/path-text.js';
import { ReaderQueries } from './reader.queries.js';
import { MineView } from './readers.schema.js';

@ApiTags('comments')
@Controller('articles/:key/mine')
export class MineController {
  constructor(
    private readonly readers: ReaderQueries,
    private readonly config: Config,
  ) {}

  /** Returns the viewer's reactions and follows on this article, and the edit window. */
  @Get()
  @Allow('signedIn')
  @ApiOkResponse({ standardSchema: MineView })
  async getMine(
    @Me() viewer: Viewer,
    @Param('key', { schema: PathText }) key: string,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const json = await this.readers.mine(key, viewer.accountId, this.config.env.EDIT_WINDOW_MINUTES * 60);
    if (json === undefined) throw notFound('article');
    sendJson(reply, json);
  }
}
