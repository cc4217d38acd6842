import { Controller, HttpCode, Logger, Post, Req } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { Allow } from '../../accounts/sessions/access.js';
import { DomainError } from '../../errors/domain-error.js';
import { Webhook } from '../../http/webhook.js';
import { ReceivedView } from './webhook.schema.js';
import { StripeEventsService } from './stripe-events.service.js';
import { donationsDisabled, StripeClient } from '../stripe/stripe.client.js';

const refused = (path: string, detail: string): DomainError =>
  new DomainError('webhook.refused', 'invalid', { detail, errors: [{ path, message: detail }] });

/** The header needs a time and at least one signature (docs.stripe.com/webhooks#verify-manually). */
const SIGNED = [/(?:^|,)t=\d+(?:,|$)/, /(?:^|,)v1=[0-9a-f]{64}(?:,|$)/];

const signaturesOf = (request: FastifyRequest): string[] => request.raw.headersDistinct['stripe-signature'] ?? [];

/** Refuses a request before its body is read when its header cannot be a signature of Stripe's. */
function requireSignature(request: FastifyRequest): void {
  const [signature, ...others] = signaturesOf(request);
  // Node would join two headers into one, so two are refused.
  if (!signature || others.length || !SIGNED.every((it) => it.test(signature)))
    throw refused('Stripe-Signature', 'The request needs exactly one Stripe-Signature header.');
}

@ApiTags('donations')
@Controller('webhooks')
export class WebhookController {
  private readonly log = new Logger('Webhook');

  constructor(
    private readonly stripe: StripeClient,
    private readonly stripeEvents: StripeEventsService,
  ) {}

  /** Verifies an event of Stripe's over its raw bytes, stores it once and answers. A job applies it. */
  @Post('stripe')
  @Allow('anyone')
  @Webhook(requireSignature)
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: ReceivedView })
  async receiveStripeEvent(@Req() request: FastifyRequest): Promise<z.infer<typeof ReceivedView>> {
    if (!this.stripe.provider) throw donationsDisabled();
    const raw = request.body;
    if (!Buffer.isBuffer(raw)) throw refused('', 'The request needs a body.');
    const event = this.stripe.verifyWebhook(raw, signaturesOf(request)[0]!);
    if (!event) throw refused('Stripe-Signature', 'No known secret signed this event within the last five minutes.');
    if (event.livemode !== this.stripe.isLive) {
      this.log.error(
        `Event ${event.id} is of ${event.livemode ? 'live' : 'test'} mode. Its webhook endpoint at Stripe has the wrong address.`,
      );
      throw refused('livemode', 'This endpoint takes events of the other mode.');
    }
    await this.stripeEvents.receive(event, raw);
    return { received: true };
  }
}
