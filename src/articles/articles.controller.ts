import { Body, Controller, Get, HttpCode, Param, Post, Put, Req, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { Allow } from '../accounts/sessions/access.js';
import { DomainError } from '../errors/domain-error.js';
import { sendTagged } from '../http/json-text.js';
import { PathText } from '../http/path-text.js';
import { limitSetting } from '../config/limit-setting.js';
import { defineLimit } from '../http/limit.js';
import { addressKey, RateLimits } from '../http/rate-limits.js';
import { ArticleKeyView, ArticleView, MetArticle, NewArticle, NewKey } from './articles.schema.js';
import { type Article, ArticlesService } from './articles.service.js';

const view = ({
  key,
  url,
  title,
  section,
  publishedAt,
  state,
  commentCount,
}: Article): z.infer<typeof ArticleView> => ({
  key,
  url,
  title,
  section,
  publishedAt: publishedAt?.toISOString() ?? null,
  state,
  commentCount,
});

const articleLimit = defineLimit({
  name: 'article',
  setting: limitSetting({
    env: 'LIMIT_ARTICLES_PER_IP_PER_HOUR',
    max: 120,
    counts: 'new articles that pages report from one network',
  }),
  per: 'hour',
  message: 'Many new articles came from your network.',
});

@ApiTags('articles')
@Controller('articles')
export class ArticlesController {
  constructor(
    private readonly articles: ArticlesService,
    private readonly limits: RateLimits,
  ) {}

  @Get(':key')
  @Allow('public')
  @ApiOkResponse({ standardSchema: ArticleView })
  async getArticle(
    @Param('key', { schema: PathText }) key: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    sendTagged(request, reply, JSON.stringify(view(await this.articles.byKey(key))));
  }

  /** Creates or updates an article. Another key for a known URL renames it, and the old key stays an alias. */
  @Put(':key')
  @Allow('publisher')
  @ApiOkResponse({ standardSchema: ArticleView })
  async putArticle(
    @Param('key', { schema: NewKey }) key: string,
    @Body({ schema: NewArticle }) body: z.infer<typeof NewArticle>,
  ): Promise<z.infer<typeof ArticleView>> {
    return view(await this.articles.put(key, body));
  }

  /** Finds or creates the article of the page that asks. The URL must have the page's own, allowed origin. */
  @Post()
  @Allow('anyone')
  @HttpCode(201)
  @ApiCreatedResponse({ standardSchema: ArticleKeyView })
  async meetArticle(
    @Body({ schema: MetArticle }) { url }: z.infer<typeof MetArticle>,
    @Req() request: FastifyRequest,
  ): Promise<z.infer<typeof ArticleKeyView>> {
    if (new URL(url).origin !== request.headers.origin)
      throw new DomainError('article.foreign_url', 'forbidden', {
        detail: 'A page can register only its own address. The origin of url must equal the Origin of the request.',
      });
    const known = await this.articles.keyOf(url);
    if (known) return { key: known };
    await this.limits.consumeNetwork(articleLimit, addressKey(request.ip));
    return { key: await this.articles.createFromPage(url) };
  }
}
