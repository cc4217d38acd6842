import { asProblem, type ApiProblem } from '../../shared/problem.js';

/** What is wrong with the publisher's service worker, told to the site's engineers. */
export type WorkerFault = 'missing' | 'other' | 'types' | 'unnamed';

/** Why alerts could not be switched on or changed. */
export type AlertsTrouble =
  | { kind: 'undecided' }
  | { kind: 'push'; message: string }
  | { kind: 'worker'; fault: WorkerFault; file: string; message: string }
  | { kind: 'server'; problem: ApiProblem };

/** Carries a trouble to where it is shown. */
export class AlertsError extends Error {
  override name = 'AlertsError';

  constructor(readonly trouble: AlertsTrouble) {
    super(trouble.kind);
  }
}

/** Whatever was thrown, as a trouble. */
export function asTrouble(error: unknown): AlertsTrouble {
  return error instanceof AlertsError ? error.trouble : { kind: 'server', problem: asProblem(error) };
}

/** The browser's own words. */
export const messageOf = (error: unknown): string =>
  error && typeof error === 'object' && 'message' in error ? String(error.message) : String(error);
