import { z } from 'zod';

// One plain mailbox: no quotes, comments, groups, controls or foreign look-alikes that mail libraries have misread
// (nodemailer CVE-2025-14874).
const ADDRESS =
  /^(?=.{1,64}@)[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** An e-mail address, normalised first and judged after: lower case, no space around it. */
export const EmailAddress = z
  .string()
  .max(320)
  .transform((it) => it.trim().replace(/[A-Z]/g, (letter) => letter.toLowerCase())) // not U+212A, a K that becomes a k
  .pipe(z.string().min(3, 'Enter an e-mail address.').max(254).regex(ADDRESS, 'This is not an e-mail address.'));
