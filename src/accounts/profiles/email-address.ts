import { domainToASCII } from 'node:url';
import { z } from 'zod';

// It allows one plain mailbox only, because mail libraries have misread quotes, comments, groups and control characters
// (nodemailer CVE-2025-14874). A host without a dot, such as localhost, has no mailbox of a reader.
const ADDRESS =
  /^(?=.{1,64}@)[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * Returns the address with the ASCII form of its domain (`bücher.example`), in which mail servers know it. A domain with
 * other characters than letters and digits, or with variants of them, stays as it is and is refused.
 */
function withAsciiDomain(address: string): string {
  const at = address.lastIndexOf('@') + 1;
  const domain = address.slice(at).normalize('NFC');
  const isInternational = /[^ -~]/.test(domain) && /^[\p{L}\p{M}\p{N}.-]+$/u.test(domain);
  if (!isInternational || domain.normalize('NFKC') !== domain) return address;
  return address.slice(0, at) + domainToASCII(domain);
}

/** An e-mail address, trimmed and in lower case. It is normalised before it is checked. */
export const EmailAddress = z
  .string()
  .max(320)
  // U+212A stays in the mailbox, which toLowerCase would turn into a k.
  .transform((it) => withAsciiDomain(it.trim().replace(/[A-Z]/g, (letter) => letter.toLowerCase())))
  .pipe(z.string().min(3, 'Enter an e-mail address.').max(254).regex(ADDRESS, 'This is not an e-mail address.'));
