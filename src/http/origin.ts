import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { sendProblem } from './problem.js';
import { isWebhook, isWebhookWithSlash } from './webhook.js';

/**
 * The rule for calls from a browser:
 * - public reads, and the preflights for them, answer anyone, without credentials, and never set a cookie;
 * - everything else answers only the exact origins of our sites, by ALLOWED_ORIGINS and their settings, with
 *   credentials;
 * - a missing Origin passes with `Authorization: Bearer` (cookies are then ignored), on a webhook, and on a GET or
 *   HEAD of the same origin, for which pages send none.
 * There is no CSRF token, because browsers set Origin on every unsafe request.
 */
interface RouteAccess {
  publicRead?: boolean;
  /** The methods that are public reads on a path. Its OPTIONS route carries them. */
  publicMethods?: ReadonlySet<string>;
}

/** Marks a handler as a public read, which sends the same bytes to every reader. */
export const PublicRead = (): MethodDecorator => RouteConfig({ publicRead: true } satisfies RouteAccess);

const METHODS = 'GET, HEAD, POST, PUT, PATCH, DELETE';
const HEADERS = 'authorization, content-type, idempotency-key, if-none-match';
const EXPOSED = 'date, etag, retry-after';

const accessOf = (request: FastifyRequest): RouteAccess => (request.routeOptions.config as RouteAccess) ?? {};

/** Whether a request is a public read, which changes nothing and knows nobody. */
export const isPublicRead = (request: FastifyRequest): boolean => accessOf(request).publicRead === true;

/** Whether a request carries a bearer token, so that its cookies are ignored. */
export const hasBearer = (request: FastifyRequest): boolean =>
  /^Bearer \S+$/i.test(request.headers.authorization ?? '');

function allowAnyone(reply: FastifyReply): void {
  void reply.header('access-control-allow-origin', '*').header('access-control-expose-headers', EXPOSED);
}

function allowOrigin(reply: FastifyReply, origin: string): void {
  void reply
    .header('access-control-allow-origin', origin)
    .header('access-control-allow-credentials', 'true')
    .header('access-control-expose-headers', EXPOSED);
}

function preflight(reply: FastifyReply): void {
  void reply
    .header('access-control-allow-methods', METHODS)
    .header('access-control-allow-headers', HEADERS)
    .header('access-control-max-age', '600')
    .status(204)
    .send();
}

/** Adds the rule to every route below `base`; call before routes are registered. */
export function guardOrigins(server: FastifyInstance, base: string, allows: (origin: string) => boolean): void {
  // A public GET needs a preflight too when the site's script sends a header such as If-None-Match.
  const publicMethods = new Map<string, Set<string>>();
  server.addHook('onRoute', ({ url, method, config }) => {
    if (!(config as RouteAccess | undefined)?.publicRead) return;
    const known = publicMethods.get(url);
    const methods = known ?? new Set<string>();
    for (const it of [method].flat()) methods.add(it);
    if (known) return;
    publicMethods.set(url, methods);
    server.options(url, { config: { publicMethods: methods } }, (_request, reply) => {
      preflight(reply);
    });
  });

  server.addHook('onRequest', (request, reply, done) => {
    // The matched route decides, because `/%61pi/v1` and absolute URLs reach the same handlers.
    if (!(request.routeOptions.url ?? request.url).startsWith(base)) return done();
    const { origin } = request.headers;
    const { publicRead, publicMethods } = accessOf(request);
    // The requested method decides, because one path may be a public read by GET and a private write by POST.
    if (publicRead || publicMethods?.has(request.headers['access-control-request-method'] ?? '')) {
      allowAnyone(reply);
      return done();
    }
    void reply.header('vary', 'Origin').header('cache-control', 'no-store');
    if (origin !== undefined) {
      if (!allows(origin)) return refuse(reply, `This site (${origin.slice(0, 100)}) is not one that may call Rostra.`);
      allowOrigin(reply, origin);
      if (request.method === 'OPTIONS') return preflight(reply);
      return done();
    }
    if (hasBearer(request) || isWebhook(request) || isWebhookWithSlash(request)) return done();
    const safe = request.method === 'GET' || request.method === 'HEAD';
    // Embedded content such as an image sends no Origin either; browsers mark it by Sec-Fetch-Site.
    const embedded = /^(cross|same)-site$/.test(String(request.headers['sec-fetch-site']));
    if (!safe || embedded) return refuse(reply, 'The request names no Origin.');
    done();
  });
}

/** Refuses a request of HTTP/1.1 without `Host` (RFC 9112 3.2). */
export function refuseWithoutHost(server: FastifyInstance): void {
  server.addHook('onRequest', ({ raw, headers }, reply, done) => {
    if (headers.host !== undefined || raw.httpVersion !== '1.1') return done();
    sendProblem(reply, 400, 'request.malformed', {
      detail: 'The request has no Host header.',
      errors: [{ path: '', message: 'has no Host header' }],
    });
  });
}

function refuse(reply: FastifyReply, detail: string): void {
  sendProblem(reply, 403, 'origin.refused', { detail });
}
