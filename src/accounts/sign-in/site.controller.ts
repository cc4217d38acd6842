import { Controller, Get, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Config } from '../../config/config.js';
import { sendTagged } from '../../http/json-text.js';
import { inkOn } from '../../mail/mail-layout.js';
import { Allow } from '../sessions/access.js';

const SiteView = z
  .strictObject({
    name: z.string(),
    logo: z.string().nullable(),
    color: z.string().nullable(),
    /** The colour of text on `color`. */
    ink: z.string().nullable(),
  })
  .meta({ id: 'Site' });

@ApiTags('accounts')
@Controller('site')
export class SiteController {
  constructor(private readonly config: Config) {}

  /** Returns the newspaper's name, logo and colour, which Rostra's own pages show. */
  @Get()
  @Allow('public')
  @ApiOkResponse({ standardSchema: SiteView })
  getSite(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    const { name, logo = null, color = null } = this.config.site;
    const view: z.infer<typeof SiteView> = { name, logo, color, ink: color && inkOn(color) };
    sendTagged(request, reply, JSON.stringify(view));
  }
}
