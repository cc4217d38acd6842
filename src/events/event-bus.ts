import { EventEmitter } from 'node:events';
import { Injectable } from '@nestjs/common';

/** Who should look again. */
type Audience =
  `browser:${string}` | `session:${string}` | `account:${string}` | `article:${string}` | `author:${string}` | 'staff';

export type Hint = readonly [audience: Audience, kind: string];

/**
 * "Somebody should look again." A hint may be lost and carries nothing worth having: whoever hears it reads the truth
 * from the database. Call `tell` after the commit, never within a transaction.
 */
@Injectable()
export class EventBus {
  private readonly emitter = new EventEmitter().setMaxListeners(50);

  /** Reaches this process's listeners at once and, by the doorbell, those of the others. */
  publish(audience: Audience, kind: string): void {
    const hint: Hint = [audience, kind];
    this.emitter.emit('outgoing', hint);
    this.receive(hint);
  }

  /** Hands on what another process told. */
  receive(hint: Hint): void {
    this.emitter.emit('hint', hint);
  }

  onEvent(listener: (hint: Hint) => void): void {
    this.emitter.on('hint', listener);
  }

  onOutgoing(listener: (hint: Hint) => void): void {
    this.emitter.on('outgoing', listener);
  }
}
