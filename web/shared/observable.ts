/** Base of objects that call listeners after each change. The desk's root element draws anew then. */
export class Observable {
  readonly #listeners = new Set<() => void>();

  /** Calls `listener` after every change. @returns a function that removes it */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  protected changed(): void {
    for (const listener of this.#listeners) listener();
  }
}

/**
 * Returns a function that runs `run` once at a time, and exactly once more for all calls that came meanwhile. A burst
 * of events costs two reads, and the last read begins after the last event.
 */
export function coalesce(run: () => Promise<void>): () => Promise<void> {
  let current: Promise<void> | undefined;
  let following: Promise<void> | undefined;
  const start = (): Promise<void> => {
    current = run().finally(() => (current = undefined));
    return current;
  };
  return () => {
    if (!current) return start();
    following ??= current
      .catch(() => {})
      .then(() => {
        following = undefined;
        return start();
      });
    return following;
  };
}
