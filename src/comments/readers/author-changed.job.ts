import { Injectable, type OnModuleInit } from '@nestjs/common';
import { z } from 'zod';
import { AccountEvents } from '../../accounts/profiles/accounts.events.js';
import { appendToLog, lockArticle } from '../../articles/conversation-log.js';
import { rows } from '../../database/rows.js';
import { DataSource } from 'typeorm';
import { EventBus } from '../../events/event-bus.js';
import { enqueue, type Job } from '../../jobs/job.js';
import { JobRegistry } from '../../jobs/job-registry.js';
import { isPublicSql } from '../model/visibility.js';

const authorChanged: Job<{ accountId: string }> = {
  name: 'author-changed',
  payload: z.strictObject({ accountId: z.string() }),
};

/** Logs a new name or badge of an account in each conversation in which it wrote, one article at a time. */
@Injectable()
export class AuthorChangedJob implements OnModuleInit {
  constructor(
    private readonly jobs: JobRegistry,
    private readonly accountEvents: AccountEvents,
    private readonly dataSource: DataSource,
    private readonly events: EventBus,
  ) {}

  onModuleInit(): void {
    this.accountEvents.onPublicProfileChanged((tx, accountId) =>
      enqueue(tx, authorChanged, { accountId }, { key: `author-changed:${accountId}` }),
    );
    this.jobs.register(authorChanged, async ({ accountId }, run) => {
      const articles = await rows<{ id: string }>(
        this.dataSource.sql`select distinct article_id as id from comments
          where author_id = ${accountId} and ${() => isPublicSql('comments')}`,
      );
      for (const { id } of articles) {
        await run.effect(async (tx) => {
          await lockArticle(tx, id);
          await appendToLog(tx, id, [{ kind: 'author', accountId }], 0);
          this.events.publish(tx, 'log', `article:${id}`);
        });
      }
    });
  }
}
