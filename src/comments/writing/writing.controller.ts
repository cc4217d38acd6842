import { Body, Controller, Delete, HttpCode, Param, Patch, Post, Req, Res } from '@nestjs/common';
import { ApiAcceptedResponse, ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { postBudget } from '../../accounts/profiles/post.budget.js';
import { Budgets } from '../../accounts/sessions/budgets.js';
import { Allow, Me } from '../../accounts/sessions/access.js';
import { type ClaimOf, Idempotent } from '../../accounts/sessions/idempotent.js';
import type { Viewer } from '../../accounts/sessions/viewer.js';
import { sendJson } from '../../http/json-text.js';
import { PathText } from '../../http/path-text.js';
import { CommentView } from '../model/comment.schema.js';
import { HeldCommentView } from '../model/held.schema.js';
import { EditingService } from './editing.service.js';
import { HeldComments } from './held-comments.service.js';
import { PostingService } from './posting.service.js';
import { SlowMode } from './slow-mode.js';
import { CommentChange, NewComment } from './writing.schema.js';

@ApiTags('comments')
@Controller()
export class WritingController {
  constructor(
    private readonly posting: PostingService,
    private readonly editing: EditingService,
    private readonly held: HeldComments,
    private readonly budgets: Budgets,
    private readonly slowMode: SlowMode,
  ) {}

  /** Posts a comment or, with parentId, a reply to any comment at any depth. Answers 202 when it waits for a moderator. */
  @Post('articles/:key/comments')
  @Allow('verified')
  @HttpCode(201)
  @ApiCreatedResponse({ standardSchema: CommentView })
  @ApiAcceptedResponse({ standardSchema: HeldCommentView })
  async postComment(
    @Me() viewer: Viewer,
    @Param('key', { schema: PathText }) key: string,
    @Body({ schema: NewComment }) { body, parentId }: z.infer<typeof NewComment>,
    @Idempotent('post-comment') claimOf: ClaimOf,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { status, answer } = await this.posting.post(key, {
      authorId: viewer.accountId,
      body,
      parentId: parentId ?? undefined,
      claim: claimOf(key, body, parentId ?? null),
      count: async () => {
        await this.slowMode.pass(viewer, key);
        await this.budgets.consume(postBudget, viewer, request.ip);
      },
    });
    sendJson(reply, answer, status);
  }

  /** Edits an own comment within the edit window. */
  @Patch('comments/:id')
  @Allow('verified')
  @ApiOkResponse({ standardSchema: CommentView })
  async editComment(
    @Me() viewer: Viewer,
    @Param('id', { schema: PathText }) id: string,
    @Body({ schema: CommentChange }) { body }: z.infer<typeof CommentChange>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.budgets.consume(postBudget, viewer, request.ip);
    sendJson(reply, await this.editing.edit(viewer.accountId, id, body));
  }

  /** Deletes an own comment. It stays as a tombstone when it has replies. */
  @Delete('comments/:id')
  @Allow('signedIn')
  @HttpCode(204)
  @ApiNoContentResponse()
  async deleteComment(@Me() viewer: Viewer, @Param('id', { schema: PathText }) id: string): Promise<void> {
    await this.editing.delete(viewer.accountId, id);
  }

  /** Takes back an own text that waits for a moderator. */
  @Delete('held-comments/:id')
  @Allow('signedIn')
  @HttpCode(204)
  @ApiNoContentResponse()
  async withdrawComment(@Me() viewer: Viewer, @Param('id', { schema: PathText }) id: string): Promise<void> {
    await this.held.withdraw(viewer.accountId, id);
  }
}
