import { z } from 'zod';
import { shortLine, shortText } from '../../text/short-text.js';
import { saysSomething } from '../../text/plain-text.js';

const SILENT = 'needs a letter, a number or a symbol';

const WEBSITE = 'must be an http(s) address without a user name or password';
const url = z
  .string()
  .max(1_000)
  .refine((it) => {
    if (!URL.canParse(it)) return false;
    const { protocol, username, password } = new URL(it);
    return /^https?:$/.test(protocol) && !username && !password;
  }, WEBSITE)
  .transform((it) => new URL(it).href);

/** The lengths exceed what a notification shows. The payload's limit in bytes is checked later. */
export const NewAlert = z
  .strictObject({
    topic: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, 'is no topic'),
    title: shortLine(200).refine(saysSomething, SILENT),
    body: shortText(1_000).refine(saysSomething, SILENT),
    url,
    urgency: z.enum(['normal', 'high']).default('normal'),
    /** Seconds for which it is delivered. Push services keep no message longer than four weeks. */
    ttl: z.int().min(60).max(2_419_200).default(3_600),
  })
  .meta({ id: 'NewAlert' });

export const AlertsQuery = z.strictObject({
  after: z
    .string()
    .regex(/^id:0:[1-9]\d{0,17}$/, 'is no cursor of this list')
    .transform((it) => it.slice('id:0:'.length))
    .optional(),
  limit: z
    .string()
    .regex(/^\d{1,3}$/, 'must be a whole number from 1 to 100')
    .transform(Number)
    .pipe(z.int().min(1).max(100))
    .default(20),
});

const count = z.int().min(0);
const time = z.iso.datetime();
export const AlertView = z
  .strictObject({
    id: z.string(),
    topic: z.string(),
    topicName: z.string(),
    title: z.string(),
    body: z.string(),
    url: z.string(),
    urgency: z.enum(['normal', 'high']),
    ttl: z.int(),
    bytes: count,
    state: z.enum(['draft', 'sending', 'sent', 'cancelled']),
    createdAt: time,
    sentAt: time.nullable(),
    finishedAt: time.nullable(),
    author: z.strictObject({ id: z.string(), displayName: z.string() }),
    audience: count,
    counts: z.strictObject({
      targeted: count,
      accepted: count,
      gone: count,
      failed: count,
      expired: count,
      cancelled: count,
    }),
  })
  .meta({ id: 'Alert' });
export const AlertsView = z
  .strictObject({ items: z.array(AlertView), next: z.string().nullable() })
  .meta({ id: 'Alerts' });
