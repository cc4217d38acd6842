import { z } from 'zod';

// It allows one plain mailbox only, because mail libraries have misread quotes, comments, groups and control characters
// (nodemailer CVE-2025-14874).
const ADDRESS =
  /^(?=.{1,64}@)[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** An e-mail address, trimmed and in lower case. It is normalised before it is checked. */
export const EmailAddress = z
  .string()
  .max(320)
  .transform((it) => it.trim().replace(/[A-Z]/g, (letter) => letter.toLowerCase())) // U+212A stays, which toLowerCase would turn into a k
  .pipe(z.string().min(3, 'Enter an e-mail address.').max(254).regex(ADDRESS, 'This is not an e-mail address.'));
