import { Module } from '@nestjs/common';
import { ArticleJoins } from './article-joins.service.js';
import { ArticlesController } from './articles.controller.js';
import { ArticlesService } from './articles.service.js';

@Module({
  controllers: [ArticlesController],
  providers: [ArticlesService, ArticleJoins],
  exports: [ArticlesService, ArticleJoins],
})
export class ArticlesModule {}
