import { Body, Controller, Get, Patch } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { RateLimits } from '../../http/rate-limits.js';
import { Allow, Me } from '../sessions/access.js';
import type { Viewer } from '../sessions/viewer.js';
import { AccountsService } from './accounts.service.js';
import { OwnProfileView, ProfileChange } from './me.schema.js';
import { postLimit } from './post.limit.js';

@ApiTags('accounts')
@Controller('me')
export class MeController {
  constructor(
    private readonly accounts: AccountsService,
    private readonly limits: RateLimits,
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
  ): Promise<z.infer<typeof OwnProfileView>> {
    // A new name is written to every conversation of the reader, so it counts as a comment does.
    await this.limits.consume(postLimit, viewer.accountId);
    return this.accounts.rename(viewer, displayName);
  }
}
