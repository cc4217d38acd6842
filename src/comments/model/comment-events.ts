import { Injectable } from '@nestjs/common';
import { EventBus } from '../../events/event-bus.js';

/** Of whose comment something was said, and where. */
export interface ChangedComment {
  articleId: string;
  authorId: string;
  parentAuthorId: string | null;
}

/** After the commit: the open pages of the article, and whoever follows its author or the one who was answered. */
@Injectable()
export class CommentEvents {
  constructor(private readonly events: EventBus) {}

  publish({ articleId, authorId, parentAuthorId }: ChangedComment): void {
    this.events.publish(`article:${articleId}`, 'log');
    this.events.publish(`author:${authorId}`, 'feed');
    if (parentAuthorId && parentAuthorId !== authorId) this.events.publish(`author:${parentAuthorId}`, 'feed');
  }
}
