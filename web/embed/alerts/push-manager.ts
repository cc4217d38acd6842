import { base64url, keyOf } from '../../shared/push/push-key.js';
import { AlertsError, messageOf } from './trouble.js';

/** A browser without a push service never answers, Chromium builds without Google's keys among them. */
const GIVE_UP_MS = 20_000;
const SLOW_MS = 4_000;

/** Tells one subscription from another without keeping its address, which is a secret. */
export async function fingerprintOf({ endpoint }: PushSubscription): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(endpoint));
  return base64url(hash).slice(0, 16);
}

/**
 * This browser's subscription under `key`, made where there is none. One under another key is ended first, since a
 * browser takes no second key beside it.
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

/** Ends the browser's own side; where that fails, Rostra sends nothing more all the same. */
export async function unsubscribe(worker: ServiceWorkerRegistration | undefined): Promise<void> {
  await (await worker?.pushManager.getSubscription())?.unsubscribe().catch(() => undefined);
}
