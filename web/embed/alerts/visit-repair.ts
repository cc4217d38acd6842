import { fingerprintOf, keyOf } from '../../shared/push/push-key.js';
import type { AlertStorage } from './alert-storage.js';
import { pushApi } from './push.api.js';
import { type BrowserSubscription, isGone } from './subscribe-browser.js';
import { AlertsError, asTrouble, type AlertsTrouble } from './trouble.js';
import type { VisitCheck } from './visit-check.js';

/** A subscription is sent to Rostra at least this often, so that Rostra knows which ones live. */
const RENEW_MS = 86_400_000;

/** The page of a visit, as far as the repair needs it. */
export interface VisitedPage {
  /** The account that is signed in; undefined while it is unknown. */
  account: string | null | undefined;
  /** Returns the registration of the publisher's worker. @throws AlertsError when another worker took its place */
  worker(): Promise<ServiceWorkerRegistration | undefined>;
  register(): Promise<ServiceWorkerRegistration>;
  /** @throws AlertsError when the worker would show no alert */
  check(registration: ServiceWorkerRegistration): Promise<void>;
  /** Subscribes with the topics that the reader has chosen. @param ended the fingerprint of a subscription that is known to have ended */
  subscribe(registration: ServiceWorkerRegistration, ended?: string): Promise<void>;
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
  async run(page: VisitedPage): Promise<AlertsTrouble | null | undefined> {
    await this.subscription.deleteEnded();
    const { id } = this.storage.read();
    if (!id) return undefined;
    let isPresent = false;
    try {
      let registration = await page.worker();
      const present = await registration?.pushManager.getSubscription();
      isPresent = !!present;
      const fits = !!present && (await this.#isReported(present, page.account));
      if (fits && !this.visitCheck.isDue()) return undefined;
      // Of a subscription that Rostra gave up the browser knows nothing, and sent again it would end again.
      const isAlive = (await this.#stateOf(id)) === 'active';
      isPresent &&= isAlive;
      const { print } = this.storage.read();
      if (!fits || !isAlive || keyOf(present) !== (await this.rostra.keys()).key)
        await page.subscribe((registration ??= await page.register()), isAlive ? undefined : print);
      await page.check(registration!);
      this.visitCheck.checked();
      return null;
    } catch (error) {
      // While alerts still arrive, the reader need not know.
      return isPresent && !(error instanceof AlertsError) ? undefined : asTrouble(error);
    }
  }

  /** Whether Rostra was told of this very subscription, for this account, and a short time ago. */
  async #isReported(present: PushSubscription, account: VisitedPage['account']): Promise<boolean> {
    const { print, account: told, toldAt = 0 } = this.storage.read();
    const isSame = (await fingerprintOf(present)) === print;
    return isSame && (account === undefined || account === told) && Date.now() - toldAt < RENEW_MS;
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
