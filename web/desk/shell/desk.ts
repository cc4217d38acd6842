import { PageLive } from '../../shared/page/live.js';
import type { Signal } from '../../shared/page/signals.js';
import { Notices } from './notices.js';
import type { CreatePages, DeskPage, Shell } from './page.js';
import { parseRoute, routeHash, type Route } from './route.js';
import { DeskSession } from './session.js';

/** From this width on an entry stands beside its list. */
const SIDE_BY_SIDE = '(min-width: 761px)';

/** While the socket is down the desk reads every 3 seconds, as `live.off` says; a socket is tried again soon. */
const LIVE: ConstructorParameters<typeof PageLive>[1] = {
  signals: ['queue', 'held', 'alert', 'settings'],
  pollMs: 3_000,
  reauthenticateMs: 30_000,
  socket: { minDelayMs: 500, maxDelayMs: 5_000 },
};

/** The desk around its pages: session, address, live events, notices. It calls `changed` when it is to be drawn anew. */
export class Desk implements Shell {
  readonly session = new DeskSession();
  readonly notices = new Notices();
  readonly live = new PageLive(this.session, LIVE);
  readonly pages: readonly DeskPage[];
  route: Route;
  announcement = '';
  inputs = 0;
  /** The account for which each page has begun. */
  readonly #begun = new Map<DeskPage, string>();
  #entered: DeskPage | undefined;
  readonly #wide = window.matchMedia(SIDE_BY_SIDE);
  readonly #names: readonly string[];
  #stops: (() => void)[] = [];

  constructor(
    createPages: CreatePages,
    private readonly changed: () => void,
  ) {
    this.pages = createPages(this);
    this.#names = this.pages.map((it) => it.name);
    this.route = parseRoute(location.hash, this.#names);
  }

  /** The page in view. */
  get page(): DeskPage {
    return this.pages.find((it) => it.name === this.route.page)!;
  }

  /** The pages that the signed-in account may use, in the order of the navigation. */
  get openPages(): DeskPage[] {
    const { account } = this.session;
    return account ? this.pages.filter((it) => it.isOpenTo(account)) : [];
  }

  /** Sentences for the sign-in form about unsaved work. */
  get unsaved(): string[] {
    return this.pages.flatMap((it) => it.unsaved ?? []);
  }

  get isWide(): boolean {
    return this.#wide.matches;
  }

  start(): void {
    const { session, notices, live } = this;
    this.#stops = [
      session.onChange(() => this.#sessionChanged()),
      notices.onChange(this.changed),
      live.onChange(this.changed),
      ...this.pages.flatMap((page) => this.#listen(page)),
    ];
    const on = (target: EventTarget, event: string, listener: (event: Event) => void, capture = false) => {
      target.addEventListener(event, listener, capture);
      this.#stops.push(() => target.removeEventListener(event, listener, capture));
    };
    on(window, 'hashchange', () => this.#followAddress());
    on(this.#wide, 'change', () => this.#followAddress());
    for (const input of ['keydown', 'pointerdown']) on(window, input, () => (this.inputs += 1), true);
    on(document, 'visibilitychange', () => document.hidden || void this.#refresh());
    on(window, 'online', () => void this.#refresh());
    on(window, 'offline', () => void this.#refresh());
    on(window, 'beforeunload', (event) => {
      if (this.pages.some((it) => it.blocksUnload)) event.preventDefault();
    });
    live.start();
  }

  stop(): void {
    for (const stop of this.#stops.splice(0)) stop();
    this.live.stop();
  }

  /** Follows a link of the desk at once, so that the next key never meets the entry before. */
  visit(hash: string): void {
    history.pushState(null, '', hash);
    this.#followAddress();
  }

  push(page: string, id: string | null): void {
    this.visit(routeHash(page, id));
  }

  replace(page: string, id: string | null): void {
    history.replaceState(null, '', routeHash(page, id));
    this.#followAddress();
  }

  announce(text: string): void {
    this.announcement = text;
    this.changed();
  }

  undoCountdown(): boolean {
    const countdown = this.pages.map((it) => it.countdown).find((it) => it !== undefined);
    countdown?.undo();
    return countdown !== undefined;
  }

  redraw(): void {
    this.changed();
  }

  /** Reads everything again, after the tab or the network was away. */
  async #refresh(): Promise<void> {
    await this.session.refresh();
    await this.#refreshPages(this.openPages);
  }

  async #refreshPages(pages: readonly DeskPage[]): Promise<void> {
    await Promise.all(pages.map((it) => it.refresh()));
  }

  /** Passes live events on to a page while the account may use it. */
  #listen(page: DeskPage): (() => void)[] {
    return (Object.keys(page.events) as Signal[]).map((signal) =>
      this.live.on(signal, () => {
        if (this.openPages.includes(page)) void page.events[signal]?.();
      }),
    );
  }

  #sessionChanged(): void {
    const account = this.session.account ?? null;
    const started: DeskPage[] = [];
    let moved = false;
    for (const page of this.pages) {
      const user = account && page.isOpenTo(account) ? account : undefined;
      if (user?.id === this.#begun.get(page)) continue;
      moved = true;
      if (user) {
        this.#begun.set(page, user.id);
        started.push(page);
      } else {
        this.#begun.delete(page);
        page.end?.();
      }
    }
    if (moved) this.#entered = undefined;
    for (const page of started) page.begin?.(account!);
    if (moved) this.#followAddress();
    void this.#refreshPages(started);
    if (!this.openPages.length) this.notices.clear();
    this.changed();
  }

  #followAddress(): void {
    this.route = parseRoute(location.hash, this.#names);
    const [first] = this.openPages;
    const { page } = this;
    if (!first) return this.changed();
    if (!this.openPages.includes(page)) return this.replace(first.name, null);
    const left = this.#entered;
    this.#entered = page;
    this.notices.here = page.noticeView ?? page.name;
    if (left && left !== page) left.leave?.();
    page.enter(this.route.id);
    this.changed();
  }
}
