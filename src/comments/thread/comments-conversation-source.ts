import { Injectable, type OnModuleInit } from '@nestjs/common';
import { ArticlesService } from '../../articles/articles.service.js';
import { LiveSource, type ConversationSource, type LogRange, type LogActivity } from '../../realtime/live-source.js';
import { ReaderQueries } from '../readers/reader.queries.js';
import { ThreadQueries } from './thread.queries.js';

/** Provides realtime's frames. They hold the same as `/events` and are read by the same statement. */
@Injectable()
export class CommentsConversationSource implements OnModuleInit, ConversationSource {
  constructor(
    private readonly live: LiveSource,
    private readonly thread: ThreadQueries,
    private readonly readers: ReaderQueries,
    private readonly articles: ArticlesService,
  ) {}

  onModuleInit(): void {
    this.live.provide(this);
  }

  position(key: string): Promise<{ id: string; key: string; seq: number } | undefined> {
    return this.thread.position(key);
  }

  async positions(ids: string[]): Promise<Map<string, number>> {
    return new Map([...(await this.articles.positions(ids))].map(([id, seq]) => [id, Number(seq)]));
  }

  async events(key: string, after: number): Promise<LogRange | undefined> {
    const found = await this.thread.events(key, after);
    return found && { ...(JSON.parse(found.json) as LogRange), size: found.json.length };
  }

  recentActivity(ms: number): Promise<LogActivity[]> {
    return this.readers.recentActivity(ms);
  }
}
