import { Injectable } from '@nestjs/common';
import type { Tx } from '../../database/rows.js';

type ProfileListener = (tx: Tx, accountId: string) => Promise<void>;

/**
 * The changes of accounts that other modules react to. Listeners run inside the transaction of the change, so the jobs
 * that they enqueue exist if and only if the change does.
 */
@Injectable()
export class AccountEvents {
  private readonly profileListeners: ProfileListener[] = [];

  /** Registers a listener for changes of an account's name, role or badge. */
  onPublicProfileChanged(listener: ProfileListener): void {
    this.profileListeners.push(listener);
  }

  async publicProfileChanged(tx: Tx, accountId: string): Promise<void> {
    for (const listener of this.profileListeners) await listener(tx, accountId);
  }
}
