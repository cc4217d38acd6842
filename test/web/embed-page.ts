// The root type check has no browser types, but these specs load modules that need them. The build of src sees neither.
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

export interface Asked {
  method: string;
  path: string;
  body: unknown;
  headers: Record<string, string>;
  answer(status: number, json: unknown, headers?: Record<string, string>): void;
  lose(): void;
}

/** A WebSocket whose server is the test. */
export class FakeSocket {
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: (() => void) | null = null;
  onerror: ((event: unknown) => void) | null = null;
  readonly sent: string[] = [];

  constructor(readonly url: string) {}

  send(text: string): void {
    this.sent.push(text);
  }

  close(): void {}

  /** Gives the page a packet of the Socket.IO protocol. */
  receive(packet: string): void {
    this.onmessage?.({ data: packet });
  }
}

/** Plays the browser, as far as the embed's modules use it while they load, and a server that a test answers for. */
export class FakePage {
  readonly asked: Asked[] = [];
  readonly document = Object.assign(new EventTarget(), { visibilityState: 'visible', querySelector: () => null });
  readonly sockets: FakeSocket[] = [];
  private readonly window = new EventTarget();
  private readonly waiting: (() => void)[] = [];

  /** Puts the globals in place; import the modules only afterwards. */
  install(): this {
    const { asked, sockets, waiting, window, document } = this;
    class WebSocket extends FakeSocket {
      constructor(url: string) {
        super(url);
        sockets.push(this);
      }
    }
    const fetch = (
      url: string,
      { method, body, headers }: { method: string; body?: string; headers: Record<string, string> },
    ) =>
      new Promise((resolve, reject) => {
        asked.push({
          method,
          path: url.replace(/^.*\/api\/v1/, ''),
          body: body && JSON.parse(body),
          headers,
          answer: (status, json, headers = {}) => resolve(new Response(JSON.stringify(json), { status, headers })),
          lose: () => reject(new Error('lost')),
        });
        for (const check of waiting.splice(0)) check();
      });
    // Timers of the page must not keep the test run from ending.
    const timer = globalThis.setTimeout;
    const setTimeout = (work: () => void, ms?: number) => timer(work, ms).unref();
    Object.assign(globalThis, {
      setTimeout,
      WebSocket,
      fetch,
      document,
      location: new URL('https://post.example/stories/ferries'),
      addEventListener: window.addEventListener.bind(window),
      removeEventListener: window.removeEventListener.bind(window),
      navigator: {},
      BroadcastChannel: undefined,
    });
    return this;
  }

  /** Resolves to the next request of this path that no caller took yet, as soon as it is made. */
  async request(path: string | RegExp): Promise<Asked> {
    for (;;) {
      const at = this.asked.findIndex((it) => it.path.match(path));
      if (at >= 0) return this.asked.splice(at, 1)[0]!;
      await new Promise<void>((done) => this.waiting.push(done));
    }
  }
}
