import fastifyCookie from '@fastify/cookie';
import { createHash, randomBytes } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { hasBearer } from '../../http/origin.js';

const SESSION_COOKIE = '__Host-rostra';
const BROWSER_COOKIE = '__Host-rostra-browser';

const YEAR = 31_536_000;
const attributes = { path: '/', secure: true, httpOnly: true, sameSite: 'lax', maxAge: YEAR } as const;

/** Browsers send the session in a cookie, other clients as a bearer; a request with both counts as the latter. */
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

export const browserHash = (id: string): Buffer => createHash('sha256').update(id).digest();

/** The browser's own random id, by which all its tabs are told together; made where it has none. */
export function ensureBrowser(request: FastifyRequest, reply: FastifyReply): Buffer {
  const known = knownBrowser(request);
  if (known) return known;
  const fresh = freshBrowser();
  fresh.give(reply);
  return fresh.hash;
}

/** A new browser's id, for an answer that knows late whether it is to hand it out. */
export function freshBrowser(): { hash: Buffer; give(reply: FastifyReply): void } {
  const id = randomBytes(24).toString('base64url');
  return { hash: browserHash(id), give: (reply) => void reply.setCookie(BROWSER_COOKIE, id, attributes) };
}

/** The browser's hash where it has an id. */
export function knownBrowser(request: FastifyRequest): Buffer | undefined {
  const known = hasBearer(request) ? undefined : request.cookies[BROWSER_COOKIE];
  return isBrowserId(known) ? browserHash(known) : undefined;
}

/** The browser of a socket's handshake, as hex; from the Cookie header. */
export function browserOfHandshake(cookieHeader: string | undefined): string | undefined {
  const id = fastifyCookie.fastifyCookie.parse(cookieHeader ?? '')[BROWSER_COOKIE];
  return isBrowserId(id) ? browserHash(id).toString('hex') : undefined;
}

const isBrowserId = (text: string | undefined): text is string => !!text && text.length >= 20 && text.length <= 100;
