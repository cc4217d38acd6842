import { z } from 'zod';
import { type Cursor, parseCursor } from '../../database/keyset.js';
import { invalidRequest } from '../../http/invalid-request.js';
import { COMMENT_STATES } from './visibility.js';

/** The query parameters of every list of comments. */
export const limit = (fallback: number, most = 100) =>
  z
    .string()
    .regex(/^\d{1,4}$/, `must be a whole number from 1 to ${most}`)
    .transform(Number)
    .pipe(z.int().min(1).max(most))
    .default(fallback);
export const after = z.string().max(100).optional();

/**
 * @param list the name that a cursor of this list and order begins with
 * @param sortKey the form of its sort key
 * @throws DomainError 400 when the text is no cursor of this list and order
 */
export function cursorOf(list: string, sortKey: RegExp, text: string | undefined): Cursor | undefined {
  if (text === undefined) return undefined;
  const cursor = parseCursor(list, sortKey, text);
  if (!cursor) throw invalidRequest([{ path: ['after'], message: 'is no cursor of this list' }]);
  return cursor;
}

export const id = z.string();
export const Badges = z.array(z.string());
export const AuthorView = z.strictObject({ id, displayName: z.string(), badges: Badges }).meta({ id: 'Author' });
export const Counts = z.record(z.string(), z.int());

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
    state: z.enum(COMMENT_STATES),
    /** `label` has the words for readers. It is null when they are not told the reason. */
    removal: z.strictObject({ reason: z.string(), label: z.string().nullable() }).optional(),
    reactions: Counts,
    replyCount: z.int(),
    get replies(): z.ZodOptional<z.ZodType> {
      return RepliesView.optional();
    },
  })
  .meta({ id: 'Comment' });
export const RepliesView = z
  .strictObject({ items: z.array(CommentView), next: z.string().nullable() })
  .meta({ id: 'Comments' });
