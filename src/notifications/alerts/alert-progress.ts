import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { EventBus } from '../../events/event-bus.js';

const EVERY_MS = 1_000;

/** Tells the desk that an alert's counts have moved: at once, and then once a second for as long as they do. */
@Injectable()
export class AlertProgress implements OnApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;
  private again = false;

  constructor(private readonly events: EventBus) {}

  /** After the commit. */
  moved(): void {
    if (this.timer) {
      this.again = true;
      return;
    }
    this.again = false;
    this.events.publish('staff', 'alert');
    this.timer = setTimeout(() => {
      this.timer = undefined;
      if (this.again) this.moved();
    }, EVERY_MS);
  }

  onApplicationShutdown(): void {
    clearTimeout(this.timer);
  }
}
