import { createHash, randomBytes, randomInt, scrypt } from 'node:crypto';
import { promisify } from 'node:util';

const slowHash = promisify<string, string, number, Buffer>(scrypt);

/** Returns a URL-safe token of 256 bits. Only its hash is stored, so a dump of the database gives no access. */
export const newToken = (): string => randomBytes(32).toString('base64url');

export const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();

// Crockford's alphabet leaves out I, L, O and U, which are easily misread. A code has 40 bits, and five attempts are
// allowed.
const CODE_ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Returns a code that people type by hand, such as `7KQ4-M2XD`. */
export function newCode(): string {
  const letters = Array.from({ length: 8 }, () => CODE_ALPHABET[randomInt(CODE_ALPHABET.length)]).join('');
  return `${letters.slice(0, 4)}-${letters.slice(4)}`;
}

/**
 * Normalises a typed code: case, dash and full-width forms do not matter, O counts as 0, and I and L count as 1.
 */
export const normaliseCode = (typed: string): string =>
  typed
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[^0-9A-Z]/g, '')
    .replace(/O/g, '0')
    .replace(/[IL]/g, '1');

/**
 * Hashes a code slowly, because a fast hash of 40 bits can be reversed within minutes. The address is the salt, so equal
 * codes of two readers have different hashes.
 */
export const codeHash = (email: string, code: string): Promise<Buffer> => slowHash(normaliseCode(code), email, 32);
