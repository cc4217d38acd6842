import { Module } from '@nestjs/common';
import { ArticleStreams } from './article-streams.js';
import { LiveGateway } from './live.gateway.js';
import { LiveSource } from './live-source.js';
import { SocketSessions } from './socket-sessions.js';

@Module({ providers: [LiveSource, ArticleStreams, SocketSessions, LiveGateway], exports: [LiveSource] })
export class RealtimeModule {}
