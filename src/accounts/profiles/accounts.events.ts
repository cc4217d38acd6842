import { Injectable } from '@nestjs/common';
import type { Tx } from '../../database/rows.js';

type ProfileListener = (tx: Tx, accountId: string) => Promise<void>;

/** What rooms above listen to. Listeners run inside the transaction, so what they enqueue is as sure as the change. */
@Injectable()
export class AccountEvents {
  private readonly profileListeners: ProfileListener[] = [];

  /** An account's public face (name, badge) changed. */
  onPublicProfileChanged(listener: ProfileListener): void {
    this.profileListeners.push(listener);
  }

  async publicProfileChanged(tx: Tx, accountId: string): Promise<void> {
    for (const listener of this.profileListeners) await listener(tx, accountId);
  }
}
