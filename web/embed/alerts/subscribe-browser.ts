import { asProblem } from '../../shared/problem.js';
import { session } from '../common/page.js';
import type { AlertStorage, StoredAlerts } from './alert-storage.js';
import { fingerprintOf, subscribe } from './push-manager.js';
import { pushApi, type SubscriptionMade } from './push.api.js';

/** Makes, renews and ends this browser's subscription at Rostra. */
export class BrowserSubscription {
  constructor(private readonly storage: AlertStorage) {}

  /**
   * Subscribes the browser if needed, sends the subscription to Rostra and stores the result. A subscription that this
   * one replaces is ended.
   * @throws AlertsError of the push service, ApiProblem of Rostra
   */
  async subscribe(
    { pushManager }: ServiceWorkerRegistration,
    topics: string[],
    progress: (phase: 'slow' | 'saving') => void,
  ): Promise<void> {
    const slow = () => progress('slow');
    const key = await pushApi.key();
    let subscription = await subscribe(pushManager, key, slow);
    progress('saving');
    // The account is read before the request: if the reader changes meanwhile, the next repair sends it again.
    const account = session.account?.id ?? null;
    let made: SubscriptionMade;
    try {
      made = await pushApi.subscribe(subscription, topics, key);
    } catch (error) {
      // Rostra holds this address for another reader, and this page cannot prove otherwise, so it makes a fresh one.
      if (asProblem(error).code !== 'push.endpoint_taken') throw error;
      await subscription.unsubscribe();
      subscription = await subscribe(pushManager, key, slow);
      made = await pushApi.subscribe(subscription, topics, key);
    }
    const { id: before, ended = [] } = this.storage.read();
    this.storage.write({
      id: made.id,
      topics: made.topics,
      print: await fingerprintOf(subscription),
      account,
      toldAt: Date.now(),
      ended: [...ended, ...(before && before !== made.id ? [before] : [])],
      revoked: false,
      dismissals: 0,
    });
    await this.deleteEnded();
  }

  /** Removes the stored subscription. `deleteEnded` deletes it at Rostra, now or at a later visit. */
  end(also: Partial<StoredAlerts>): void {
    const { id, ended = [] } = this.storage.read();
    this.storage.write({ id: undefined, print: undefined, ended: id ? [...ended, id] : ended, ...also });
  }

  async deleteEnded(): Promise<void> {
    for (const id of this.storage.read().ended ?? []) {
      try {
        await pushApi.end(id);
      } catch (error) {
        if (!isGone(error)) continue; // The next repair tries again.
      }
      this.storage.write({ ended: this.storage.read().ended?.filter((it) => it !== id) });
    }
  }
}

export const isGone = (error: unknown): boolean => asProblem(error).status === 404;

/** Returns the subscription's state at Rostra, or undefined when Rostra no longer has it. */
export async function stateOf(id: string): Promise<string | undefined> {
  try {
    return (await pushApi.read(id)).state;
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}
