import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { sendTagged } from '../../http/json-text.js';
import { inkOn } from '../../mail/mail-layout.js';
import { Allow } from '../sessions/access.js';
import { communityRules } from '../../settings/conversation-texts.settings.js';
import { Settings } from '../../settings/settings.service.js';
import { Sites } from '../../settings/sites.service.js';

const SiteQuery = z.strictObject({ site: z.string().max(40).optional() });

const SiteView = z
  .strictObject({
    name: z.string(),
    logo: z.string().nullable(),
    color: z.string().nullable(),
    /** The colour of text on `color`. */
    ink: z.string().nullable(),
  })
  .meta({ id: 'Site' });

const RulesView = z.strictObject({ text: z.string() }).meta({ id: 'CommunityRules' });

@ApiTags('accounts')
@Controller('site')
export class SiteController {
  constructor(
    private readonly sites: Sites,
    private readonly settings: Settings,
  ) {}

  /** Returns the name, logo and colour of a site, or of the installation, which Rostra's own pages show. */
  @Get()
  @Allow('public')
  @ApiOkResponse({ standardSchema: SiteView })
  getSite(
    @Query({ schema: SiteQuery }) { site }: z.infer<typeof SiteQuery>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): void {
    const { name, logo = null, color = null } = this.sites.look(site ?? null);
    const view: z.infer<typeof SiteView> = { name, logo, color, ink: color && inkOn(color) };
    sendTagged(request, reply, JSON.stringify(view));
  }

  /** Returns the community rules of the site whose page asks. The text is empty when there are none. */
  @Get('rules')
  @Allow('public')
  @ApiOkResponse({ standardSchema: RulesView })
  getRules(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    const view: z.infer<typeof RulesView> = {
      text: this.settings.get(communityRules, this.sites.of(request.headers.origin)),
    };
    sendTagged(request, reply, JSON.stringify(view));
  }
}
