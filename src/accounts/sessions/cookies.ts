import fastifyCookie from '@fastify/cookie';
import { randomBytes } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { hasBearer } from '../../http/origin.js';
import { sha256 } from './tokens.js';

const SESSION_COOKIE = '__Host-rostra';
const BROWSER_COOKIE = '__Host-rostra-browser';

const YEAR = 31_536_000;
const attributes = { path: '/', secure: true, httpOnly: true, sameSite: 'lax', maxAge: YEAR } as const;

/** Returns the token of a request. A bearer token takes precedence over the cookie. */
export function sessionToken(request: FastifyRequest): string | undefined {
  if (hasBearer(request)) return request.headers.authorization!.slice('Bearer '.length);
  return request.cookies[SESSION_COOKIE];
}

export function setSession(reply: FastifyReply, token: string): void {
  void reply.setCookie(SESSION_COOKIE, token, attributes);
}

export function clearSession(reply: FastifyReply): void {
  void reply.clearCookie(SESSION_COOKIE, { path: '/', secure: true, httpOnly: true, sameSite: 'lax' });
}

/** Returns the hash of the browser's random id, by which events reach all of its tabs. Sets a new id when it has none. */
export function ensureBrowser(request: FastifyRequest, reply: FastifyReply): Buffer {
  const known = knownBrowser(request);
  if (known) return known;
  const fresh = freshBrowser();
  fresh.setOn(reply);
  return fresh.hash;
}

/** Creates a browser id for a handler that decides later whether it sets the cookie. */
export function freshBrowser(): { hash: Buffer; setOn(reply: FastifyReply): void } {
  const id = randomBytes(24).toString('base64url');
  return { hash: sha256(id), setOn: (reply) => void reply.setCookie(BROWSER_COOKIE, id, attributes) };
}

/** Returns the hash of the browser's id, or undefined when the request brings none. */
export function knownBrowser(request: FastifyRequest): Buffer | undefined {
  const known = hasBearer(request) ? undefined : request.cookies[BROWSER_COOKIE];
  return isBrowserId(known) ? sha256(known) : undefined;
}

/** Returns the hash of the browser's id from a socket's Cookie header, as hex. */
export function browserOfHandshake(cookieHeader: string | undefined): string | undefined {
  const id = fastifyCookie.fastifyCookie.parse(cookieHeader ?? '')[BROWSER_COOKIE];
  return isBrowserId(id) ? sha256(id).toString('hex') : undefined;
}

const isBrowserId = (text: string | undefined): text is string => !!text && text.length >= 20 && text.length <= 100;
