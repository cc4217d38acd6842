import { Module } from '@nestjs/common';
import { ArticleStreams } from './article-streams.js';
import { FeedNotifier } from './feed-notifier.js';
import { LiveGateway } from './live.gateway.js';
import { LiveSource } from './live-source.js';
import { SocketSessions } from './socket-sessions.js';
import { StaffChangeTokens } from './staff-change-tokens.js';

@Module({
  providers: [LiveSource, ArticleStreams, SocketSessions, FeedNotifier, StaffChangeTokens, LiveGateway],
  exports: [LiveSource, StaffChangeTokens],
})
export class RealtimeModule {}
