import { Controller, Delete, Param, Put, Req } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { Budgets, defineBudget } from '../../accounts/sessions/budgets.js';
import { Allow, Me } from '../../accounts/sessions/access.js';
import type { Viewer } from '../../accounts/sessions/viewer.js';
import { limitSetting } from '../../config/limit-setting.js';
import { notFound } from '../../errors/domain-error.js';
import { PathText } from '../../http/path-text.js';
import { ReactionKindParam, ReactionsView } from './reactions.schema.js';
import { ReactionsService } from './reactions.service.js';

const reactionBudget = defineBudget({
  name: 'reaction',
  setting: limitSetting({
    env: 'LIMIT_REACTIONS_PER_MINUTE',
    max: 60,
    counts: 'reactions that the accounts of one mailbox set and take back; three times as many from one network',
  }),
  per: 'minute',
  message: 'You are reacting very fast.',
});

@ApiTags('comments')
@Controller('comments/:id/reactions')
export class ReactionsController {
  constructor(
    private readonly reactions: ReactionsService,
    private readonly budgets: Budgets,
  ) {}

  @Put(':kind')
  @Allow('verified')
  @ApiOkResponse({ standardSchema: ReactionsView })
  async addReaction(
    @Me() viewer: Viewer,
    @Param('id', { schema: PathText }) id: string,
    @Param('kind', { schema: PathText }) kind: string,
    @Req() request: FastifyRequest,
  ): Promise<z.infer<typeof ReactionsView>> {
    await this.budgets.consume(reactionBudget, viewer, request.ip);
    return { reactions: await this.reactions.add(viewer.accountId, id, knownKind(kind)) };
  }

  @Delete(':kind')
  @Allow('verified')
  @ApiOkResponse({ standardSchema: ReactionsView })
  async takeReaction(
    @Me() viewer: Viewer,
    @Param('id', { schema: PathText }) id: string,
    @Param('kind', { schema: PathText }) kind: string,
    @Req() request: FastifyRequest,
  ): Promise<z.infer<typeof ReactionsView>> {
    await this.budgets.consume(reactionBudget, viewer, request.ip);
    return { reactions: await this.reactions.take(viewer.accountId, id, knownKind(kind)) };
  }
}

function knownKind(kind: string): z.infer<typeof ReactionKindParam> {
  const known = ReactionKindParam.safeParse(kind);
  if (!known.success) throw notFound('reaction');
  return known.data;
}
