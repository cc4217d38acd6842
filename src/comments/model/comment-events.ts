import { Injectable } from '@nestjs/common';
import type { Tx } from '../../database/rows.js';
import { EventBus } from '../../events/event-bus.js';

/** A comment whose state changed. */
export interface ChangedComment {
  articleId: string;
  authorId: string;
  parentAuthorId: string | null;
}

/** Publishes a comment's change to the article's open pages and to the followers of its author and the parent's author. */
@Injectable()
export class CommentEvents {
  constructor(private readonly events: EventBus) {}

  publish(tx: Tx, { articleId, authorId, parentAuthorId }: ChangedComment): void {
    this.events.publish(tx, 'log', `article:${articleId}`);
    this.events.publish(tx, 'feed', `author:${authorId}`);
    if (parentAuthorId && parentAuthorId !== authorId) this.events.publish(tx, 'feed', `author:${parentAuthorId}`);
  }
}
