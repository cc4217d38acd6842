import { Body, Controller, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { Allow, Me } from '../../accounts/sessions/access.js';
import { freshBrowser, knownBrowser } from '../../accounts/sessions/cookies.js';
import { type ClaimOf, Idempotent } from '../../accounts/sessions/idempotent.js';
import type { Viewer } from '../../accounts/sessions/viewer.js';
import { Config } from '../../config/config.js';
import { sendJson } from '../../http/json-text.js';
import { hasBearer } from '../../http/origin.js';
import { PathText } from '../../http/path-text.js';
import { addressKey } from '../../http/rate-limits.js';
import { donationOptions } from '../amounts/donation-options.js';
import { OptionsQuery, OptionsView } from '../amounts/options.schema.js';
import { StripeClient } from '../stripe/stripe.client.js';
import { CheckoutService } from './checkout.service.js';
import { DonationStatusService } from './donation-status.service.js';
import { CheckoutView, DonationView, NewDonation, PortalView } from './donations.schema.js';

@ApiTags('donations')
@Controller('donations')
export class DonationsController {
  constructor(
    private readonly checkout: CheckoutService,
    private readonly statuses: DonationStatusService,
    private readonly stripe: StripeClient,
    private readonly config: Config,
  ) {}

  /** Returns the appeal and the amounts for the country that the reader chose, else for the one that the edge names. */
  @Get('options')
  @Allow('anyone')
  @ApiOkResponse({ standardSchema: OptionsView })
  getDonationOptions(
    @Query({ schema: OptionsQuery }) { country }: z.infer<typeof OptionsQuery>,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): z.infer<typeof OptionsView> {
    const { COUNTRY_HEADER: header, SITE_NAME: site } = this.config.env;
    void reply.header('vary', `Origin, ${header}`);
    return donationOptions(country ?? this.edge(request), site, this.stripe.provider);
  }

  /** Begins a donation. The answer has the address of the page on which it is paid. */
  @Post()
  @Allow('anyone')
  @HttpCode(201)
  @ApiCreatedResponse({ standardSchema: CheckoutView })
  async beginDonation(
    @Me() viewer: Viewer | undefined,
    @Body({ schema: NewDonation }) body: z.infer<typeof NewDonation>,
    @Idempotent('give') claimOf: ClaimOf,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const claim = claimOf(body);
    const known = knownBrowser(request);
    const fresh = known || hasBearer(request) ? undefined : freshBrowser();
    const { status, answer } = await this.checkout.begin(
      body,
      {
        accountId: viewer?.accountId,
        browserHash: known ?? fresh?.hash,
        address: addressKey(request.ip),
        edge: this.edge(request),
        // a cookie set by a repeat would part the donation from the browser that began it
        begun: () => fresh?.setOn(reply),
      },
      claim,
    );
    sendJson(reply, answer, status);
  }

  /** Returns the status of a donation to its donor. It comes from the database, never from a redirect's parameters. */
  @Get(':id')
  @Allow('anyone')
  @ApiOkResponse({ standardSchema: DonationView })
  getDonation(
    @Me() viewer: Viewer | undefined,
    @Param('id', { schema: PathText }) id: string,
    @Req() request: FastifyRequest,
  ): Promise<z.infer<typeof DonationView>> {
    return this.statuses.view(id, { accountId: viewer?.accountId, browserHash: knownBrowser(request) });
  }

  /** Opens Stripe's page on which the donor stops or changes a recurring donation. */
  @Post(':id/portal')
  @Allow('anyone')
  @HttpCode(201)
  @ApiCreatedResponse({ standardSchema: PortalView })
  openPortal(
    @Me() viewer: Viewer | undefined,
    @Param('id', { schema: PathText }) id: string,
    @Req() request: FastifyRequest,
  ): Promise<z.infer<typeof PortalView>> {
    const requester = { accountId: viewer?.accountId, browserHash: knownBrowser(request) };
    return this.statuses.openPortal(id, requester, addressKey(request.ip));
  }

  /** The country that the CDN names. */
  private edge(request: FastifyRequest): string | undefined {
    return request.headers[this.config.env.COUNTRY_HEADER]?.toString();
  }
}
