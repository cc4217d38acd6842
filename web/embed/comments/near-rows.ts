import { idOf } from './view.js';

/** A conversation of up to so many comments is drawn in full. */
const ALL_UP_TO = 100;

/** The rows within one screen above and below the viewport. */
const MARGIN = '100% 0px';

/**
 * Knows which rows of a large conversation are near the viewport. Only they are drawn in full; the others are a name, a
 * time and a text, which the browser's search and screen readers find.
 */
export class NearRows {
  #observer: IntersectionObserver | undefined;
  readonly #near = new Set<string>();
  /** The rows that were drawn in full, before there were many. */
  #first: Element[] = [];

  /** @param moved is called with the rows that came near or went far */
  constructor(private readonly moved: (ids: string[]) => void) {}

  isNear(id: string): boolean {
    return !this.#observer || this.#near.has(id);
  }

  /** Watches a row that is drawn for the first time. */
  watch(row: Element): void {
    if (this.#observer) return this.#observer.observe(row);
    if (this.#first.push(row) <= ALL_UP_TO) return;
    this.#observer = new IntersectionObserver((entries) => this.#take(entries), { rootMargin: MARGIN });
    for (const it of this.#first.splice(0)) {
      this.#near.add(idOf(it.parentElement));
      this.#observer.observe(it);
    }
  }

  stop(): void {
    this.#observer?.disconnect();
    this.#observer = undefined;
    this.#near.clear();
    this.#first = [];
  }

  #take(entries: IntersectionObserverEntry[]): void {
    const moved: string[] = [];
    for (const { target, isIntersecting } of entries) {
      const id = idOf(target.parentElement);
      if (!target.isConnected) {
        this.#observer?.unobserve(target);
        continue;
      }
      // A control that has the focus stays, because the reader's next key starts from it.
      const stays = !isIntersecting && target.matches(':focus-within');
      if (stays || isIntersecting === this.#near.has(id)) continue;
      if (isIntersecting) this.#near.add(id);
      else this.#near.delete(id);
      moved.push(id);
    }
    if (moved.length) this.moved(moved);
  }
}
