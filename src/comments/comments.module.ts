import { Module } from '@nestjs/common';
import { ArticlesModule } from '../articles/articles.module.js';
import { LearnerModule } from '../learner/learner.module.js';
import { purgeJobs } from '../jobs/purge.js';
import { RealtimeModule } from '../realtime/realtime.module.js';
import { ScreeningModule } from '../screening/screening.module.js';
import { CommentEvents } from './model/comment-events.js';
import { CommentReasons } from './model/comment-reasons.js';
import { ReactionCounter } from './reactions/reaction-counter.js';
import { ReactionsController } from './reactions/reactions.controller.js';
import { ReactionsService } from './reactions/reactions.service.js';
import { AuthorChangedJob } from './readers/author-changed.job.js';
import { MineController } from './readers/mine.controller.js';
import { ReaderQueries } from './readers/reader.queries.js';
import { ReadersController } from './readers/readers.controller.js';
import { ReasonsController } from './readers/reasons.controller.js';
import { CommentsConversationSource } from './thread/comments-conversation-source.js';
import { ThreadController } from './thread/thread.controller.js';
import { ThreadQueries } from './thread/thread.queries.js';
import { CommentScreening } from './writing/comment-screening.js';
import { HeldLive } from './writing/held.live.js';
import { HeldComments } from './writing/held-comments.service.js';
import { MoveComments } from './writing/move-comments.js';
import { purgeDeletedComments } from './writing/purge-deleted-comments.job.js';
import { purgeHeldComments } from './writing/purge-held-comments.job.js';
import { EditingService } from './writing/editing.service.js';
import { PostingService } from './writing/posting.service.js';
import { RemovalService } from './writing/removal.service.js';
import { SlowMode } from './writing/slow-mode.js';
import { WritingController } from './writing/writing.controller.js';

@Module({
  imports: [ArticlesModule, LearnerModule, RealtimeModule, ScreeningModule],
  controllers: [
    ThreadController,
    WritingController,
    ReactionsController,
    MineController,
    ReasonsController,
    ReadersController,
  ],
  providers: [
    ThreadQueries,
    ReaderQueries,
    CommentEvents,
    CommentReasons,
    CommentScreening,
    PostingService,
    EditingService,
    RemovalService,
    HeldComments,
    HeldLive,
    SlowMode,
    ReactionsService,
    ReactionCounter,
    CommentsConversationSource,
    AuthorChangedJob,
    MoveComments,
    purgeJobs(purgeDeletedComments, purgeHeldComments),
  ],
  exports: [RemovalService, HeldComments, CommentReasons],
})
export class CommentsModule {}
