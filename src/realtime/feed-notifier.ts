import { Injectable } from '@nestjs/common';
import { Clock } from '../clock/clock.js';
import { LiveSource } from './live-source.js';
import type { LiveServer } from './live.types.js';

/** The time that a transaction may take to commit after it has dated its log entry. */
const SLACK_MS = 5_000;

/** Asks the followers of an author to read their feed again, once for each entry of the conversation log. */
@Injectable()
export class FeedNotifier {
  private polledAt: number | undefined;
  /** The entries that were published, as far back as one poll reads. */
  private sent = new Set<string>();

  constructor(
    private readonly source: LiveSource,
    private readonly clock: Clock,
  ) {}

  /** Publishes the entries that were appended to the logs since the last poll. */
  async sendChanges(server: LiveServer): Promise<void> {
    const now = this.clock.elapsed();
    const entries = await this.source.get().recentActivity(Math.ceil(now - (this.polledAt ?? now)) + SLACK_MS);
    const rooms = entries
      .filter(({ entry }) => !this.sent.has(entry))
      .flatMap(({ authors }) => authors.map((it) => `author:${it}`))
      .filter((it) => server.sockets.adapter.rooms.has(it));
    // One emit for all rooms, so that a follower of several of these authors gets one event.
    if (rooms.length) server.to([...new Set(rooms)]).emit('feed');
    this.sent = new Set(entries.map(({ entry }) => entry));
    this.polledAt = now;
  }
}
