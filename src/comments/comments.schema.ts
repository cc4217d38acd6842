import { z } from 'zod';
import { type Cursor, parseCursor } from '../database/keyset.js';
import { invalidRequest } from '../http/invalid-request.js';
import { REACTION_KINDS } from './reactions/reactions.service.js';
import { CURSOR_KEYS, type Sort, SORTS } from './thread/thread.queries.js';

const limit = (fallback: number, most = 100) =>
  z
    .string()
    .regex(/^\d{1,4}$/, `must be a whole number from 1 to ${most}`)
    .transform(Number)
    .pipe(z.int().min(1).max(most))
    .default(fallback);
const after = z.string().max(100).optional();

export const RootsQuery = z.strictObject({ sort: z.enum(SORTS).default('newest'), after, limit: limit(20) });
export const RepliesQuery = z.strictObject({
  sort: z.enum(['oldest', 'newest']).default('oldest'),
  after,
  limit: limit(20),
});
export const ListQuery = z.strictObject({ after, limit: limit(20) });
export const EventsQuery = z.strictObject({
  after: z
    .string()
    .regex(/^\d{1,15}$/, 'must be a position')
    .transform(Number)
    .default(0),
});

/** @throws DomainError 400 where the text is no cursor of this list and order */
export function cursorOf(sort: Sort | 'id', text: string | undefined): Cursor | undefined {
  if (text === undefined) return undefined;
  const cursor = parseCursor(sort, sort === 'id' ? /^0$/ : CURSOR_KEYS[sort], text);
  if (!cursor) throw invalidRequest([{ path: ['after'], message: 'is no cursor of this list' }]);
  return cursor;
}

export const NewComment = z
  .strictObject({ body: z.string(), parentId: z.string().nullish() })
  .meta({ id: 'NewComment' });
export const CommentChange = z.strictObject({ body: z.string() }).meta({ id: 'CommentChange' });
export const ReactionKindParam = z.enum(REACTION_KINDS);
const ArticleKey = z
  .string()
  .min(1)
  .max(200)
  .refine((it) => !it.includes('\0'), 'is no key');
export const CountsRequest = z
  .strictObject({ keys: z.array(ArticleKey).min(1).max(100) })
  .meta({ id: 'CountsRequest' });

const id = z.string();
const Badges = z.array(z.string());
const AuthorView = z.strictObject({ id, displayName: z.string(), badges: Badges }).meta({ id: 'Author' });
const Counts = z.record(z.string(), z.int());

export const CommentView = z
  .strictObject({
    id,
    articleKey: z.string(),
    parentId: id.nullable(),
    depth: z.int(),
    author: AuthorView.nullable(),
    body: z.string().nullable(),
    createdAt: z.iso.datetime(),
    editedAt: z.iso.datetime().nullable(),
    state: z.enum(['published', 'removed', 'deleted']),
    removal: z.strictObject({ reason: z.string() }).optional(),
    reactions: Counts,
    replyCount: z.int(),
    get replies(): z.ZodOptional<z.ZodType> {
      return RepliesView.optional();
    },
  })
  .meta({ id: 'Comment' });
const RepliesView = z
  .strictObject({ items: z.array(CommentView), next: z.string().nullable() })
  .meta({ id: 'Comments' });

/** `position` as in the thread: a page that was read while frames came, or kept by a cache, tells how old it is. */
export const RepliesPageView = RepliesView.extend({ position: z.int() }).meta({ id: 'Replies' });

const ThreadArticle = z
  .strictObject({ key: z.string(), state: z.enum(['open', 'closed']), commentCount: z.int() })
  .meta({ id: 'ThreadArticle' });
const StoryView = z.strictObject({ key: z.string(), url: z.string(), title: z.string() }).meta({ id: 'Story' });
export const RootsView = z
  .strictObject({
    article: ThreadArticle,
    items: z.array(CommentView),
    next: z.string().nullable(),
    position: z.int(),
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

export const MineView = z
  .strictObject({
    reactions: z.record(z.string(), z.array(z.string())),
    following: z.array(id),
    editWindowSeconds: z.int(),
  })
  .meta({ id: 'Mine' });
export const ReactionsView = z.strictObject({ reactions: Counts }).meta({ id: 'Reactions' });
export const CommentCountsView = z.strictObject({ counts: Counts }).meta({ id: 'CommentCounts' });
export const ReaderView = z
  .strictObject({
    id,
    displayName: z.string(),
    badges: Badges,
    joinedAt: z.iso.datetime(),
    commentCount: z.int(),
  })
  .meta({ id: 'Reader' });
const page = <T extends z.ZodType>(item: T) => z.strictObject({ items: z.array(item), next: z.string().nullable() });
export const WrittenView = page(z.strictObject({ comment: CommentView, article: StoryView })).meta({ id: 'Written' });
export const FollowingView = page(AuthorView).meta({ id: 'Following' });
export const FeedView = page(
  z.strictObject({
    comment: CommentView,
    article: StoryView,
    parent: CommentView.nullable(),
    because: z.enum(['followed', 'reply']),
  }),
).meta({ id: 'Feed' });
