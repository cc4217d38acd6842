import { Body, Controller, Delete, HttpCode, Param, Put, Req } from '@nestjs/common';
import { ApiNoContentResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { limitSetting } from '../../config/limit-setting.js';
import { PathText } from '../../http/path-text.js';
import { Budgets, defineBudget } from '../sessions/budgets.js';
import { Allow, Me } from '../sessions/access.js';
import type { Viewer } from '../sessions/viewer.js';
import { FollowsService } from './follows.service.js';
import { BanReason, RoleChange } from './readers.schema.js';
import { RolesAndBansService } from './roles-and-bans.service.js';

const followBudget = defineBudget({
  name: 'follow',
  setting: limitSetting({
    env: 'LIMIT_FOLLOWS_PER_HOUR',
    max: 120,
    counts: 'readers that the accounts of one mailbox follow and unfollow; three times as many from one network',
  }),
  per: 'hour',
  message: 'You have followed and unfollowed many readers.',
});

@ApiTags('readers')
@Controller('readers/:id')
export class ReaderRelationsController {
  constructor(
    private readonly follows: FollowsService,
    private readonly rolesAndBans: RolesAndBansService,
    private readonly budgets: Budgets,
  ) {}

  @Put('follow')
  @Allow('signedIn')
  @HttpCode(204)
  @ApiNoContentResponse()
  async follow(
    @Me() viewer: Viewer,
    @Param('id', { schema: PathText }) id: string,
    @Req() request: FastifyRequest,
  ): Promise<void> {
    await this.budgets.consume(followBudget, viewer, request.ip);
    await this.follows.follow(viewer, id);
  }

  @Delete('follow')
  @Allow('signedIn')
  @HttpCode(204)
  @ApiNoContentResponse()
  async unfollow(
    @Me() viewer: Viewer,
    @Param('id', { schema: PathText }) id: string,
    @Req() request: FastifyRequest,
  ): Promise<void> {
    await this.budgets.consume(followBudget, viewer, request.ip);
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
