import { asProblem, type ApiProblem } from '../../shared/problem.js';

/** The fault of the publisher's service worker, shown to the site's engineers. */
export type WorkerFault = 'missing' | 'other' | 'silent' | 'types' | 'unnamed';

/** The reason why alerts could not be switched on or changed. */
export type AlertsTrouble =
  | { kind: 'undecided' }
  | { kind: 'provider' }
  | { kind: 'push'; message: string }
  | { kind: 'worker'; fault: WorkerFault; file: string; message: string }
  | { kind: 'server'; problem: ApiProblem };

/** Carries the reason of a failure to the panel that shows it. */
export class AlertsError extends Error {
  override name = 'AlertsError';

  constructor(readonly trouble: AlertsTrouble) {
    super(trouble.kind);
  }
}

/** Turns whatever was thrown into a reason that the panel can show. */
export function asTrouble(error: unknown): AlertsTrouble {
  return error instanceof AlertsError ? error.trouble : { kind: 'server', problem: asProblem(error) };
}

/** Returns the browser's own message. */
export const messageOf = (error: unknown): string =>
  error && typeof error === 'object' && 'message' in error ? String(error.message) : String(error);

/** Whether the site itself must be repaired before it can show alerts. */
export const isOfSite = (trouble: AlertsTrouble | undefined): boolean =>
  trouble?.kind === 'worker' || trouble?.kind === 'provider';
