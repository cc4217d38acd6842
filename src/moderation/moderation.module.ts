import { Module } from '@nestjs/common';
import { CommentsModule } from '../comments/comments.module.js';
import { RealtimeModule } from '../realtime/realtime.module.js';
import { purgeJobs } from '../jobs/purge.js';
import { DecisionsService } from './decisions.service.js';
import { purgeReports } from './purge-reports.job.js';
import { HeldDecisionsService } from './held-decisions.service.js';
import { HeldController } from './held.controller.js';
import { HeldQueries } from './held.queries.js';
import { ModerationController } from './moderation.controller.js';
import { ModerationQueries } from './moderation.queries.js';
import { QueueLive } from './queue.live.js';
import { ReasonsQueries } from './reasons.queries.js';
import { ReportsService } from './reports.service.js';
import { StatisticsQueries } from './statistics.queries.js';

@Module({
  imports: [CommentsModule, RealtimeModule],
  controllers: [ModerationController, HeldController],
  providers: [
    ModerationQueries,
    StatisticsQueries,
    ReasonsQueries,
    DecisionsService,
    HeldQueries,
    HeldDecisionsService,
    ReportsService,
    QueueLive,
    purgeJobs(purgeReports),
  ],
})
export class ModerationModule {}
