import { Module } from '@nestjs/common';
import { ArticlesModule } from '../articles/articles.module.js';
import { RealtimeModule } from '../realtime/realtime.module.js';
import { AuthorChangedJob } from './author-changed.job.js';
import { CommentHints } from './comment-hints.js';
import { CommentsLive } from './comments.live.js';
import { DeletedCommentsJob } from './deleted-comments.job.js';
import { EditingService } from './editing.service.js';
import { PostingService } from './posting.service.js';
import { ReactionsFolder } from './reactions.folder.js';
import { ReactionsService } from './reactions.service.js';
import { ReaderQueries } from './reader.queries.js';
import { ReadersController } from './readers.controller.js';
import { RemovalService } from './removal.service.js';
import { ThreadController } from './thread.controller.js';
import { ThreadQueries } from './thread.queries.js';
import { WritingController } from './writing.controller.js';

@Module({
  imports: [ArticlesModule, RealtimeModule],
  controllers: [ThreadController, WritingController, ReadersController],
  providers: [
    ThreadQueries,
    ReaderQueries,
    CommentHints,
    PostingService,
    EditingService,
    RemovalService,
    ReactionsService,
    ReactionsFolder,
    CommentsLive,
    AuthorChangedJob,
    DeletedCommentsJob,
  ],
  exports: [RemovalService, PostingService, ReactionsService],
})
export class CommentsModule {}
