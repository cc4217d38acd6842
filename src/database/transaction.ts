import { setTimeout as wait } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { sqlState, sqlStateOf } from './postgres-errors.js';
import type { Tx } from './rows.js';

const TRIES = 5;

/** The one door to transactions. */
@Injectable()
export class Transactions {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Runs `work` in a transaction (READ COMMITTED) and commits it. Deadlocks and serialization failures are tried
   * again with jitter, on a connection that was given back meanwhile; so `work` has no effect outside the database.
   */
  async run<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.dataSource.transaction(work);
      } catch (error) {
        const state = sqlStateOf(error);
        const again = state === sqlState.deadlockDetected || state === sqlState.serializationFailure;
        if (!again || attempt === TRIES) throw error;
        await wait(Math.random() * 20 * 2 ** attempt);
      }
    }
  }
}
