import { api } from '../../shared/api.js';
import { translator } from '../../shared/strings/translate.js';
import { derivedKey } from '../common/article-key.js';
import { LIVE_COUNT, type LiveCount } from '../common/live-count.js';

const t = translator({ comments: { one: '{n} comment', other: '{n} comments' } });

/** The number of keys that one request accepts. */
const MAX_KEYS = 100;

let waiting = new Map<string, Set<(count: number) => void>>();
let timer: ReturnType<typeof setTimeout> | undefined;

/** Asks for a key's count together with all others that this page asks for within 20 ms. */
function requestCount(key: string, listener: (count: number) => void): void {
  const listeners = waiting.get(key) ?? new Set();
  waiting.set(key, listeners.add(listener));
  timer ??= setTimeout(() => {
    const asked = waiting;
    waiting = new Map();
    timer = undefined;
    const keys = [...asked.keys()];
    for (let at = 0; at < keys.length; at += MAX_KEYS) void requestCounts(keys.slice(at, at + MAX_KEYS), asked);
  }, 20);
}

async function requestCounts(keys: string[], asked: typeof waiting): Promise<void> {
  try {
    const { counts } = await api.post('/comment-counts', { body: { keys }, public: true });
    for (const key of keys) for (const listener of asked.get(key) ?? []) listener(counts[key] ?? 0);
  } catch {
    // A page works without the numbers.
  }
}

/**
 * `<rostra-count article="key">` or `<rostra-count url="…">` shows how many comments an article has, and nothing while
 * it has none. It follows a conversation of that article on the same page. Its attribute `count` holds the number for the
 * page's own styles. It uses no library, because count.js holds nothing else.
 */
export class RostraCount extends HTMLElement {
  static readonly observedAttributes = ['article', 'url'];
  #root: ShadowRoot | undefined;
  /** Counts the articles that were asked for, so that an answer for an earlier one is dropped. */
  #asks = 0;
  #key: string | undefined;

  connectedCallback(): void {
    addEventListener(LIVE_COUNT, this.#follow);
    if (this.#root) return;
    this.#root = this.attachShadow({ mode: 'open' });
    try {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(':host{font-variant-numeric:tabular-nums}');
      this.#root.adoptedStyleSheets = [sheet];
    } catch {
      // This browser makes no sheets, and the digits have different widths.
    }
    this.#askAgain();
  }

  disconnectedCallback(): void {
    removeEventListener(LIVE_COUNT, this.#follow);
  }

  readonly #follow = (event: Event) => {
    const { keys, count } = (event as CustomEvent<LiveCount>).detail;
    if (!this.#key || !keys.includes(this.#key)) return;
    // An answer that is still on its way may be older.
    this.#asks += 1;
    this.#show(count);
  };

  attributeChangedCallback(): void {
    if (this.#root) this.#askAgain();
  }

  #askAgain(): void {
    // There is no number for an address that cannot be read, nor without a secure context to make its key in.
    this.#ask().catch(() => undefined);
  }

  async #ask(): Promise<void> {
    const [article, url] = RostraCount.observedAttributes.map((it) => this.getAttribute(it));
    // The number of the article before is not this one's, whatever becomes of the request.
    this.#show(undefined);
    const ask = (this.#asks += 1);
    this.#key = undefined;
    if (!article && !url) return;
    const key = article || (await derivedKey(new URL(url ?? '', this.baseURI).href));
    if (ask !== this.#asks) return;
    this.#key = key;
    requestCount(key, (count) => {
      if (ask === this.#asks) this.#show(count);
    });
  }

  #show(count: number | undefined): void {
    if (count === undefined) this.removeAttribute('count');
    else this.setAttribute('count', String(count));
    this.#root!.replaceChildren(count ? t('comments', { n: count }) : '');
  }
}
