import { Controller, HttpCode, Logger, Post, Req } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { Allow } from '../../accounts/sessions/access.js';
import { DomainError } from '../../errors/domain-error.js';
import { Webhook } from '../../http/webhook.js';
import { ReceivedView } from './webhook.schema.js';
import { StripeEventsService } from './stripe-events.service.js';
import { StripeClient } from '../stripe/stripe.client.js';

const refused = (path: string, detail: string): DomainError =>
  new DomainError('webhook.refused', 'invalid', { detail, errors: [{ path, message: detail }] });

/** A time, and a signature at least (docs.stripe.com/webhooks#verify-manually). */
const SIGNED = [/(?:^|,)t=\d+(?:,|$)/, /(?:^|,)v1=[0-9a-f]{64}(?:,|$)/];

const signaturesOf = (request: FastifyRequest): string[] => request.raw.headersDistinct['stripe-signature'] ?? [];

/** What lacks a signature, or has none that Stripe could have made, is not read. */
function requireSignature(request: FastifyRequest): void {
  const [signature, ...others] = signaturesOf(request);
  // Two headers are two stories: node would join them into one.
  if (!signature || others.length || !SIGNED.every((it) => it.test(signature)))
    throw refused('Stripe-Signature', 'One Stripe-Signature over a body is needed.');
}

@ApiTags('donations')
@Controller('webhooks')
export class WebhookController {
  private readonly log = new Logger('Webhook');

  constructor(
    private readonly stripe: StripeClient,
    private readonly stripeEvents: StripeEventsService,
  ) {}

  /** Stripe's events: verified over the raw bytes, kept once, answered; all else is done by a job. */
  @Post('stripe')
  @Allow('anyone')
  @Webhook(requireSignature)
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: ReceivedView })
  async receiveStripeEvent(@Req() request: FastifyRequest): Promise<z.infer<typeof ReceivedView>> {
    if (!this.stripe.provider)
      throw new DomainError('donations.disabled', 'unavailable', { detail: 'Donations are switched off here.' });
    const raw = request.body;
    if (!Buffer.isBuffer(raw)) throw refused('', 'A body is needed.');
    const event = this.stripe.verifyWebhook(raw, signaturesOf(request)[0]!);
    if (!event) throw refused('Stripe-Signature', 'No known secret signed this event within the last five minutes.');
    if (event.livemode !== this.stripe.isLive) {
      this.log.error(
        `Event ${event.id} is of ${event.livemode ? 'live' : 'test'} mode; its endpoint points here by mistake.`,
      );
      throw refused('livemode', 'This is the endpoint of the other mode.');
    }
    await this.stripeEvents.receive(event, raw);
    return { received: true };
  }
}
