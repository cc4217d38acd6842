import { asProblem } from '../../shared/problem.js';
import { fingerprintOf } from '../../shared/push/push-key.js';
import { whileNobodyElse } from '../../shared/push/push-lock.js';
import type { AlertStorage, StoredAlerts } from './alert-storage.js';
import { endInBrowser, subscribe, unsubscribe } from './push-manager.js';
import { pushApi, type SubscriptionMade } from './push.api.js';

/**
 * Rostra's answers to a subscription that must be made anew: it is held for another reader and this page cannot prove
 * otherwise, or the push service has ended it.
 */
const REPLACED = ['push.endpoint_taken', 'push.endpoint_gone'];

/** Makes, renews and ends this browser's subscription at Rostra. */
export class BrowserSubscription {
  constructor(
    private readonly storage: AlertStorage,
    /** Returns the id of the account that is signed in. */
    private readonly account: () => string | null,
    private readonly rostra: typeof pushApi = pushApi,
  ) {}

  /**
   * Subscribes the browser if needed, sends the subscription to Rostra and stores the result. A subscription that this
   * one replaces is ended.
   * @param topics undefined keeps those that the reader has chosen by then, maybe in another tab
   * @param ended the fingerprint of a subscription that is known to have ended, and is not to be sent again
   * @throws AlertsError of the push service, ApiProblem of Rostra
   */
  subscribe(
    { pushManager }: ServiceWorkerRegistration,
    topics: string[] | undefined,
    progress: (phase: 'slow' | 'saving') => void,
    ended?: string,
  ): Promise<void> {
    return whileNobodyElse(async () => {
      const { key, former } = await this.rostra.keys();
      const { print, topics: chosen } = this.storage.read();
      const own = { key, former, print };
      if (ended) await endInBrowser(pushManager, ended);
      const send = async (): Promise<[PushSubscription, SubscriptionMade]> => {
        const subscription = await subscribe(pushManager, own, () => progress('slow'));
        progress('saving');
        try {
          return [subscription, await this.rostra.subscribe(subscription, topics ?? chosen, key)];
        } catch (error) {
          // What Rostra does not take must not stay in the browser either: it would be sent again at each visit.
          if (asProblem(error).code.startsWith('push.endpoint_')) await subscription.unsubscribe();
          throw error;
        }
      };
      // The account is read before the request: if the reader changes meanwhile, the next repair sends it again.
      const account = this.account();
      const [subscription, made] = await send().catch((error: unknown) => {
        if (!REPLACED.includes(asProblem(error).code)) throw error;
        return send();
      });
      await this.#keep(made, { print: await fingerprintOf(subscription), account });
    });
  }

  /**
   * Changes the topics at Rostra. It waits for a renewal in another tab, which would send the topics of before after it.
   * @returns whether alerts of them arrive; a subscription that Rostra gave up must be made anew
   */
  setTopics(topics: string[]): Promise<boolean> {
    return whileNobodyElse(async () => {
      const { id } = this.storage.read();
      const saved = id && (await this.rostra.setTopics(id, topics).catch(unlessGone));
      if (saved) this.storage.write({ topics: saved.topics });
      return !!saved && saved.state === 'active';
    });
  }

  /** Removes the stored subscription. `deleteEnded` deletes it at Rostra, now or at a later visit. */
  end(also: Partial<StoredAlerts>): void {
    const { id, ended = [] } = this.storage.read();
    this.storage.write({ id: undefined, print: undefined, ended: id ? [...ended, id] : ended, ...also });
  }

  /** Ends the subscription in the browser and at Rostra. What fails at Rostra is repeated at the next visit. */
  async switchOff(registration: () => Promise<ServiceWorkerRegistration | undefined>): Promise<void> {
    const { print } = this.storage.read();
    this.end({ dismissals: 1, dismissedAt: Date.now() });
    await whileNobodyElse(async () => {
      const manager = (await registration())?.pushManager;
      // The fingerprint is enough, and needs no network.
      const { key, former } = print ? { key: '', former: [] } : await this.rostra.keys();
      if (manager) await unsubscribe(manager, { key, former, print });
    }).catch(() => undefined);
    await this.deleteEnded();
  }

  async deleteEnded(): Promise<void> {
    for (const id of this.storage.read().ended ?? []) {
      try {
        await this.rostra.end(id);
      } catch (error) {
        if (!isGone(error)) continue; // The next repair tries again.
      }
      this.storage.write({ ended: this.storage.read().ended?.filter((it) => it !== id) });
    }
  }

  async #keep({ id, topics }: SubscriptionMade, sent: Pick<StoredAlerts, 'print' | 'account'>): Promise<void> {
    const { id: before, ended = [] } = this.storage.read();
    this.storage.write({
      ...sent,
      id,
      topics,
      toldAt: Date.now(),
      ended: [...ended, ...(before && before !== id ? [before] : [])],
      revoked: false,
      dismissals: 0,
    });
    await this.deleteEnded();
  }
}

/** Whether Rostra has no such subscription any more. */
export const isGone = (error: unknown): boolean => asProblem(error).status === 404;

const unlessGone = (error: unknown): undefined => {
  if (!isGone(error)) throw error;
};
