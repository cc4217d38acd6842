const SIGNALS = ['feed', 'queue', 'alert', 'settings'] as const;
/** An event of the server that carries no data: the page reads again what it stands for. */
export type Signal = (typeof SIGNALS)[number];

/** The listeners of the server's signals. */
export class Signals {
  readonly names = SIGNALS;
  readonly #listeners = new Map<Signal, Set<() => void>>(SIGNALS.map((it) => [it, new Set()]));

  /** Adds a listener. @returns a function that removes it */
  on(signal: Signal, listener: () => void): () => void {
    this.#listeners.get(signal)!.add(listener);
    return () => this.#listeners.get(signal)!.delete(listener);
  }

  emit(signal: Signal): void {
    for (const listener of this.#listeners.get(signal)!) listener();
  }

  /** Calls all listeners, because a signal may have been missed. */
  emitAll(): void {
    for (const it of SIGNALS) this.emit(it);
  }
}
