import { Body, Controller, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiHeader, ApiOkResponse, ApiTags } from '@nestjs/swagger';
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
import type { SiteKey } from '../../settings/setting.js';
import { Sites } from '../../settings/sites.service.js';
import { DonationOffers } from '../amounts/donation-offers.js';
import { OptionsQuery, OptionsView } from '../amounts/options.schema.js';
import { StripeClient } from '../stripe/stripe.client.js';
import { CheckoutService } from './checkout.service.js';
import { DonationStatusService, type Requester } from './donation-status.service.js';
import { CheckoutView, DonationView, NewDonation, PortalView, RepeatingView } from './donations.schema.js';
import { RepeatingDonationsService } from './repeating-donations.service.js';

/** How the secret of the way back is sent. */
const PROOF = { name: 'Donation-Proof', required: false, description: 'The secret of the address after the payment.' };

@ApiTags('donations')
@Controller('donations')
export class DonationsController {
  constructor(
    private readonly checkout: CheckoutService,
    private readonly statuses: DonationStatusService,
    private readonly repeating: RepeatingDonationsService,
    private readonly offers: DonationOffers,
    private readonly stripe: StripeClient,
    private readonly config: Config,
    private readonly sites: Sites,
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
    const header = this.config.env.COUNTRY_HEADER;
    void reply.header('vary', `Origin, ${header}`);
    return this.offers.options(this.siteOf(request), country ?? this.edge(request), this.stripe.provider);
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
        browserKnown: known !== undefined,
        address: addressKey(request.ip),
        edge: this.edge(request),
        site: this.siteOf(request),
        // a cookie set by a repeat would part the donation from the browser that began it
        begun: () => fresh?.setOn(reply),
      },
      claim,
    );
    sendJson(reply, answer, status);
  }

  /** Lists the account's donations that repeat. */
  @Get('repeating')
  @Allow('signedIn')
  @ApiOkResponse({ standardSchema: RepeatingView })
  listRepeatingDonations(@Me() viewer: Viewer): Promise<z.infer<typeof RepeatingView>> {
    return this.repeating.list(viewer.accountId);
  }

  /**
   * Returns the status of a donation to its donor. It comes from the database, never from a redirect's parameters.
   * `Donation-Proof` is the secret of the address to which Stripe led the donor back.
   */
  @Get(':id')
  @Allow('anyone')
  @ApiHeader(PROOF)
  @ApiOkResponse({ standardSchema: DonationView })
  getDonation(
    @Me() viewer: Viewer | undefined,
    @Param('id', { schema: PathText }) id: string,
    @Req() request: FastifyRequest,
  ): Promise<z.infer<typeof DonationView>> {
    return this.statuses.view(id, requesterOf(viewer, request));
  }

  /** Opens Stripe's page on which the donor stops or changes a recurring donation. */
  @Post(':id/portal')
  @Allow('anyone')
  @ApiHeader(PROOF)
  @HttpCode(201)
  @ApiCreatedResponse({ standardSchema: PortalView })
  openPortal(
    @Me() viewer: Viewer | undefined,
    @Param('id', { schema: PathText }) id: string,
    @Req() request: FastifyRequest,
  ): Promise<z.infer<typeof PortalView>> {
    return this.statuses.openPortal(id, requesterOf(viewer, request));
  }

  /** The site whose page calls. Browsers name no origin when they read from their own. */
  private siteOf(request: FastifyRequest): SiteKey {
    return this.sites.of(request.headers.origin ?? new URL(this.config.publicUrl).origin);
  }

  /** The country that the CDN names. */
  private edge(request: FastifyRequest): string | undefined {
    return request.headers[this.config.env.COUNTRY_HEADER]?.toString();
  }
}

/** A longer header is no proof of ours. */
const MAX_PROOF = 200;

function requesterOf(viewer: Viewer | undefined, request: FastifyRequest): Requester {
  const proof = request.headers['donation-proof']?.toString().slice(0, MAX_PROOF);
  return {
    accountId: viewer?.accountId,
    browserHash: knownBrowser(request),
    proof: proof || undefined,
    network: addressKey(request.ip),
  };
}
