import { Body, Controller, Get, Patch, Req } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { Budgets } from '../sessions/budgets.js';
import { Allow, Me } from '../sessions/access.js';
import type { Viewer } from '../sessions/viewer.js';
import { AccountsService } from './accounts.service.js';
import { OwnProfileView, ProfileChange } from './me.schema.js';
import { postBudget } from './post.budget.js';

@ApiTags('accounts')
@Controller('me')
export class MeController {
  constructor(
    private readonly accounts: AccountsService,
    private readonly budgets: Budgets,
  ) {}

  @Get()
  @Allow('signedIn')
  @ApiOkResponse({ standardSchema: OwnProfileView })
  getMe(@Me() viewer: Viewer): Promise<z.infer<typeof OwnProfileView>> {
    return this.accounts.ownProfile(viewer);
  }

  /** Changes the display name, in every conversation that it appears in. */
  @Patch()
  @Allow('signedIn')
  @ApiOkResponse({ standardSchema: OwnProfileView })
  async changeMe(
    @Me() viewer: Viewer,
    @Body({ schema: ProfileChange }) { displayName }: z.infer<typeof ProfileChange>,
    @Req() request: FastifyRequest,
  ): Promise<z.infer<typeof OwnProfileView>> {
    // A new name is written to every conversation of the reader, so it counts as a comment does.
    await this.budgets.consume(postBudget, viewer, request.ip);
    return this.accounts.rename(viewer, displayName);
  }
}
