import { keyOf } from '../../shared/push/push-key.js';
import type { AlertStorage } from './alert-storage.js';
import { fingerprintOf } from './push-manager.js';
import { pushApi } from './push.api.js';
import { type BrowserSubscription, isGone } from './subscribe-browser.js';
import { asTrouble, type AlertsTrouble } from './trouble.js';
import type { VisitCheck } from './visit-check.js';

/** A subscription is sent to Rostra at least this often, so that Rostra knows which ones live. */
const RENEW_MS = 86_400_000;

/** The page of a visit, as far as the repair needs it. */
export interface VisitedPage {
  /** The account that is signed in; undefined while it is unknown. */
  account: string | null | undefined;
  /** Returns the registration of the publisher's worker if that is active. */
  worker(): Promise<ServiceWorkerRegistration | undefined>;
  register(): Promise<ServiceWorkerRegistration>;
  progress(phase: 'slow' | 'saving'): void;
}

/**
 * Restores the subscription at a visit. Browsers lose subscriptions, keys change, push services end them, and readers
 * sign in and out. Each page compares what costs no request, and each visit the rest. No check depends on the result of
 * another one.
 */
export class VisitRepair {
  constructor(
    private readonly storage: AlertStorage,
    private readonly subscription: BrowserSubscription,
    private readonly visitCheck: VisitCheck,
    private readonly rostra: typeof pushApi = pushApi,
  ) {}

  /** @returns why alerts do not arrive; null when they do, undefined when nothing was checked */
  async run({ account, worker, register, progress }: VisitedPage): Promise<AlertsTrouble | null | undefined> {
    await this.subscription.deleteEnded();
    const { id, topics, print, account: told, toldAt = 0 } = this.storage.read();
    if (!id) return undefined;
    const registration = await worker();
    const present = await registration?.pushManager.getSubscription();
    const fits = [
      present && (await fingerprintOf(present)) === print,
      account === undefined || account === told,
      Date.now() - toldAt < RENEW_MS,
    ].every(Boolean);
    if (fits && !this.visitCheck.isDue()) return undefined;
    let arrives = present !== null && present !== undefined;
    try {
      // Of a subscription that Rostra gave up the browser knows nothing, and sent again it would end again.
      const isAlive = (await this.#stateOf(id)) === 'active';
      arrives &&= isAlive;
      if (!fits || !isAlive || keyOf(present!) !== (await this.rostra.key()))
        await this.subscription.subscribe(
          registration ?? (await register()),
          topics,
          progress,
          isAlive ? undefined : print,
        );
      this.visitCheck.checked();
      return null;
    } catch (error) {
      // While alerts still arrive, the reader need not know.
      return arrives ? undefined : asTrouble(error);
    }
  }

  /** Returns the subscription's state at Rostra, or undefined when Rostra no longer has it. */
  async #stateOf(id: string): Promise<string | undefined> {
    try {
      return (await this.rostra.read(id)).state;
    } catch (error) {
      if (isGone(error)) return undefined;
      throw error;
    }
  }
}
