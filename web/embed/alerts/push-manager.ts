import { fingerprintOf, keyOf } from '../../shared/push/push-key.js';
import { AlertsError, messageOf } from './trouble.js';

/** A browser without a push service never answers, for example a Chromium build without Google's keys. */
const GIVE_UP_MS = 20_000;
const SLOW_MS = 4_000;

/** How a subscription is known as ours. */
export interface OwnSubscription {
  /** The current VAPID key. */
  key: string;
  /** Former ones. */
  former: readonly string[];
  /** The fingerprint of the subscription that this page made. */
  print?: string | undefined;
}

/** Whether Rostra made a subscription. A publisher's own worker may hold that of another provider. */
async function isOurs(subscription: PushSubscription, { key, former, print }: OwnSubscription): Promise<boolean> {
  const its = keyOf(subscription);
  return (its !== undefined && [key, ...former].includes(its)) || (await fingerprintOf(subscription)) === print;
}

/**
 * Returns this browser's subscription under the current key and subscribes if there is none. One of ours under another
 * key is ended first, because a browser accepts no second key beside it. That of another provider stays.
 * @param slow called when the push service takes its time
 * @throws AlertsError where another provider is active, and where the push service refuses, or does not answer within
 *   twenty seconds
 */
export async function subscribe(
  manager: PushManager,
  own: OwnSubscription,
  slow: () => void,
): Promise<PushSubscription> {
  const { key } = own;
  const present = await manager.getSubscription();
  if (present && keyOf(present) === key) return present;
  if (present && !(await isOurs(present, own))) throw new AlertsError({ kind: 'provider' });
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

/** Ends our subscription in the browser. Rostra sends nothing more even when that fails. */
export async function unsubscribe(manager: PushManager, own: OwnSubscription): Promise<void> {
  const present = await manager.getSubscription();
  if (present && (await isOurs(present, own))) await present.unsubscribe();
}
