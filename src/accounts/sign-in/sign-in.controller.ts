import { Body, Controller, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { Config } from '../../config/config.js';
import { limitSetting } from '../../config/limit-setting.js';
import { defineLimit } from '../../http/limit.js';
import { hasBearer } from '../../http/origin.js';
import { addressKey, RateLimits } from '../../http/rate-limits.js';
import { Allow } from '../sessions/access.js';
import {
  Empty,
  LinkPreview,
  LinkToken,
  NewAccount,
  NewSignInLink,
  RedeemedView,
  Redemption,
} from './sign-in.schema.js';
import { ensureBrowser, knownBrowser, sessionToken, setSession } from '../sessions/cookies.js';
import { SignInMailLimits } from './sign-in-mail-limits.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { type LinkRequester, SignInService } from './sign-in.service.js';
import { sessionAccount } from '../sessions/viewer.js';
import { Sites } from '../../settings/sites.service.js';

const redeemLimit = defineLimit({
  name: 'redeem',
  setting: limitSetting({
    env: 'LIMIT_REDEEMS_PER_IP_PER_HOUR',
    max: 120,
    counts: 'links and codes tried from one network',
  }),
  per: 'hour',
  message: 'Too many attempts.',
});

const LONGEST_URL = 2_000;

@ApiTags('accounts')
@Controller()
export class SignInController {
  constructor(
    private readonly signIn: SignInService,
    private readonly sessions: SessionsService,
    private readonly limits: RateLimits,
    private readonly mailLimits: SignInMailLimits,
    private readonly config: Config,
    private readonly sites: Sites,
  ) {}

  /** Registers an address, which a mail confirms. Known and unknown addresses get the same answer. */
  @Post('accounts')
  @Allow('anyone')
  @HttpCode(202)
  @ApiAcceptedResponse({ standardSchema: Empty })
  async register(
    @Body({ schema: NewAccount }) { email, displayName, returnUrl }: z.infer<typeof NewAccount>,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    await this.countMail(email, request);
    await this.signIn.register(email, displayName, this.requester(request, reply, returnUrl));
    return {};
  }

  /** Requests a sign-in mail. Known and unknown addresses get the same answer. */
  @Post('sign-in-links')
  @Allow('anyone')
  @HttpCode(202)
  @ApiAcceptedResponse({ standardSchema: Empty })
  async requestSignInLink(
    @Body({ schema: NewSignInLink }) { email, returnUrl }: z.infer<typeof NewSignInLink>,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    await this.countMail(email, request);
    await this.signIn.requestSignIn(email, this.requester(request, reply, returnUrl));
    return {};
  }

  /** Says whose account a link opens, without using it up. */
  @Post('sign-in-links/preview')
  @Allow('anyone')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: LinkPreview })
  async previewSignInLink(
    @Body({ schema: LinkToken }) { token }: z.infer<typeof LinkToken>,
    @Req() request: FastifyRequest,
  ): Promise<z.infer<typeof LinkPreview>> {
    await this.limits.consumeNetwork(redeemLimit, addressKey(request.ip));
    return this.signIn.preview(token, knownBrowser(request) ?? null);
  }

  /** Uses up the token of a link, or a code. The session begins in every tab of this browser. */
  @Post('sign-in-links/redeem')
  @Allow('anyone')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: RedeemedView })
  async redeemSignInLink(
    @Body({ schema: Redemption }) proof: z.infer<typeof Redemption>,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.infer<typeof RedeemedView>> {
    await this.limits.consumeNetwork(redeemLimit, addressKey(request.ip));
    const { token, returnTo, returnTitle } = await this.signIn.redeem(proof, {
      browserHash: ensureBrowser(request, reply),
      userAgent: request.headers['user-agent'] ?? null,
      oldToken: sessionToken(request),
    });
    setSession(reply, token);
    const viewer = await this.sessions.find(token);
    return { account: sessionAccount(viewer!), returnTo, returnTitle };
  }

  private countMail(email: string, request: FastifyRequest): Promise<void> {
    return this.mailLimits.consume(email, { browser: knownBrowser(request), network: addressKey(request.ip) });
  }

  private requester(request: FastifyRequest, reply: FastifyReply, page: string | undefined): LinkRequester {
    const browserHash = hasBearer(request) ? null : ensureBrowser(request, reply);
    return { browserHash, returnTo: this.returnTo(request, page) };
  }

  /** Returns the page of the publisher's site that sent the request, or null for Rostra's own pages. */
  private returnTo({ headers: { origin } }: FastifyRequest, page: string | undefined): string | null {
    if (!origin || origin === this.config.publicUrl || !this.sites.allows(origin)) return null;
    const isItsOwn = page !== undefined && page.length <= LONGEST_URL && URL.canParse(page);
    return isItsOwn && new URL(page).origin === origin ? new URL(page).href : origin;
  }
}
