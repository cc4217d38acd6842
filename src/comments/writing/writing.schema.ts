import { z } from 'zod';

export const NewComment = z
  .strictObject({ body: z.string(), parentId: z.string().nullish() })
  .meta({ id: 'NewComment' });
export const CommentChange = z.strictObject({ body: z.string() }).meta({ id: 'CommentChange' });
