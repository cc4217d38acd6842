import { Injectable } from '@nestjs/common';
import type { Tx } from '../../database/rows.js';

type FaceListener = (tx: Tx, accountId: string) => Promise<void>;

/** What rooms above listen to. Listeners run inside the transaction, so what they enqueue is as sure as the change. */
@Injectable()
export class AccountEvents {
  private readonly faceListeners: FaceListener[] = [];

  /** An account's public face (name, badge) changed. */
  onFaceChanged(listener: FaceListener): void {
    this.faceListeners.push(listener);
  }

  async faceChanged(tx: Tx, accountId: string): Promise<void> {
    for (const listener of this.faceListeners) await listener(tx, accountId);
  }
}
