import { Module } from '@nestjs/common';
import { ArticlesModule } from '../articles/articles.module.js';
import { AskSessionJob } from './ask-session.job.js';
import { BadgeService } from './badge.service.js';
import { BadgesJob } from './badges.job.js';
import { DonationsController } from './donations.controller.js';
import { EventListingJob } from './event-listing.job.js';
import { GivingService } from './giving.service.js';
import { InboxService } from './inbox.service.js';
import { LedgerService } from './ledger.service.js';
import { StripeClient } from './stripe.client.js';
import { StripeEventsJob } from './stripe-events.job.js';
import { SubscriptionsService } from './subscriptions.service.js';
import { ViewingService } from './viewing.service.js';
import { WebhookController } from './webhook.controller.js';

@Module({
  imports: [ArticlesModule],
  controllers: [DonationsController, WebhookController],
  providers: [
    StripeClient,
    GivingService,
    ViewingService,
    AskSessionJob,
    InboxService,
    LedgerService,
    BadgeService,
    BadgesJob,
    SubscriptionsService,
    StripeEventsJob,
    EventListingJob,
  ],
})
export class DonationsModule {}
