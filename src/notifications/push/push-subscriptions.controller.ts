import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Req } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { Allow, Me } from '../../accounts/sessions/access.js';
import { knownBrowser } from '../../accounts/sessions/cookies.js';
import type { Viewer } from '../../accounts/sessions/viewer.js';
import { PathText } from '../../http/path-text.js';
import { limitSetting } from '../../config/limit-setting.js';
import { defineLimit } from '../../http/limit.js';
import { addressKey, RateLimits } from '../../http/rate-limits.js';
import { PushKeys } from './push-keys.service.js';
import {
  NewSubscription,
  PushKeyView,
  SubscriptionChange,
  SubscriptionMadeView,
  SubscriptionView,
} from './push-subscriptions.schema.js';
import { PushSubscriptions, type PushSubscriptionView } from './push-subscriptions.service.js';

const view = ({ id, topics, state, createdAt }: PushSubscriptionView): z.infer<typeof SubscriptionView> => ({
  id,
  topics,
  state,
  createdAt: createdAt.toISOString(),
});

const subscriptionLimit = defineLimit({
  name: 'subscription',
  setting: limitSetting({
    env: 'LIMIT_SUBSCRIPTIONS_PER_IP_PER_DAY',
    max: 60,
    counts: 'browsers that switch alerts on from one network',
  }),
  per: 'day',
  message: 'Many browsers subscribed from your network.',
});

@ApiTags('notifications')
@Controller('push')
export class PushSubscriptionsController {
  constructor(
    private readonly subscriptions: PushSubscriptions,
    private readonly keys: PushKeys,
    private readonly limits: RateLimits,
  ) {}

  /** Returns the public key to subscribe with (applicationServerKey), and those of before. */
  @Get('key')
  @Allow('anyone')
  @ApiOkResponse({ standardSchema: PushKeyView })
  async getKey(): Promise<z.infer<typeof PushKeyView>> {
    return { key: (await this.keys.current()).publicKey, former: await this.keys.former() };
  }

  /**
   * Adds or renews a subscription; browsers call it at every visit. An endpoint keeps its id. One that the push service
   * has ended is refused with `push.endpoint_gone`, so that the browser unsubscribes and subscribes again.
   */
  @Post('subscriptions')
  @Allow('anyone')
  @HttpCode(201)
  @ApiCreatedResponse({ standardSchema: SubscriptionMadeView })
  async subscribe(
    @Me() viewer: Viewer | undefined,
    @Body({ schema: NewSubscription }) { subscription, topics, timeZone = null, key }: z.infer<typeof NewSubscription>,
    @Req() request: FastifyRequest,
  ): Promise<z.infer<typeof SubscriptionMadeView>> {
    const saved = await this.subscriptions.save(
      { endpoint: subscription.endpoint, ...subscription.keys, topics, timeZone, key },
      { accountId: viewer?.accountId, browserHash: knownBrowser(request) },
      () => this.limits.consumeNetwork(subscriptionLimit, addressKey(request.ip)),
    );
    const { state: _, ...made } = view(saved);
    return made;
  }

  /** Answers everybody who knows the id, because the service worker sends no cookie. */
  @Get('subscriptions/:id')
  @Allow('anyone')
  @ApiOkResponse({ standardSchema: SubscriptionView })
  async getSubscription(@Param('id', { schema: PathText }) id: string): Promise<z.infer<typeof SubscriptionView>> {
    return view(await this.subscriptions.byId(id));
  }

  @Patch('subscriptions/:id')
  @Allow('anyone')
  @ApiOkResponse({ standardSchema: SubscriptionView })
  async changeSubscription(
    @Param('id', { schema: PathText }) id: string,
    @Body({ schema: SubscriptionChange }) { topics }: z.infer<typeof SubscriptionChange>,
  ): Promise<z.infer<typeof SubscriptionView>> {
    return view(await this.subscriptions.changeTopics(id, topics));
  }

  @Delete('subscriptions/:id')
  @Allow('anyone')
  @HttpCode(204)
  @ApiNoContentResponse()
  async unsubscribe(@Param('id', { schema: PathText }) id: string): Promise<void> {
    await this.subscriptions.remove(id);
  }
}
