import type { ArticleFrame } from '../contract.js';
import type { ArticleStream } from './article-stream.js';
import { sendOp } from './socket-ops.js';
import type { LiveSocket } from './socket.js';

const REJOIN_MS = 5_000;

/** The article streams of the page, which the socket joins whenever it is connected. */
export class JoinedStreams {
  readonly #streams = new Set<ArticleStream>();
  readonly #socket: LiveSocket;

  constructor(socket: LiveSocket) {
    this.#socket = socket;
  }

  [Symbol.iterator](): Iterator<ArticleStream> {
    return this.#streams.values();
  }

  add(stream: ArticleStream): void {
    this.#streams.add(stream);
    if (this.#socket.connected) void this.#join(stream);
  }

  /** Closes the stream and leaves its article. */
  remove(stream: ArticleStream): void {
    this.#streams.delete(stream);
    stream.close();
    if (this.#socket.connected) void sendOp(this.#socket, { op: 'leave', article: stream.key }).catch(() => undefined);
  }

  /** Joins every article again, on a new connection. */
  joinAll(): void {
    for (const it of this.#streams) void this.#join(it);
  }

  receive({ article, ...frame }: ArticleFrame): void {
    for (const it of this.#streams) if (it.keys.has(article)) it.receive(frame);
  }

  /** Reads `/events` for an article of which the socket sends no more. */
  catchUp(article: string): void {
    for (const it of this.#streams) if (it.keys.has(article)) it.catchUp().catch(() => undefined);
  }

  async #join(stream: ArticleStream): Promise<void> {
    const after = stream.position;
    const socket = this.#socket;
    const ack = await sendOp(socket, { op: 'join', article: stream.key, after }).catch(() => undefined);
    const isCurrent = () => this.#streams.has(stream) && socket.connected;
    if (!isCurrent()) return;
    if (!ack?.ok) {
      // The join was refused or not acknowledged: the page reads what there is, and joins again later.
      stream.catchUp().catch(() => undefined);
      setTimeout(() => {
        if (isCurrent()) void this.#join(stream);
      }, REJOIN_MS);
      return;
    }
    if (ack.article) stream.keys.add(ack.article);
    // The server follows from before our position: it is a moment late, or its log was put back from an older copy.
    // `/events` tells which.
    if (ack.position !== undefined && ack.position < after) stream.catchUp().catch(() => undefined);
  }
}
