import { StandardSchemaValidationPipe } from '@nestjs/common';
import { DomainError } from '../errors/domain-error.js';

type Issue = { message: string; path?: readonly (PropertyKey | { key: PropertyKey })[] | undefined };

// Messages repeat what was sent: the answer to a large request stays small.
const MOST_ERRORS = 20;
const LONGEST = 200;

/** Bad input: each error says where and what (400). */
export function invalidRequest(issues: readonly Issue[]): DomainError {
  const errors = issues.slice(0, MOST_ERRORS).map(({ path = [], message }) => ({
    path: path.map((it) => String(typeof it === 'object' ? it.key : it)).join('.'),
    message: message.length > LONGEST ? `${message.slice(0, LONGEST)}...` : message,
  }));
  return new DomainError('request.invalid', 'invalid', {
    detail: errors.map((it) => (it.path ? `${it.path}: ${it.message}` : it.message)).join('; '),
    errors,
  });
}

/**
 * Nest's own pipe takes keys such as `constructor` silently out of a body; here they are refused like every unknown key.
 * Nothing unsafe gets by: the JSON parser refuses prototypes, and the schemas copy the keys that they know.
 */
class SchemaPipe extends StandardSchemaValidationPipe {
  protected override stripProtoKeys(): void {}
}

/** Validates every parameter that names a schema; the handler gets the schema's output. */
export const validationPipe = (): StandardSchemaValidationPipe =>
  new SchemaPipe({ exceptionFactory: (issues) => invalidRequest(issues as readonly Issue[]) });
