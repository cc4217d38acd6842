import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { Clock } from '../clock/clock.js';
import { row } from '../database/rows.js';
import { EventBus } from '../events/event-bus.js';
import type { Job } from '../jobs/job.js';
import { JobRegistry } from '../jobs/job-registry.js';
import { appendToLog, lockArticle } from './conversation-log.js';
import { PageReader } from './page-reader.js';

export const readPage: Job<{ articleId: string }> = {
  name: 'read-page',
  lane: 'pages',
  payload: z.strictObject({ articleId: z.string() }),
};

/** Reads the title of a page from the page itself, and whether there is such a page. */
@Injectable()
export class ReadPageJob implements OnModuleInit {
  constructor(
    private readonly jobs: JobRegistry,
    private readonly dataSource: DataSource,
    private readonly pages: PageReader,
    private readonly clock: Clock,
    private readonly events: EventBus,
  ) {}

  onModuleInit(): void {
    this.jobs.register(readPage, async ({ articleId }, run) => {
      const article = await row<{ url: string }>(
        this.dataSource
          .sql`select url from articles where id = ${articleId} and title_from is distinct from 'publisher'`,
      );
      if (!article) return;
      const page = await this.pages.read(article.url);
      const title = page.state === 'found' && page.title ? page.title : null;
      // The publisher's own word, which may have come meanwhile, stays. A page that cannot be read keeps what it said.
      await run.effect(async (tx) => {
        await lockArticle(tx, articleId);
        const changed = await row(tx.sql`
          update articles set page_read_at = ${this.clock.now()},
            page_state = case when ${page.state} = 'unclear' and page_state = 'found' then page_state else ${page.state} end,
            title = coalesce(${title}::text, title),
            title_from = case when ${title}::text is null then title_from else 'page' end
          where id = ${articleId} and url = ${article.url} and title_from is distinct from 'publisher' returning id`);
        if (!changed || title === null) return;
        await appendToLog(tx, articleId, [{ kind: 'article' }], 0);
        this.events.publish(tx, 'log', `article:${articleId}`);
      });
    });
  }
}
