import { ApiProblem } from '../../shared/problem.js';

/** The pauses before a failed load is tried again. */
const PAUSES_MS = [250, 1_500];

const wait = (ms: number) => new Promise((done) => setTimeout(done, ms));

/**
 * Code that only an interaction needs. It is loaded once, at its first use or by an earlier `prefetch`. A load that
 * failed is tried again, also by the next use.
 */
export class OnDemand<T> {
  /** The code, as soon as it is here. */
  loaded: T | undefined;
  #loading: Promise<T> | undefined;
  #tries = 0;
  /** The address that failed. Some browsers keep a failure for good, so a retry asks with a query. */
  #failed: string | undefined;

  /** @param load a dynamic import, whose chunk takes the file's name */
  constructor(
    private readonly load: () => Promise<T>,
    private readonly pausesMs = PAUSES_MS,
  ) {}

  /** @throws ApiProblem `client.not_loaded` when the code did not load after some tries */
  get(): Promise<T> {
    this.#loading ??= this.#loadWithRetries().finally(() => {
      if (!this.loaded) this.#loading = undefined;
    });
    return this.#loading;
  }

  /** Loads the code early; a failure is left to its use. */
  prefetch(): void {
    this.get().catch(() => undefined);
  }

  async #loadWithRetries(): Promise<T> {
    for (const pause of [...this.pausesMs, undefined]) {
      try {
        return (this.loaded = await this.#loadOnce());
      } catch (error) {
        this.#failed = /https?:\/\/[^\s?]+/.exec(String(error))?.[0] ?? this.#failed;
        if (pause !== undefined) await wait(pause);
      }
    }
    throw new ApiProblem(0, { code: 'client.not_loaded' });
  }

  #loadOnce(): Promise<T> {
    this.#tries += 1;
    return this.#failed ? (import(/* @vite-ignore */ `${this.#failed}?${this.#tries}`) as Promise<T>) : this.load();
  }
}
