import { Injectable, Logger } from '@nestjs/common';
import { ArticleStream } from './article-stream.js';
import { LiveSource } from './live-source.js';
import type { LiveServer, LiveSocket } from './live.types.js';

/** The streams of all articles that have readers on this node. */
@Injectable()
export class ArticleStreams {
  private readonly log = new Logger('Live');
  private readonly streams = new Map<string, ArticleStream>();

  constructor(private readonly source: LiveSource) {}

  /** @returns undefined when there is no such article */
  async join(
    server: LiveServer,
    socket: LiveSocket,
    key: string,
    after: number | undefined,
  ): Promise<{ position: number; article: string } | undefined> {
    const place = await this.source.get().position(key);
    if (!place) return undefined;
    let stream = this.streams.get(place.id);
    if (!stream) {
      stream = new ArticleStream(place.id, place.key, place.seq, this.source.get(), server, (error) =>
        this.log.warn(`Article ${place.id}: ${(error as Error).message}`),
      );
      this.streams.set(place.id, stream);
    }
    return { position: await stream.join(socket, after), article: stream.key };
  }

  async leave(socket: LiveSocket, key: string): Promise<void> {
    const place = await this.source.get().position(key);
    const stream = place && this.streams.get(place.id);
    await stream?.leave(socket);
    this.forgetIdle(stream);
  }

  /** Removes a socket that has disconnected. */
  leaveAll(socket: LiveSocket): void {
    for (const id of socket.data.roomsByArticle.keys()) {
      const stream = this.streams.get(id);
      stream?.remove(socket);
      this.forgetIdle(stream);
    }
  }

  /** Handles the event that an article's log grew. */
  advanceSoon(id: string): void {
    this.streams.get(id)?.advanceSoon();
  }

  /** Compares the position of every article that is read here, because an event may be lost. */
  async poll(): Promise<void> {
    for (const stream of this.streams.values()) this.forgetIdle(stream);
    const watched = [...this.streams.values()];
    if (!watched.length) return;
    const positions = await this.source.get().positions(watched.map((it) => it.id));
    for (const stream of watched) if ((positions.get(stream.id) ?? 0) !== stream.emitted) stream.advanceSoon();
  }

  private forgetIdle(stream: ArticleStream | undefined): void {
    if (stream?.idle && this.streams.get(stream.id) === stream) this.streams.delete(stream.id);
  }
}
