import { Injectable } from '@nestjs/common';
import type { Tx } from '../../database/rows.js';
import { EventBus } from '../../events/event-bus.js';

declare module '../../events/event-map.js' {
  interface StaffEvents {
    alert: true;
  }
}

const PAUSE_MS = 1_000;

/** Publishes to the desk that an alert's counts changed: at once, and then once a second while they do. */
@Injectable()
export class AlertProgress {
  constructor(private readonly events: EventBus) {}

  publish(tx: Tx): void {
    this.events.publish(tx, 'alert', 'staff', PAUSE_MS);
  }
}
