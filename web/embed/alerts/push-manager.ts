import { base64url, keyOf } from '../../shared/push/push-key.js';
import { AlertsError, messageOf } from './trouble.js';

/** A browser without a push service never answers, for example a Chromium build without Google's keys. */
const GIVE_UP_MS = 20_000;
const SLOW_MS = 4_000;

/** Returns a hash that identifies a subscription, so that its address, a secret, need not be stored. */
export async function fingerprintOf({ endpoint }: PushSubscription): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(endpoint));
  return base64url(hash).slice(0, 16);
}

/**
 * Returns this browser's subscription under `key` and subscribes if there is none. A subscription under another key is
 * ended first, because a browser accepts no second key beside it.
 * @param slow called when the push service takes its time
 * @throws AlertsError where the push service refuses, or does not answer within twenty seconds
 */
export async function subscribe(manager: PushManager, key: string, slow: () => void): Promise<PushSubscription> {
  const present = await manager.getSubscription();
  if (present && keyOf(present) === key) return present;
  const warning = setTimeout(slow, SLOW_MS);
  let giveUp: ReturnType<typeof setTimeout> | undefined;
  const tooLong = new Promise<never>((_resolve, reject) => {
    giveUp = setTimeout(() => reject(new Error('nothing for twenty seconds.')), GIVE_UP_MS);
  });
  const asking = async () => {
    if (present) await present.unsubscribe();
    return manager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  };
  try {
    return await Promise.race([asking(), tooLong]);
  } catch (error) {
    throw new AlertsError({ kind: 'push', message: messageOf(error) });
  } finally {
    clearTimeout(warning);
    clearTimeout(giveUp);
  }
}

/** Ends the browser's subscription if it still is the one of this fingerprint, and not what replaced it meanwhile. */
export async function endInBrowser(manager: PushManager, print: string | undefined): Promise<void> {
  const present = await manager.getSubscription();
  if (present && (await fingerprintOf(present)) === print) await present.unsubscribe();
}

/** Ends the subscription in the browser. Rostra sends nothing more even when that fails. */
export async function unsubscribe(worker: ServiceWorkerRegistration | undefined): Promise<void> {
  await (await worker?.pushManager.getSubscription())?.unsubscribe().catch(() => undefined);
}
