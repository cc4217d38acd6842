import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { isPublicId } from '../../accounts/profiles/public-id.js';
import { Allow, Me } from '../../accounts/sessions/access.js';
import type { Viewer } from '../../accounts/sessions/viewer.js';
import { notFound } from '../../errors/domain-error.js';
import { sendJson, sendTagged } from '../../http/json-text.js';
import { PathText } from '../../http/path-text.js';
import { ReaderQueries } from './reader.queries.js';
import { FeedView, FollowingView, listCursor, ListQuery, ReaderView, WrittenView } from './readers.schema.js';

@ApiTags('readers')
@Controller()
export class ReadersController {
  constructor(private readonly readers: ReaderQueries) {}

  @Get('readers/:id')
  @Allow('public')
  @ApiOkResponse({ standardSchema: ReaderView })
  async getReader(
    @Param('id', { schema: PathText }) id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const json = isPublicId(id) ? await this.readers.profile(id) : undefined;
    if (json === undefined) throw notFound('reader');
    sendTagged(request, reply, json);
  }

  /** Returns the published comments of a reader, newest first. */
  @Get('readers/:id/comments')
  @Allow('public')
  @ApiOkResponse({ standardSchema: WrittenView })
  async getReaderComments(
    @Param('id', { schema: PathText }) id: string,
    @Query({ schema: ListQuery }) { limit, after }: z.infer<typeof ListQuery>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const cursor = listCursor(after);
    const json = isPublicId(id) ? await this.readers.written(id, limit, cursor?.id) : undefined;
    if (json === undefined) throw notFound('reader');
    sendTagged(request, reply, json);
  }

  /** Returns the readers that the viewer follows. */
  @Get('me/following')
  @Allow('signedIn')
  @ApiOkResponse({ standardSchema: FollowingView })
  async getFollowing(
    @Me() viewer: Viewer,
    @Query({ schema: ListQuery }) { limit, after }: z.infer<typeof ListQuery>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    sendJson(reply, await this.readers.following(viewer.accountId, limit, listCursor(after)?.id));
  }

  /** Returns the comments of the readers that the viewer follows, and the replies to them, newest first. */
  @Get('me/following/comments')
  @Allow('signedIn')
  @ApiOkResponse({ standardSchema: FeedView })
  async getFeed(
    @Me() viewer: Viewer,
    @Query({ schema: ListQuery }) { limit, after }: z.infer<typeof ListQuery>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    sendJson(reply, await this.readers.feed(viewer.accountId, limit, listCursor(after)?.id));
  }
}
