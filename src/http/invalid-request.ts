import { StandardSchemaValidationPipe } from '@nestjs/common';
import { DomainError } from '../errors/domain-error.js';

type Issue = { message: string; path?: readonly (PropertyKey | { key: PropertyKey })[] | undefined };

// Messages repeat the input, so they are cut to keep the answer to a large request small.
const MOST_ERRORS = 20;
const LONGEST = 200;

/** Returns the error for bad input (400). Each entry says where the fault is and what it is. */
export function invalidRequest(issues: readonly Issue[]): DomainError {
  const errors = issues.slice(0, MOST_ERRORS).map(({ path = [], message }) => ({
    path: path.map((it) => String(typeof it === 'object' ? it.key : it)).join('.'),
    message: message.length > LONGEST ? `${message.slice(0, LONGEST)}...` : message,
  }));
  const faults = errors.map(({ path, message }) => {
    const fault = message.replace(/(?<!\.)\.$/, '');
    return path ? `${path} (${fault})` : fault;
  });
  return new DomainError('request.invalid', 'invalid', { detail: `Check these fields: ${faults.join('; ')}.`, errors });
}

/**
 * Refuses keys such as `constructor` like every unknown key, where Nest's own pipe drops them silently. That is safe: the
 * JSON parser refuses prototypes, and the schemas copy only the keys that they know.
 */
class SchemaPipe extends StandardSchemaValidationPipe {
  protected override stripProtoKeys(): void {}
}

/** Validates every parameter that names a schema; the handler gets the schema's output. */
export const validationPipe = (): StandardSchemaValidationPipe =>
  new SchemaPipe({ exceptionFactory: (issues) => invalidRequest(issues as readonly Issue[]) });
