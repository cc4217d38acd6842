/** A conversation of up to so many comments is drawn in full. */
const ALL_UP_TO = 100;

/** The rows within one screen above and below the viewport. */
const MARGIN = '100% 0px';

/**
 * Knows which rows of a large conversation are near the viewport. Only they get controls; the others keep their name,
 * time and text, which the browser's search and screen readers find.
 */
export class NearRows {
  #observer: IntersectionObserver | undefined;
  readonly #near = new Set<string>();
  #watched = new WeakSet<Element>();

  /** @param moved is called with the rows that came near or went far */
  constructor(private readonly moved: (ids: string[]) => void) {}

  isNear(id: string): boolean {
    return !this.#observer || this.#near.has(id);
  }

  /** Watches rows that were drawn since the last call. Those of the first call were drawn in full. */
  watch(root: HTMLElement): void {
    const rows = root.getElementsByClassName('own');
    if (rows.length <= ALL_UP_TO && !this.#observer) return;
    const first = !this.#observer;
    this.#observer ??= new IntersectionObserver((entries) => this.#take(entries), { rootMargin: MARGIN });
    for (const element of rows) {
      if (this.#watched.has(element)) continue;
      this.#watched.add(element);
      this.#observer.observe(element);
      if (first) this.#near.add(idOf(element.parentElement));
    }
  }

  stop(): void {
    this.#observer?.disconnect();
    this.#observer = undefined;
    this.#near.clear();
    this.#watched = new WeakSet();
  }

  #take(entries: IntersectionObserverEntry[]): void {
    const moved: string[] = [];
    for (const { target, isIntersecting } of entries) {
      if (!target.isConnected) this.#observer?.unobserve(target);
      const id = idOf(target.parentElement);
      // A control that has the focus stays, because the reader's next key starts from it.
      if (!id || isIntersecting === this.#near.has(id) || (!isIntersecting && target.matches(':focus-within')))
        continue;
      if (isIntersecting) this.#near.add(id);
      else this.#near.delete(id);
      moved.push(id);
    }
    if (moved.length) this.moved(moved);
  }
}

/** Returns the comment that an article on the page shows. */
export const idOf = (article: Element | null): string => article?.id.replace('rostra-comment-', '') ?? '';
