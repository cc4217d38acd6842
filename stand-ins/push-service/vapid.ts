import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { Refusal } from './answers.js';

const DAY = 24 * 60 * 60;

/**
 * Checks that the sender is the one whom the subscription was made for (RFC 8292). As at Mozilla, every fault is 401 with
 * errno 109, also a foreign key.
 * @param authorization the header: `vapid t=JWT, k=KEY`
 * @param expected the subscription's application server key, base64url; null when it was made without one
 * @param audience our origin
 * @throws Refusal naming the fault
 */
export function checkVapid(
  authorization: string | undefined,
  expected: string | null,
  audience: string,
  now: Date,
): void {
  if (authorization === undefined) {
    if (expected === null) return;
    throw unauthorized('Missing VAPID token');
  }
  const { t, k } = parameters(authorization);
  if (expected !== null && !pointOf(k).equals(pointOf(expected))) throw unauthorized('VAPID public key mismatch');
  const [header = '', payload = '', signature = '', ...rest] = t.split('.');
  if (rest.length || json(header).alg !== 'ES256') throw unauthorized('Invalid VAPID token: not ES256');
  const signed = verify(
    'sha256',
    Buffer.from(`${header}.${payload}`),
    { key: publicKey(k), dsaEncoding: 'ieee-p1363' },
    Buffer.from(signature, 'base64url'),
  );
  if (!signed) throw unauthorized('Invalid VAPID token: InvalidSignature');
  const { aud, exp } = json(payload);
  const seconds = now.getTime() / 1000;
  if (typeof exp !== 'number' || exp <= seconds) throw unauthorized('Invalid VAPID token: ExpiredSignature');
  if (exp > seconds + DAY) throw unauthorized('VAPID token expiration is too far in the future');
  if (aud !== audience) throw unauthorized('Invalid VAPID audience');
}

/** Returns the 65 bytes of an uncompressed P-256 point. @throws Refusal where it is none */
function pointOf(key: string): Buffer {
  const point = Buffer.from(key, 'base64url');
  if (!/^[\w-]+=*$/.test(key) || point.length !== 65 || point[0] !== 4) throw unauthorized('Invalid VAPID public key');
  return point;
}

/** Returns the public key of that point. @throws Refusal for a point that is not on the curve */
export function publicKey(key: string): KeyObject {
  const point = pointOf(key);
  const jwk = {
    kty: 'EC',
    crv: 'P-256',
    x: point.subarray(1, 33).toString('base64url'),
    y: point.subarray(33).toString('base64url'),
  };
  try {
    return createPublicKey({ key: jwk, format: 'jwk' });
  } catch {
    throw unauthorized('Invalid VAPID public key');
  }
}

function parameters(authorization: string): { t: string; k: string } {
  const [, list] = /^vapid\s+(.+)$/i.exec(authorization.trim()) ?? [];
  const found = new Map(
    (list ?? '').split(',').map((it) => {
      const [name = '', ...value] = it.trim().split('=');
      return [name, value.join('=').replace(/^"(.*)"$/, '$1')];
    }),
  );
  const [t, k] = [found.get('t'), found.get('k')];
  if (!t || !k) throw unauthorized('Invalid VAPID token: the header is not `vapid t=..., k=...`');
  return { t, k };
}

function json(part: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString());
    if (value && typeof value === 'object') return value as Record<string, unknown>;
  } catch {
    // The error follows below.
  }
  throw unauthorized('Invalid VAPID token: not a JWT');
}

const unauthorized = (message: string): Refusal => new Refusal(401, 109, message);
