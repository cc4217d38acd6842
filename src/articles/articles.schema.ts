import { z } from 'zod';
import { shortLine } from '../text/short-text.js';
import { ArticleUrl, PUBLISHER_KEY } from './article-url.js';

export const NewKey = z
  .string()
  .regex(PUBLISHER_KEY, 'use letters, digits and . _ ~ - (at most 128)')
  .refine((it) => !it.startsWith('u-'), 'keys beginning with u- are made from URLs');

const title = shortLine(300);

export const NewArticle = z
  .strictObject({
    url: ArticleUrl,
    title,
    section: shortLine(100).nullish(),
    publishedAt: z.iso.datetime({ offset: true }).nullish(),
    state: z.enum(['open', 'closed']).optional(),
  })
  .meta({ id: 'NewArticle' });

/** `title` is accepted from earlier embeds and not used. */
export const MetArticle = z.strictObject({ url: ArticleUrl, title: title.optional() }).meta({ id: 'MetArticle' });

export const ArticleView = z
  .strictObject({
    key: z.string(),
    url: z.string(),
    title: z.string(),
    section: z.string().nullable(),
    publishedAt: z.iso.datetime().nullable(),
    state: z.enum(['open', 'closed']),
    commentCount: z.int(),
  })
  .meta({ id: 'Article' });
export const ArticleKeyView = z.strictObject({ key: z.string() }).meta({ id: 'ArticleKey' });
