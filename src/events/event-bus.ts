import { EventEmitter } from 'node:events';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Tx } from '../database/rows.js';
import type { AppEvent, EventMap } from './event-map.js';

/**
 * Publishes typed events (event-map.ts) to this process and, by PostgresNotifyTransport, to the others. An event only
 * asks its listeners to read again: it may be lost, and it carries no data.
 */
@Injectable()
export class EventBus implements OnApplicationShutdown {
  private readonly emitter = new EventEmitter().setMaxListeners(50);
  /** The events that were published within their pause, with whether one more came meanwhile. */
  private readonly paused = new Map<string, { timer: NodeJS.Timeout; again: boolean }>();

  /**
   * Publishes an event when the transaction commits. A transaction that is retried publishes once, and one that is
   * rolled back publishes nothing.
   * @param pauseMs for events that come in bursts: after one, the next waits for this long and stands for all of them
   */
  publish<Kind extends keyof EventMap>(
    tx: Pick<Tx, 'afterCommit'>,
    kind: Kind,
    audience: EventMap[Kind],
    pauseMs = 0,
  ): void {
    const event = { kind, audience } as AppEvent;
    tx.afterCommit(() => (pauseMs ? this.sendWithPause(event, pauseMs) : this.send(event)));
  }

  private send(event: AppEvent): void {
    this.emitter.emit('outgoing', event);
    this.deliverEvent(event);
  }

  private sendWithPause(event: AppEvent, pauseMs: number): void {
    const key = `${event.audience} ${event.kind}`;
    const pause = this.paused.get(key);
    if (pause) {
      pause.again = true;
      return;
    }
    const begun = {
      again: false,
      timer: setTimeout(() => {
        this.paused.delete(key);
        if (begun.again) this.sendWithPause(event, pauseMs);
      }, pauseMs),
    };
    this.paused.set(key, begun);
    this.send(event);
  }

  onApplicationShutdown(): void {
    for (const { timer } of this.paused.values()) clearTimeout(timer);
  }

  /** Delivers an event to this process's listeners. The transport calls it for events of other processes. */
  deliverEvent(event: AppEvent): void {
    this.emitter.emit('event', event);
  }

  onEvent(listener: (event: AppEvent) => void): void {
    this.emitter.on('event', listener);
  }

  /** Registers a listener for the events that this process publishes. */
  onOutgoing(listener: (event: AppEvent) => void): void {
    this.emitter.on('outgoing', listener);
  }
}
