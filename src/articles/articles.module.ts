import { Module } from '@nestjs/common';
import { ArticleJoins } from './article-joins.service.js';
import { ArticlesController } from './articles.controller.js';
import { PageReader } from './page-reader.js';
import { ReadPageJob } from './read-page.job.js';
import { ArticlesService } from './articles.service.js';

@Module({
  controllers: [ArticlesController],
  providers: [ArticlesService, ArticleJoins, PageReader, ReadPageJob],
  exports: [ArticlesService, ArticleJoins],
})
export class ArticlesModule {}
