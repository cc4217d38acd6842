import { Controller, HttpCode, Logger, Post, Req } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { Allow } from '../../accounts/sessions/access.js';
import { DomainError } from '../../errors/domain-error.js';
import { countRefusedWebhook, Webhook } from '../../http/webhook.js';
import { ReceivedView } from './webhook.schema.js';
import { StripeEventsService } from './stripe-events.service.js';
import { donationsDisabled, StripeClient } from '../stripe/stripe.client.js';

/** The header needs a time and at least one signature (docs.stripe.com/webhooks#verify-manually). */
const SIGNED = [/(?:^|,)t=\d+(?:,|$)/, /(?:^|,)v1=[0-9a-f]{64}(?:,|$)/];

const JSON_TYPE = /^application\/json\b/i;

type Reason = 'header' | 'type' | 'body' | 'secret' | 'clock' | 'thin' | 'mode';

/** For each reason of a refusal: the wrong part of the request, what to do, and the words of the log. */
const REASONS: Record<Reason, [path: string, detail: string, logged: string]> = {
  header: [
    'Stripe-Signature',
    'The request needs exactly one Stripe-Signature header. Let your proxy pass it on unchanged. Only Stripe calls this address.',
    'without a well-formed Stripe-Signature header, so not from Stripe or changed by a proxy',
  ],
  type: [
    'Content-Type',
    'Stripe sends application/json. Let your proxy pass the content type and the body on unchanged.',
    'with another content type than application/json, which a proxy may have changed',
  ],
  body: ['', 'The body is no event of Stripe’s.', 'with a body that is no event'],
  secret: [
    'Stripe-Signature',
    'No known secret signed this event. Set STRIPE_WEBHOOK_SECRET to the signing secret of this very endpoint at Stripe, and let your proxy pass the body on unchanged.',
    'signed by no secret of STRIPE_WEBHOOK_SECRET',
  ],
  clock: [
    'Stripe-Signature',
    'The event was signed more than five minutes away from the clock of this server. Set the clock, and send the event again from Stripe’s Dashboard.',
    'signed more than five minutes away from our clock: set the clock of this machine',
  ],
  thin: [
    'object',
    'This is a thin event, which carries no object. Give the endpoint at Stripe the payload style "Snapshot".',
    'with a thin event: give the endpoint at Stripe the payload style "Snapshot"',
  ],
  mode: [
    'livemode',
    'This endpoint takes events of the other mode. Give each mode its own address at Stripe.',
    'of the other mode: test events for a live key, or the reverse',
  ],
};

/** Counts a refusal and makes its error. */
function refused(reason: Reason): DomainError {
  const [path, detail, logged] = REASONS[reason];
  countRefusedWebhook(logged);
  return new DomainError('webhook.refused', 'invalid', { detail, errors: [{ path, message: detail }] });
}

const signaturesOf = (request: FastifyRequest): string[] => request.raw.headersDistinct['stripe-signature'] ?? [];

/** Refuses a request before its body is read when its headers cannot be Stripe's. */
function requireSignature(request: FastifyRequest): void {
  const [signature, ...others] = signaturesOf(request);
  // Node would join two headers into one, so two are refused.
  if (!signature || others.length || !SIGNED.every((it) => it.test(signature))) throw refused('header');
  if (!JSON_TYPE.test(request.headers['content-type'] ?? '')) throw refused('type');
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
    if (!Buffer.isBuffer(raw)) throw refused('body');
    const event = this.stripe.verifyWebhook(raw, signaturesOf(request)[0]!);
    if (typeof event === 'string') throw refused(event);
    if (event.livemode !== this.stripe.isLive) {
      this.log.error(
        `Event ${event.id} is of ${event.livemode ? 'live' : 'test'} mode. Its webhook endpoint at Stripe has the wrong address.`,
      );
      throw refused('mode');
    }
    await this.stripeEvents.receive(event, raw);
    return { received: true };
  }
}
