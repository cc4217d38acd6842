import { Module } from '@nestjs/common';
import { ArticlesModule } from '../articles/articles.module.js';
import { purgeJobs } from '../jobs/purge.js';
import { AlertAudienceJob } from './alerts/alert-audience.job.js';
import { AlertDeliveryJob } from './alerts/alert-delivery.job.js';
import { AlertProgress } from './alerts/alert-progress.js';
import { AlertsController } from './alerts/alerts.controller.js';
import { AlertsQueries } from './alerts/alerts.queries.js';
import { AlertsService } from './alerts/alerts.service.js';
import { PushKeys } from './push/push-keys.service.js';
import { PushNetwork } from './push/push-network.js';
import { PushOrigins } from './push/push-origins.js';
import { PushSender } from './push/push-sender.js';
import { PushSubscriptionsController } from './push/push-subscriptions.controller.js';
import { purgePushSubscriptions } from './push/purge-push-subscriptions.job.js';
import { PushSubscriptions } from './push/push-subscriptions.service.js';
import { ReplyAlertJob } from './replies/reply-alert.job.js';
import { ReplyAlertsQueries } from './replies/reply-alerts.queries.js';
import { MoveReplyCursors } from './replies/move-reply-cursors.js';
import { ReplyFollower } from './replies/reply-follower.js';
import { purgeReplyAlerts } from './replies/purge-reply-alerts.job.js';
import { TopicsController } from './push/topics.controller.js';
import { Topics } from './push/topics.service.js';

@Module({
  imports: [ArticlesModule],
  controllers: [PushSubscriptionsController, TopicsController, AlertsController],
  providers: [
    // subscriptions and the sender
    PushKeys,
    PushNetwork,
    PushOrigins,
    PushSender,
    Topics,
    PushSubscriptions,
    purgeJobs(purgePushSubscriptions),
    // alerts of the newsroom and replies
    AlertsService,
    AlertsQueries,
    AlertProgress,
    AlertAudienceJob,
    AlertDeliveryJob,
    ReplyAlertsQueries,
    ReplyAlertJob,
    ReplyFollower,
    MoveReplyCursors,
    purgeJobs(purgeReplyAlerts),
  ],
})
export class NotificationsModule {}
