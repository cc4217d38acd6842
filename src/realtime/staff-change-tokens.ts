import { Injectable } from '@nestjs/common';
import type { StaffEvent } from '../events/event-map.js';
import type { LiveServer } from './live.types.js';

/** A mark changes whenever there is something new for the desk; the room that knows what, says how it is read. */
@Injectable()
export class StaffChangeTokens {
  private readonly reads = new Map<StaffEvent, () => Promise<string>>();
  private readonly seen = new Map<StaffEvent, string>();

  provide(event: StaffEvent, read: () => Promise<string>): void {
    this.reads.set(event, read);
  }

  /** Whether it is found by looking; otherwise a hint is all there is. */
  has(event: StaffEvent): boolean {
    return this.reads.has(event);
  }

  /** Compares the marks with those of the last look. Also where no staff listens, so that none begins with an old one. */
  async compare(server: LiveServer): Promise<void> {
    for (const [event, read] of this.reads) {
      const mark = await read();
      if (mark === this.seen.get(event)) continue;
      this.seen.set(event, mark);
      server.to('staff').emit(event);
    }
  }
}
