import { Injectable } from '@nestjs/common';
import { Clock } from '../clock/clock.js';
import { LiveSource } from './live-source.js';
import type { LiveServer } from './live.types.js';

/** An entry of the log is dated when it is written; its transaction has this long to end. */
const SLACK_MS = 5_000;

/** Tells those who follow somebody to read their feed again, once for each entry of the conversation log. */
@Injectable()
export class Feeds {
  private lookedAt: number | undefined;
  /** The entries that were told, as far back as a look reads. */
  private told = new Set<string>();

  constructor(
    private readonly source: LiveSource,
    private readonly clock: Clock,
  ) {}

  /** Reads what the log tells of since the last look. */
  async look(server: LiveServer): Promise<void> {
    const now = this.clock.now().getTime();
    const entries = await this.source.get().recentActivity(Math.max(0, now - (this.lookedAt ?? now)) + SLACK_MS);
    const rooms = entries
      .filter(({ entry }) => !this.told.has(entry))
      .flatMap(({ authors }) => authors.map((it) => `author:${it}`))
      .filter((it) => server.sockets.adapter.rooms.has(it));
    // To all rooms at once: who follows several of these authors hears it once.
    if (rooms.length) server.to([...new Set(rooms)]).emit('feed');
    this.told = new Set(entries.map(({ entry }) => entry));
    this.lookedAt = now;
  }
}
