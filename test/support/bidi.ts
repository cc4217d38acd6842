import { WebSocket } from 'ws';

interface Reply {
  id?: number;
  type: 'success' | 'error' | 'event';
  result?: unknown;
  error?: string;
  message?: string;
}

interface ScriptResult {
  type: 'success' | 'exception';
  result?: { value?: unknown };
  exceptionDetails?: { text: string };
}

/** A connection to a browser by WebDriver BiDi, for commands and scripts in a page. */
export class Bidi {
  private readonly waiting = new Map<number, { resolve: (result: unknown) => void; reject: (error: Error) => void }>();
  private lastId = 0;

  private constructor(private readonly socket: WebSocket) {
    socket.on('message', (data) => this.hear(JSON.parse((data as Buffer).toString()) as Reply));
    socket.on('close', () => {
      for (const it of this.waiting.values()) it.reject(new Error('The browser has hung up'));
    });
  }

  static async connect(url: string): Promise<Bidi> {
    const socket = new WebSocket(url);
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    return new Bidi(socket);
  }

  /** Sends a command. @throws Error with the browser's message */
  send<Result>(method: string, params: unknown = {}): Promise<Result> {
    const id = ++this.lastId;
    return new Promise<Result>((resolve, reject) => {
      const refused = (error: Error): void => reject(new Error(`${method}: ${error.message}`, { cause: error }));
      this.waiting.set(id, { resolve: (result) => resolve(result as Result), reject: refused });
      this.socket.send(JSON.stringify({ id, method, params }));
    });
  }

  /**
   * Runs a function in a page, or in the browser's own window. The function is sent as text, so it sees its arguments
   * and nothing of the test's scope. Its result is JSON.
   */
  async call<Result, Args extends unknown[]>(
    context: string,
    what: (...args: Args) => Result | Promise<Result>,
    ...args: Args
  ): Promise<Result> {
    const text = await this.run(
      context,
      `async () => JSON.stringify(await (${what.toString()})(...${JSON.stringify(args)}))`,
    );
    return (text === undefined ? undefined : JSON.parse(text as string)) as Result;
  }

  /** Returns the element of a function in the form of `input.performActions`, or undefined when there is none. */
  async element<Args extends unknown[]>(
    context: string,
    what: (...args: Args) => Element | null | undefined,
    ...args: Args
  ): Promise<{ sharedId: string } | undefined> {
    const node = await this.run(context, `() => (${what.toString()})(...${JSON.stringify(args)})`, true);
    const { sharedId } = (node ?? {}) as { sharedId?: string };
    return sharedId === undefined ? undefined : { sharedId };
  }

  close(): void {
    this.socket.terminate();
  }

  private async run(context: string, functionDeclaration: string, whole = false): Promise<unknown> {
    const answer = await this.send<ScriptResult>('script.callFunction', {
      functionDeclaration,
      target: { context },
      awaitPromise: true,
      userActivation: false,
    });
    if (answer.type === 'exception') throw new Error(`In the page: ${answer.exceptionDetails?.text}`);
    return whole ? answer.result : answer.result?.value;
  }

  private hear({ id, type, result, error, message }: Reply): void {
    const waiting = id === undefined ? undefined : this.waiting.get(id);
    if (!waiting) return;
    this.waiting.delete(id!);
    if (type === 'error') waiting.reject(new Error(`${error}: ${message}`));
    else waiting.resolve(result);
  }
}
