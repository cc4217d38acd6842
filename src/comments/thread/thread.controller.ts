import { Body, Controller, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { Allow } from '../../accounts/sessions/access.js';
import { isArticleKey } from '../../articles/article-url.js';
import { isId } from '../../database/keyset.js';
import type { TaggedJson } from '../../database/rows.js';
import { notFound } from '../../errors/domain-error.js';
import { sendJson, sendTagged } from '../../http/json-text.js';
import { PathText } from '../../http/path-text.js';
import { CommentView } from '../model/comment.schema.js';
import { ThreadQueries } from './thread.queries.js';
import {
  CommentCountsView,
  ContextView,
  CountsRequest,
  EventsQuery,
  EventsView,
  RepliesPageView,
  RepliesQuery,
  RootsQuery,
  RootsView,
  threadCursor,
} from './thread.schema.js';

/** Serves the public reads of conversations. Every reader gets the same bytes, without a session. */
@ApiTags('comments')
@Controller()
export class ThreadController {
  constructor(private readonly thread: ThreadQueries) {}

  /**
   * Returns a page of the conversation, comments with their first replies. An article that no page has registered yet has
   * an empty one, because a 404 would be an error in the console of its first readers.
   */
  @Get('articles/:key/comments')
  @Allow('public')
  @ApiOkResponse({ standardSchema: RootsView })
  async getComments(
    @Param('key', { schema: PathText }) key: string,
    @Query({ schema: RootsQuery }) { sort, limit, after }: z.infer<typeof RootsQuery>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const page = await this.thread.roots(key, sort, limit, threadCursor(sort, after));
    if (page) return sendTagged(request, reply, page.json, page.etag);
    if (!isArticleKey(key)) throw notFound('article');
    // It is stored nowhere, because the page registers its article now and reads again.
    void reply.header('cache-control', 'no-store');
    sendJson(reply, JSON.stringify(unregistered(key)));
  }

  /** Returns the changes after a position, in order, each in its present state. */
  @Get('articles/:key/events')
  @Allow('public')
  @ApiOkResponse({ standardSchema: EventsView })
  async getEvents(
    @Param('key', { schema: PathText }) key: string,
    @Query({ schema: EventsQuery }) { after }: z.infer<typeof EventsQuery>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const events = await this.thread.events(key, after);
    if (!events) throw notFound('article');
    sendTagged(request, reply, events.json, events.etag);
  }

  @Get('comments/:id')
  @Allow('public')
  @ApiOkResponse({ standardSchema: CommentView })
  async getComment(
    @Param('id', { schema: PathText }) id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { json, etag } = await found(id, (it) => this.thread.one(it));
    sendTagged(request, reply, json, etag);
  }

  @Get('comments/:id/replies')
  @Allow('public')
  @ApiOkResponse({ standardSchema: RepliesPageView })
  async getReplies(
    @Param('id', { schema: PathText }) id: string,
    @Query({ schema: RepliesQuery }) { sort, limit, after }: z.infer<typeof RepliesQuery>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const cursor = threadCursor(sort, after);
    const { json, etag } = await found(id, (it) => this.thread.replies(it, sort, limit, cursor));
    sendTagged(request, reply, json, etag);
  }

  /** Returns a comment for its permalink, with its ancestors, its first replies, and cursors among its siblings. */
  @Get('comments/:id/context')
  @Allow('public')
  @ApiOkResponse({ standardSchema: ContextView })
  async getContext(
    @Param('id', { schema: PathText }) id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { json, etag } = await found(id, (it) => this.thread.context(it));
    sendTagged(request, reply, json, etag);
  }

  /** Returns the numbers of comments of articles, for a front page; 0 for unknown keys. */
  @Post('comment-counts')
  @Allow('public')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: CommentCountsView })
  async countComments(
    @Body({ schema: CountsRequest }) { keys }: z.infer<typeof CountsRequest>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    sendTagged(request, reply, await this.thread.counts(keys));
  }
}

const unregistered = (key: string): z.infer<typeof RootsView> => ({
  article: { key, state: 'open', commentCount: 0 },
  items: [],
  next: null,
  position: 0,
  registered: false,
});

async function found(id: string, read: (id: string) => Promise<TaggedJson | undefined>): Promise<TaggedJson> {
  const it = isId(id) ? await read(id) : undefined;
  if (!it) throw notFound('comment');
  return it;
}
