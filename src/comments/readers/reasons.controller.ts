import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Allow } from '../../accounts/sessions/access.js';
import { ArticlesService } from '../../articles/articles.service.js';
import { sendTagged } from '../../http/json-text.js';
import { PathText } from '../../http/path-text.js';
import { CommentReasons } from '../model/comment-reasons.js';
import { reasonsFor } from '../model/reasons.settings.js';

const ReportReasonsView = z
  .strictObject({ items: z.array(z.strictObject({ id: z.string(), label: z.string() })) })
  .meta({ id: 'ReportReasons' });

@ApiTags('comments')
@Controller('articles/:key/reasons')
export class ReasonsController {
  constructor(
    private readonly articles: ArticlesService,
    private readonly reasons: CommentReasons,
  ) {}

  /** Returns the reasons for which a reader may report a comment of this article, in the order of the form. */
  @Get()
  @Allow('public')
  @ApiOkResponse({ standardSchema: ReportReasonsView })
  async getReasons(
    @Param('key', { schema: PathText }) key: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { url } = await this.articles.byKey(key);
    const items = reasonsFor(this.reasons.of(url), 'reports').map(({ id, label }) => ({ id, label }));
    sendTagged(request, reply, JSON.stringify({ items }));
  }
}
