import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Put } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { RateLimits } from '../../http/rate-limits.js';
import { PathText } from '../../http/path-text.js';
import { Allow, Me } from '../sessions/access.js';
import { BanReason, OwnProfileView, ProfileChange, RoleChange } from '../accounts.schema.js';
import { AccountsService } from './accounts.service.js';
import { FollowsService } from '../readers/follows.service.js';
import { RolesAndBansService } from '../readers/roles-and-bans.service.js';
import type { Viewer } from '../sessions/viewer.js';

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

  /** Change the display name; it changes in every conversation. */
  @Patch()
  @Allow('signedIn')
  @ApiOkResponse({ standardSchema: OwnProfileView })
  async changeMe(
    @Me() viewer: Viewer,
    @Body({ schema: ProfileChange }) { displayName }: z.infer<typeof ProfileChange>,
  ): Promise<z.infer<typeof OwnProfileView>> {
    // A new name is written to every conversation of the reader, so it counts like a comment.
    await this.limits.consume('post', viewer.accountId, 'You are writing very fast.');
    return this.accounts.rename(viewer, displayName);
  }
}

@ApiTags('readers')
@Controller('readers/:id')
export class ReaderRelationsController {
  constructor(
    private readonly follows: FollowsService,
    private readonly standing: RolesAndBansService,
  ) {}

  @Put('follow')
  @Allow('signedIn')
  @HttpCode(204)
  @ApiNoContentResponse()
  async follow(@Me() viewer: Viewer, @Param('id', { schema: PathText }) id: string): Promise<void> {
    await this.follows.follow(viewer, id);
  }

  @Delete('follow')
  @Allow('signedIn')
  @HttpCode(204)
  @ApiNoContentResponse()
  async unfollow(@Me() viewer: Viewer, @Param('id', { schema: PathText }) id: string): Promise<void> {
    await this.follows.unfollow(viewer, id);
  }

  @Put('role')
  @Allow('admin')
  @HttpCode(204)
  @ApiNoContentResponse()
  async setRole(
    @Me() viewer: Viewer,
    @Param('id', { schema: PathText }) id: string,
    @Body({ schema: RoleChange }) { role }: z.infer<typeof RoleChange>,
  ): Promise<void> {
    await this.standing.setRole(viewer, id, role);
  }

  /** Sign the reader out everywhere and keep them out; what they wrote stays. */
  @Put('ban')
  @Allow('moderator')
  @HttpCode(204)
  @ApiNoContentResponse()
  async ban(
    @Me() viewer: Viewer,
    @Param('id', { schema: PathText }) id: string,
    @Body({ schema: BanReason }) { reason }: z.infer<typeof BanReason>,
  ): Promise<void> {
    await this.standing.ban(viewer, id, reason);
  }

  @Delete('ban')
  @Allow('moderator')
  @HttpCode(204)
  @ApiNoContentResponse()
  async unban(
    @Me() viewer: Viewer,
    @Param('id', { schema: PathText }) id: string,
    @Body({ schema: BanReason }) { reason }: z.infer<typeof BanReason>,
  ): Promise<void> {
    await this.standing.unban(viewer, id, reason);
  }
}
