import { setTimeout as wait } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { isPooled, timeoutsOf } from './data-source.js';
import { sqlState, sqlStateOf } from './postgres-errors.js';
import type { Tx } from './rows.js';

const TRIES = 5;
/** The only way to a transaction. */
@Injectable()
export class Transactions {
  private readonly log = new Logger('Transactions');

  constructor(private readonly dataSource: DataSource) {}

  /**
   * Runs `work` in a transaction (READ COMMITTED), commits it and then runs what `work` gave to `tx.afterCommit`.
   * Deadlocks and serialization failures are retried up to four times with jitter, so `work` must have no effect
   * outside the database other than through `tx.afterCommit`; effects of a failed attempt are dropped. `work` must
   * not swallow the error of a statement: Postgres then answers the commit with a rollback and no error.
   * @returns what the successful attempt of `work` returned
   * @throws the error of the last attempt
   */
  async run<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      const effects: (() => void)[] = [];
      try {
        const result = await this.dataSource.transaction(async (manager) => {
          if (isPooled(this.dataSource)) await manager.query(this.setTimeouts());
          return work(Object.assign(manager, { afterCommit: (effect: () => void) => void effects.push(effect) }));
        });
        this.runEffects(effects);
        return result;
      } catch (error) {
        const state = sqlStateOf(error);
        const retryable = state === sqlState.deadlockDetected || state === sqlState.serializationFailure;
        if (!retryable || attempt === TRIES) throw error;
        await wait(Math.random() * 20 * 2 ** attempt);
      }
    }
  }

  /** Sets the time-outs for one transaction, where the session is not ours. */
  private setTimeouts(): string {
    const settings = Object.entries(timeoutsOf(this.dataSource));
    return `select ${settings.map(([name, ms]) => `set_config('${name}', '${ms}', true)`).join(', ')}`;
  }

  private runEffects(effects: (() => void)[]): void {
    for (const effect of effects) {
      try {
        effect();
      } catch (error) {
        this.log.error(error);
      }
    }
  }
}
