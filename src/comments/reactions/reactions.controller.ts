import { Controller, Delete, Param, Put } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { Allow, Me } from '../../accounts/sessions/access.js';
import type { Viewer } from '../../accounts/sessions/viewer.js';
import { notFound } from '../../errors/domain-error.js';
import { PathText } from '../../http/path-text.js';
import { ReactionKindParam, ReactionsView } from './reactions.schema.js';
import { ReactionsService } from './reactions.service.js';

@ApiTags('comments')
@Controller('comments/:id/reactions')
export class ReactionsController {
  constructor(private readonly reactions: ReactionsService) {}

  @Put(':kind')
  @Allow('verified')
  @ApiOkResponse({ standardSchema: ReactionsView })
  async addReaction(
    @Me() viewer: Viewer,
    @Param('id', { schema: PathText }) id: string,
    @Param('kind', { schema: PathText }) kind: string,
  ): Promise<z.infer<typeof ReactionsView>> {
    return { reactions: await this.reactions.add(viewer.accountId, id, knownKind(kind)) };
  }

  @Delete(':kind')
  @Allow('verified')
  @ApiOkResponse({ standardSchema: ReactionsView })
  async takeReaction(
    @Me() viewer: Viewer,
    @Param('id', { schema: PathText }) id: string,
    @Param('kind', { schema: PathText }) kind: string,
  ): Promise<z.infer<typeof ReactionsView>> {
    return { reactions: await this.reactions.take(viewer.accountId, id, knownKind(kind)) };
  }
}

function knownKind(kind: string): z.infer<typeof ReactionKindParam> {
  const known = ReactionKindParam.safeParse(kind);
  if (!known.success) throw notFound('reaction');
  return known.data;
}
