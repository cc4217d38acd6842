import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import { type Claim, idempotencyKey, requestHash } from '../../http/idempotency.js';
import type { ViewedRequest } from './access.js';
import { knownBrowser } from './cookies.js';

/**
 * Makes the claim of a request, from what distinguishes it from another one under the same key: path parameters and body.
 * Returns undefined when the request carries no Idempotency-Key.
 * @throws DomainError request.invalid (400) when the key is no UUID
 */
export type ClaimOf = (...parts: unknown[]) => Claim | undefined;

const claimParameter = createParamDecorator((route: string, context: ExecutionContext): ClaimOf => {
  const request = context.switchToHttp().getRequest<ViewedRequest>();
  return (...parts) => {
    const key = idempotencyKey(request.headers['idempotency-key']);
    if (key === undefined) return undefined;
    const browser = knownBrowser(request)?.toString('hex');
    const scope = request.viewer ? `account:${request.viewer.accountId}` : browser ? `browser:${browser}` : 'key';
    return { scope, key, hash: requestHash(route, ...parts) };
  };
});

/**
 * Lets a handler take an Idempotency-Key: `@Idempotent('report') claimOf: ClaimOf`. A key counts for one account, else for
 * one browser, else for everybody.
 * @param route the name of the request in the hash; it never changes, because stored keys hold it
 */
export const Idempotent =
  (route: string): ParameterDecorator =>
  (target, method, index) => {
    claimParameter(route)(target, method, index);
    const handler = Object.getOwnPropertyDescriptor(target, method!)!;
    ApiHeader({ name: 'Idempotency-Key', required: false, description: 'A UUID; a repeat gets the first answer.' })(
      target,
      method!,
      handler,
    );
  };
