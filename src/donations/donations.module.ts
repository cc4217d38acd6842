import { Module } from '@nestjs/common';
import { ArticlesModule } from '../articles/articles.module.js';
import { PollCheckoutSessionJob } from './events/poll-checkout-session.job.js';
import { DonationOffers } from './amounts/donation-offers.js';
import { BadgeService } from './badge/badge.service.js';
import { BadgesJob } from './badge/badges.job.js';
import { DonationsController } from './checkout/donations.controller.js';
import { EventListingJob } from './events/event-listing.job.js';
import { MissingParents } from './events/missing-parents.js';
import { ObjectListing } from './events/object-listing.js';
import { ReconcileJob } from './events/reconcile.job.js';
import { CheckoutOpener } from './checkout/checkout-opener.js';
import { DonationLimits } from './checkout/donation-limits.js';
import { DonationProofs } from './checkout/donation-proofs.js';
import { ExpireCheckoutJob } from './checkout/expire-checkout.job.js';
import { RepeatingDonationsService } from './checkout/repeating-donations.service.js';
import { CheckoutService } from './checkout/checkout.service.js';
import { StripeEventsService } from './events/stripe-events.service.js';
import { LedgerService } from './ledger/ledger.service.js';
import { StripeClient } from './stripe/stripe.client.js';
import { RefusedWebhooks } from './events/refused-webhooks.js';
import { StripeObjects } from './stripe/stripe-objects.client.js';
import { StripeEventsJob } from './events/stripe-events.job.js';
import { SubscriptionsService } from './ledger/subscriptions.service.js';
import { MoveDonations } from './checkout/move-donations.js';
import { DonationStatusService } from './checkout/donation-status.service.js';
import { WebhookController } from './events/webhook.controller.js';

@Module({
  imports: [ArticlesModule],
  controllers: [DonationsController, WebhookController],
  providers: [
    DonationOffers,
    StripeClient,
    StripeObjects,
    CheckoutOpener,
    CheckoutService,
    DonationLimits,
    DonationProofs,
    ExpireCheckoutJob,
    RepeatingDonationsService,
    DonationStatusService,
    PollCheckoutSessionJob,
    StripeEventsService,
    LedgerService,
    BadgeService,
    BadgesJob,
    SubscriptionsService,
    StripeEventsJob,
    EventListingJob,
    MoveDonations,
    MissingParents,
    ObjectListing,
    ReconcileJob,
    RefusedWebhooks,
  ],
})
export class DonationsModule {}
