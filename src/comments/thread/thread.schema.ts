import { z } from 'zod';
import type { Cursor } from '../../database/keyset.js';
import { after, AuthorView, CommentView, Counts, cursorOf, id, limit, RepliesView } from '../model/comment.schema.js';
import { CURSOR_KEYS, type Sort, SORTS } from './thread.queries.js';

export const RootsQuery = z.strictObject({ sort: z.enum(SORTS).default('newest'), after, limit: limit(20) });
export const RepliesQuery = z.strictObject({
  sort: z.enum(['oldest', 'newest']).default('oldest'),
  after,
  limit: limit(20),
});
export const EventsQuery = z.strictObject({
  after: z
    .string()
    .regex(/^\d{1,15}$/, 'must be a position')
    .transform(Number)
    .default(0),
});

/** Reads a cursor of a thread. @throws DomainError 400 when the text is no cursor of this order */
export const threadCursor = (sort: Sort, text: string | undefined): Cursor | undefined =>
  cursorOf(sort, CURSOR_KEYS[sort], text);

const ArticleKey = z
  .string()
  .min(1)
  .max(200)
  .refine((it) => !it.includes('\0'), 'is no key');
export const CountsRequest = z
  .strictObject({ keys: z.array(ArticleKey).min(1).max(100) })
  .meta({ id: 'CountsRequest' });
export const CommentCountsView = z.strictObject({ counts: Counts }).meta({ id: 'CommentCounts' });

/** `position` shows the client how old a page is that was cached or was read while frames arrived. */
export const RepliesPageView = RepliesView.extend({ position: z.int() }).meta({ id: 'Replies' });

const ThreadArticle = z
  .strictObject({ key: z.string(), state: z.enum(['open', 'closed']), commentCount: z.int() })
  .meta({ id: 'ThreadArticle' });
export const RootsView = z
  .strictObject({
    article: ThreadArticle,
    items: z.array(CommentView),
    next: z.string().nullable(),
    position: z.int(),
    registered: z.literal(false).optional(),
  })
  .meta({ id: 'Thread' });
export const ContextView = z
  .strictObject({
    article: ThreadArticle.extend({ url: z.string(), title: z.string() }),
    ancestors: z.array(CommentView),
    comment: CommentView,
    previous: z.string(),
    next: z.string(),
    position: z.int(),
  })
  .meta({ id: 'CommentContext' });

const ParentCount = z.strictObject({ id, replyCount: z.int() }).nullish();
const EventView = z.discriminatedUnion('kind', [
  z.strictObject({ position: z.int(), kind: z.literal('comment'), comment: CommentView, parent: ParentCount }),
  z.strictObject({ position: z.int(), kind: z.literal('gone'), id, parent: ParentCount }),
  z.strictObject({
    position: z.int(),
    kind: z.literal('reactions'),
    counts: z.array(z.strictObject({ id, reactions: Counts })),
  }),
  z.strictObject({ position: z.int(), kind: z.literal('author'), author: AuthorView }),
  z.strictObject({ position: z.int(), kind: z.literal('article'), article: ThreadArticle }),
]);
export const EventsView = z
  .union([
    z.strictObject({
      from: z.int(),
      to: z.int(),
      commentCount: z.int(),
      items: z.array(EventView),
      more: z.boolean(),
    }),
    z.strictObject({ reset: z.literal(true) }),
  ])
  .meta({ id: 'Events' });
