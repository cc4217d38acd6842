import {
  applyDecorators,
  type CanActivate,
  createParamDecorator,
  type ExecutionContext,
  Injectable,
  SetMetadata,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ApiBearerAuth, ApiCookieAuth, ApiResponse } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { DomainError } from '../../errors/domain-error.js';
import { PublicRead } from '../../http/origin.js';
import { ApiKeysService } from './api-keys.service.js';
import { sessionToken } from './cookies.js';
import { SessionsService } from './sessions.service.js';
import { atLeast, type Role, type Viewer } from './viewer.js';

/**
 * The access rule of a handler. Every handler below /api/v1 has one; a handler without a rule is refused, and a test
 * fails.
 * - public: everyone; no session is read, and all callers get the same bytes
 * - anyone: everyone; the session is read when there is one
 * - signedIn: a signed-in reader
 * - verified: a signed-in reader whose address is confirmed
 * - moderator, editor, admin: staff of at least this role
 * - publisher: a server with an API key
 */
type Access = 'public' | 'anyone' | 'signedIn' | 'verified' | Exclude<Role, 'reader'> | 'publisher';

const ACCESS = 'rostra:access';
export type ViewedRequest = FastifyRequest & { viewer?: Viewer | undefined };

/** Sets the access rule of a handler and documents it in the OpenAPI description. */
export const Allow = (access: Access): MethodDecorator => {
  const parts: MethodDecorator[] = [SetMetadata(ACCESS, access)];
  if (access === 'public') parts.push(PublicRead());
  else if (access === 'publisher') parts.push(ApiBearerAuth('bearer'));
  else if (access !== 'anyone') parts.push(ApiCookieAuth('session'), ApiBearerAuth('bearer'));
  if (access !== 'public' && access !== 'anyone')
    parts.push(ApiResponse({ status: 401, description: 'session.required' }));
  return applyDecorators(...parts);
};

/** Injects the viewer of a request, which is undefined only when the rule is `anyone` or `public`. */
export const Me = createParamDecorator(
  (_data: unknown, context: ExecutionContext) => context.switchToHttp().getRequest<ViewedRequest>().viewer,
);

const signInFirst = new DomainError('session.required', 'unauthenticated', { detail: 'Sign in to do this.' });

@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly sessions: SessionsService,
    private readonly apiKeys: ApiKeysService,
  ) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    if (context.getType() !== 'http') return true; // realtime checks sockets itself
    const access = this.reflector.get<Access | undefined>(ACCESS, context.getHandler());
    if (access === 'public') return true; // answers without a promise, because all hot reads pass here
    return this.check(access, context.switchToHttp().getRequest<ViewedRequest>());
  }

  private async check(access: Exclude<Access, 'public'> | undefined, request: ViewedRequest): Promise<boolean> {
    if (!access) {
      // The matched route is compared, because `/%61pi/v1` is another spelling of the same route.
      if (!(request.routeOptions.url ?? request.url).startsWith('/api/v1/')) return true; // such as /health
      throw new DomainError('route.unlisted', 'forbidden');
    }
    const token = sessionToken(request);
    if (access === 'publisher') {
      if (token?.startsWith('rk_') && (await this.apiKeys.isValid(token))) return true;
      throw new DomainError('api_key.required', 'unauthenticated', { detail: 'Send an API key as a bearer token.' });
    }
    request.viewer = token ? await this.sessions.find(token) : undefined;
    if (access === 'anyone') return true;
    if (!request.viewer) throw signInFirst;
    if (access === 'signedIn') return true;
    if (!request.viewer.emailVerified)
      throw new DomainError('account.unverified', 'forbidden', { detail: 'Confirm your e-mail address first.' });
    if (access === 'verified' || atLeast(request.viewer.role, access)) return true;
    throw new DomainError('role.required', 'forbidden', {
      detail: `This is open to the role ${access} and higher roles only. Ask an admin for the role.`,
    });
  }
}
