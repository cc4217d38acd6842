import { asProblem } from '../../shared/problem.js';
import { session } from '../common/page.js';
import type { AlertStorage, StoredAlerts } from './alert-storage.js';
import { fingerprintOf, subscribe } from './push-manager.js';
import { pushApi, type SubscriptionMade } from './push.api.js';

/** This browser's entry at Rostra: made and renewed, and ended. */
export class BrowserSubscription {
  constructor(private readonly storage: AlertStorage) {}

  /**
   * Subscribes where that is needed, tells Rostra, and remembers; a subscription that this one replaces is ended.
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
    // As of before the request: where the reader changes meanwhile, the next look tells it again.
    const account = session.account?.id ?? null;
    let made: SubscriptionMade;
    try {
      made = await pushApi.subscribe(subscription, topics, key);
    } catch (error) {
      // Somebody else's by Rostra's books, and we cannot prove otherwise: a fresh one is ours.
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

  /** Forgets the entry; Rostra hears of it by `tellEnded`, now or at a later visit. */
  end(also: Partial<StoredAlerts>): void {
    const { id, ended = [] } = this.storage.read();
    this.storage.write({ id: undefined, print: undefined, ended: id ? [...ended, id] : ended, ...also });
  }

  async deleteEnded(): Promise<void> {
    for (const id of this.storage.read().ended ?? []) {
      try {
        await pushApi.end(id);
      } catch (error) {
        if (!isGone(error)) continue; // at the next look
      }
      this.storage.write({ ended: this.storage.read().ended?.filter((it) => it !== id) });
    }
  }
}

export const isGone = (error: unknown): boolean => asProblem(error).status === 404;

/** What Rostra makes of it; undefined where it knows it no more. */
export async function stateOf(id: string): Promise<string | undefined> {
  try {
    return (await pushApi.read(id)).state;
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}
