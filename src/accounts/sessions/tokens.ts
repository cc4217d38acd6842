import { createHash, randomBytes, randomInt, scrypt } from 'node:crypto';
import { promisify } from 'node:util';

const slowHash = promisify<string, string, number, Buffer>(scrypt);

/** 256 bits, URL-safe. Only its hash is ever stored: a dump of the database opens nothing. */
export const newToken = (): string => randomBytes(32).toString('base64url');

export const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();

// Crockford's alphabet without I, L, O, U: nothing to misread. 32^8 is 2^40, and five tries are allowed.
const CODE_ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** A code to type by hand, such as `7KQ4-M2XD`. */
export function newCode(): string {
  const letters = Array.from({ length: 8 }, () => CODE_ALPHABET[randomInt(CODE_ALPHABET.length)]).join('');
  return `${letters.slice(0, 4)}-${letters.slice(4)}`;
}

/** As people type codes: any case, with or without the dash, O for 0 and I or L for 1. */
export const normalCode = (typed: string): string =>
  typed
    .toUpperCase()
    .replace(/[^0-9A-Z]/g, '')
    .replace(/O/g, '0')
    .replace(/[IL]/g, '1');

/**
 * A code has 40 bits only, so its hash is a slow one, or whoever reads the database would find the code in minutes.
 * It is salted with the address, so equal codes of two readers do not look equal.
 */
export const codeHash = (email: string, code: string): Promise<Buffer> => slowHash(normalCode(code), email, 32);
