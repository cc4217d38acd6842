import { z } from 'zod';
import type { Cursor } from '../../database/keyset.js';
import { after, AuthorView, Badges, CommentView, cursorOf, id, limit } from '../model/comment.schema.js';
import { HeldCommentView } from '../model/held.schema.js';

export const ListQuery = z.strictObject({ after, limit: limit(20) });

/** Reads a cursor of a list that is ordered by id. @throws DomainError 400 when the text is no such cursor */
export const listCursor = (text: string | undefined): Cursor | undefined => cursorOf('id', /^0$/, text);

export const MineView = z
  .strictObject({
    reactions: z.record(z.string(), z.array(z.string())),
    following: z.array(id),
    /** Why the viewer's own comments were removed: the explanation of the reason, by comment. */
    removals: z.record(id, z.string()),
    /** The viewer's own texts that wait for a moderator, or that one has rejected lately. */
    held: z.array(HeldCommentView),
    editWindowSeconds: z.int(),
    mostCharacters: z.int(),
  })
  .meta({ id: 'Mine' });
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
const StoryView = z.strictObject({ key: z.string(), url: z.string(), title: z.string() }).meta({ id: 'Story' });
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
