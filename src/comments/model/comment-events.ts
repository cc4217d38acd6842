import { Injectable } from '@nestjs/common';
import { Hints } from '../../events/event-bus.js';

/** Of whose comment something was said, and where. */
export interface Touched {
  articleId: string;
  authorId: string;
  parentAuthorId: string | null;
}

/** After the commit: the open pages of the article, and whoever follows its author or the one who was answered. */
@Injectable()
export class CommentHints {
  constructor(private readonly hints: Hints) {}

  tell({ articleId, authorId, parentAuthorId }: Touched): void {
    this.hints.tell(`article:${articleId}`, 'log');
    this.hints.tell(`author:${authorId}`, 'feed');
    if (parentAuthorId && parentAuthorId !== authorId) this.hints.tell(`author:${parentAuthorId}`, 'feed');
  }
}
