import { Module } from '@nestjs/common';
import { CommentsModule } from '../comments/comments.module.js';
import { DecisionsService } from './decisions.service.js';
import { ModerationController } from './moderation.controller.js';
import { ModerationQueries } from './moderation.queries.js';
import { ReportsService } from './reports.service.js';

@Module({
  imports: [CommentsModule],
  controllers: [ModerationController],
  providers: [ModerationQueries, DecisionsService, ReportsService],
})
export class ModerationModule {}
