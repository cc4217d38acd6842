import { Body, Controller, Delete, HttpCode, Param, Put } from '@nestjs/common';
import { ApiNoContentResponse, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { PathText } from '../../http/path-text.js';
import { Allow, Me } from '../sessions/access.js';
import type { Viewer } from '../sessions/viewer.js';
import { FollowsService } from './follows.service.js';
import { BanReason, RoleChange } from './readers.schema.js';
import { RolesAndBansService } from './roles-and-bans.service.js';

@ApiTags('readers')
@Controller('readers/:id')
export class ReaderRelationsController {
  constructor(
    private readonly follows: FollowsService,
    private readonly rolesAndBans: RolesAndBansService,
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
    await this.rolesAndBans.setRole(viewer, id, role);
  }

  /** Signs a reader out everywhere and keeps them out. Their comments stay. */
  @Put('ban')
  @Allow('moderator')
  @HttpCode(204)
  @ApiNoContentResponse()
  async ban(
    @Me() viewer: Viewer,
    @Param('id', { schema: PathText }) id: string,
    @Body({ schema: BanReason }) { reason }: z.infer<typeof BanReason>,
  ): Promise<void> {
    await this.rolesAndBans.ban(viewer, id, reason);
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
    await this.rolesAndBans.unban(viewer, id, reason);
  }
}
