/** An event of the server that carries no data: the page reads again what it stands for. */
export type Signal = 'feed' | 'queue' | 'held' | 'alert' | 'settings';

/** The listeners of the server's signals. */
export class Signals {
  readonly #listeners: ReadonlyMap<Signal, Set<() => void>>;

  /** @param names the signals that this page listens to */
  constructor(readonly names: readonly Signal[]) {
    this.#listeners = new Map(names.map((it) => [it, new Set()]));
  }

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
    for (const it of this.names) this.emit(it);
  }
}
