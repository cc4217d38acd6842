import { Module } from '@nestjs/common';
import { CommentsModule } from '../comments/comments.module.js';
import { RealtimeModule } from '../realtime/realtime.module.js';
import { DecisionsService } from './decisions.service.js';
import { PurgeReportsJob } from './purge-reports.job.js';
import { ModerationController } from './moderation.controller.js';
import { ModerationQueries } from './moderation.queries.js';
import { QueueLive } from './queue.live.js';
import { ReportsService } from './reports.service.js';

@Module({
  imports: [CommentsModule, RealtimeModule],
  controllers: [ModerationController],
  providers: [ModerationQueries, DecisionsService, ReportsService, PurgeReportsJob, QueueLive],
})
export class ModerationModule {}
