import type { IncomingHttpHeaders } from 'node:http';
import { Refusal } from './answers.js';
import { publicKey } from './vapid.js';

/** The options of a message (RFC 8030, section 5). */
export interface MessageOptions {
  /** Seconds, already clamped. */
  readonly ttl: number;
  readonly urgency: 'very-low' | 'low' | 'normal' | 'high';
  readonly topic?: string;
}

export const MAX_BODY = 4096;
/** Mozilla shortens longer ones to 30 days without an error. */
const MAX_TTL = 30 * 24 * 60 * 60;
const URGENCIES = ['very-low', 'low', 'normal', 'high'] as const;
// The sum of salt 16, record size 4, key length 1, key 65, delimiter 1 and tag 16.
const SMALLEST_BODY = 103;
const KEY_AT = 21;

/** Reads the options and checks the body. @throws Refusal naming the header or the part of the body that is wrong */
export function checkMessage(headers: IncomingHttpHeaders, body: Buffer): MessageOptions {
  if (body.length > MAX_BODY) throw new Refusal(413, 104, 'Data payload too large');
  if (body.length) checkEncryption(headers, body);
  const topic = single(headers, 'topic');
  if (topic !== undefined && !/^[\w-]{1,32}$/.test(topic))
    throw new Refusal(400, 113, 'Topic must be at most 32 characters of the URL and filename safe Base64 alphabet');
  return { ttl: ttlOf(headers), urgency: urgencyOf(headers), ...(topic === undefined ? {} : { topic }) };
}

function ttlOf(headers: IncomingHttpHeaders): number {
  const given = single(headers, 'ttl');
  if (given === undefined) throw new Refusal(400, 111, 'Missing TTL value');
  if (!/^\d+$/.test(given)) throw new Refusal(400, 112, 'TTL must be a whole number of seconds, 0 or more');
  return Math.min(Number(given), MAX_TTL);
}

function urgencyOf(headers: IncomingHttpHeaders): MessageOptions['urgency'] {
  const given = single(headers, 'urgency') ?? 'normal';
  const urgency = URGENCIES.find((it) => it === given);
  if (!urgency) throw new Refusal(400, null, `Urgency must be one of ${URGENCIES.join(', ')}`);
  return urgency;
}

/** Checks a body of RFC 8188 in the narrower form of RFC 8291: one record, with the sender's public key as key id. */
function checkEncryption(headers: IncomingHttpHeaders, body: Buffer): void {
  const encoding = single(headers, 'content-encoding');
  if (encoding === undefined) throw encryption('Missing Content-Encoding header');
  if (encoding !== 'aes128gcm') throw encryption('Unknown Content-Encoding header');
  for (const name of ['encryption', 'crypto-key'])
    if (/(^|[;,]\s*)(salt|dh)=/.test(single(headers, name) ?? ''))
      throw encryption(`Do not include ${name} with aes128gcm`);
  if (body.length < SMALLEST_BODY) throw encryption('The body is shorter than its header, a delimiter and a tag');
  if (body[20] !== 65) throw encryption('The key id is not a public key of 65 bytes');
  try {
    publicKey(body.subarray(KEY_AT, KEY_AT + 65).toString('base64url'));
  } catch {
    throw encryption('The key id is not a point on P-256');
  }
  const recordSize = body.readUInt32BE(16);
  if (recordSize < 18 || body.length - KEY_AT - 65 > recordSize) throw encryption('The body is not a single record');
}

function single(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}

const encryption = (message: string): Refusal => new Refusal(400, 110, message);
