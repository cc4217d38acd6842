/**
 * Runs work on the browser's subscription while no other tab and no worker of the site does, because two at once could
 * end each other's. A browser without Web Locks runs it at once.
 */
export function whileNobodyElse<Result>(work: () => Promise<Result>): Promise<Result> {
  const { locks } = (globalThis.navigator ?? {}) as { locks?: LockManager };
  return locks ? (locks.request('rostra-alerts', work) as Promise<Result>) : work();
}
