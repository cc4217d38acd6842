import { Injectable } from '@nestjs/common';
import type { StaffEvent } from '../events/event-map.js';
import type { LiveServer } from './live.types.js';

/**
 * Finds changes for the desk by polling, because an event may be lost. The folder that owns the data provides the query
 * of its token, which is any text that differs whenever there is something new.
 */
@Injectable()
export class StaffChangeTokens {
  private readonly readers = new Map<StaffEvent, () => Promise<string>>();
  private readonly lastTokens = new Map<StaffEvent, string>();

  provide(event: StaffEvent, read: () => Promise<string>): void {
    this.readers.set(event, read);
  }

  /** Whether the event has a token. An event without one is passed on as it comes. */
  has(event: StaffEvent): boolean {
    return this.readers.has(event);
  }

  /** Sends the events whose token has changed. It reads the tokens also when nobody listens, so that no
   * listener starts from an old one. */
  async sendChanges(server: LiveServer): Promise<void> {
    for (const [event, read] of this.readers) {
      const token = await read();
      if (token === this.lastTokens.get(event)) continue;
      this.lastTokens.set(event, token);
      server.to('staff').emit(event);
    }
  }
}
