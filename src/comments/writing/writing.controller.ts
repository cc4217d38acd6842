import { Body, Controller, Delete, Get, Headers, HttpCode, Param, Patch, Post, Put, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiHeader, ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { Allow, Me } from '../../accounts/sessions/access.js';
import type { Viewer } from '../../accounts/sessions/viewer.js';
import { Config } from '../../config/config.js';
import { notFound } from '../../errors/domain-error.js';
import { idempotencyKey, requestHash } from '../../http/idempotency.js';
import { sendJson } from '../../http/json-text.js';
import { PathText } from '../../http/path-text.js';
import { RateLimits } from '../../http/rate-limits.js';
import {
  CommentChange,
  CommentView,
  MineView,
  NewComment,
  ReactionKindParam,
  ReactionsView,
} from '../comments.schema.js';
import { EditingService } from './editing.service.js';
import { PostingService } from './posting.service.js';
import { ReactionsService } from '../reactions/reactions.service.js';
import { ReaderQueries } from '../readers/reader.queries.js';

@ApiTags('comments')
@Controller()
export class WritingController {
  constructor(
    private readonly posting: PostingService,
    private readonly editing: EditingService,
    private readonly reactions: ReactionsService,
    private readonly readers: ReaderQueries,
    private readonly limits: RateLimits,
    private readonly config: Config,
  ) {}

  /** Post a comment or, with parentId, a reply to any comment at any depth. */
  @Post('articles/:key/comments')
  @Allow('verified')
  @HttpCode(201)
  @ApiHeader({ name: 'Idempotency-Key', required: false, description: 'A UUID; a repeat gets the first answer.' })
  @ApiCreatedResponse({ standardSchema: CommentView })
  async postComment(
    @Me() viewer: Viewer,
    @Param('key', { schema: PathText }) key: string,
    @Body({ schema: NewComment }) { body, parentId }: z.infer<typeof NewComment>,
    @Headers('idempotency-key') header: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const repeatable = idempotencyKey(header);
    const { status, answer } = await this.posting.post(key, {
      authorId: viewer.accountId,
      body,
      parentId: parentId ?? undefined,
      claim:
        repeatable === undefined
          ? undefined
          : {
              scope: `account:${viewer.accountId}`,
              key: repeatable,
              hash: requestHash('post-comment', key, body, parentId ?? null),
            },
    });
    sendJson(reply, answer, status);
  }

  /** Rewrite an own comment, within the window. */
  @Patch('comments/:id')
  @Allow('verified')
  @ApiOkResponse({ standardSchema: CommentView })
  async editComment(
    @Me() viewer: Viewer,
    @Param('id', { schema: PathText }) id: string,
    @Body({ schema: CommentChange }) { body }: z.infer<typeof CommentChange>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.limits.consume('post', viewer.accountId, 'You are writing very fast.');
    sendJson(reply, await this.editing.edit(viewer.accountId, id, body));
  }

  /** Delete an own comment; a tombstone stays where replies hang. */
  @Delete('comments/:id')
  @Allow('signedIn')
  @HttpCode(204)
  @ApiNoContentResponse()
  async deleteComment(@Me() viewer: Viewer, @Param('id', { schema: PathText }) id: string): Promise<void> {
    await this.editing.delete(viewer.accountId, id);
  }

  @Put('comments/:id/reactions/:kind')
  @Allow('verified')
  @ApiOkResponse({ standardSchema: ReactionsView })
  async addReaction(
    @Me() viewer: Viewer,
    @Param('id', { schema: PathText }) id: string,
    @Param('kind', { schema: PathText }) kind: string,
  ): Promise<z.infer<typeof ReactionsView>> {
    return { reactions: await this.reactions.add(viewer.accountId, id, knownKind(kind)) };
  }

  @Delete('comments/:id/reactions/:kind')
  @Allow('verified')
  @ApiOkResponse({ standardSchema: ReactionsView })
  async takeReaction(
    @Me() viewer: Viewer,
    @Param('id', { schema: PathText }) id: string,
    @Param('kind', { schema: PathText }) kind: string,
  ): Promise<z.infer<typeof ReactionsView>> {
    return { reactions: await this.reactions.take(viewer.accountId, id, knownKind(kind)) };
  }

  /** What is mine on this page. */
  @Get('articles/:key/mine')
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

function knownKind(kind: string): z.infer<typeof ReactionKindParam> {
  const known = ReactionKindParam.safeParse(kind);
  if (!known.success) throw notFound('reaction');
  return known.data;
}
