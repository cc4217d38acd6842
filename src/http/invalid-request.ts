import { StandardSchemaValidationPipe } from '@nestjs/common';
import { DomainError } from '../errors/domain-error.js';

type Issue = { message: string; path?: readonly (PropertyKey | { key: PropertyKey })[] | undefined };

/** Bad input: each error says where and what (400). */
export function invalidRequest(issues: readonly Issue[]): DomainError {
  const errors = issues.map(({ path = [], message }) => ({
    path: path.map((it) => String(typeof it === 'object' ? it.key : it)).join('.'),
    message,
  }));
  return new DomainError('request.invalid', 'invalid', {
    detail: errors.map((it) => (it.path ? `${it.path}: ${it.message}` : it.message)).join('; '),
    errors,
  });
}

/** Validates every parameter that names a schema; the handler gets the schema's output. */
export const validationPipe = (): StandardSchemaValidationPipe =>
  new StandardSchemaValidationPipe({ exceptionFactory: (issues) => invalidRequest(issues as readonly Issue[]) });
