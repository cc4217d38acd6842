import { Module } from '@nestjs/common';
import { AlertAudienceJob } from './alert-audience.job.js';
import { AlertDeliveryJob } from './alert-delivery.job.js';
import { AlertProgress } from './alert-progress.js';
import { AlertsController } from './alerts.controller.js';
import { AlertsQueries } from './alerts.queries.js';
import { AlertsService } from './alerts.service.js';
import { PushKeys } from './push-keys.service.js';
import { PushNetwork } from './push-network.js';
import { PushOrigins } from './push-origins.js';
import { PushSender } from './push-sender.js';
import { PushSubscriptionsController } from './push-subscriptions.controller.js';
import { PushSubscriptionsJob } from './push-subscriptions.job.js';
import { PushSubscriptions } from './push-subscriptions.service.js';
import { ReplyAlertJob } from './reply-alert.job.js';
import { ReplyAlertsQueries } from './reply-alerts.queries.js';
import { ReplyFollower } from './reply-follower.js';
import { ToldRepliesJob } from './told-replies.job.js';
import { TopicsController } from './topics.controller.js';
import { Topics } from './topics.service.js';

@Module({
  controllers: [PushSubscriptionsController, TopicsController, AlertsController],
  providers: [
    // who is sent to, and how
    PushKeys,
    PushNetwork,
    PushOrigins,
    PushSender,
    Topics,
    PushSubscriptions,
    PushSubscriptionsJob,
    // what is sent
    AlertsService,
    AlertsQueries,
    AlertProgress,
    AlertAudienceJob,
    AlertDeliveryJob,
    ReplyAlertsQueries,
    ReplyAlertJob,
    ReplyFollower,
    ToldRepliesJob,
  ],
})
export class NotificationsModule {}
