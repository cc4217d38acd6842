import type { Schemas } from '../shared/contract.js';
import * as keptChoice from '../shared/push/kept-choice.js';
import { keyOf } from '../shared/push/push-key.js';
import { whileNobodyElse } from '../shared/push/push-lock.js';
import { timeZone } from '../shared/strings/formats.js';

const HEADERS = { 'content-type': 'application/json' };

/** Rostra does not take this subscription. */
class Refused extends Error {}

async function json<T>(request: Promise<Response>): Promise<T> {
  const response = await request;
  if (response.ok) return (await response.json()) as T;
  const { code } = (await response.json().catch(() => ({}))) as { code?: string };
  const message = `${response.status} ${code} ${response.url}`;
  throw code?.startsWith('push.endpoint_') ? new Refused(message) : new Error(message);
}

/**
 * Renews a subscription that the browser has replaced or dropped. It subscribes with the current key and the same
 * topics, and ends the old subscription. It does nothing when the reader has switched alerts off. The reader's next
 * visit repairs what fails here (web/embed/alerts).
 * @param api address of Rostra's API
 * @param replacement the subscription that the browser has made by itself, if any
 * @param store where the choice of the page is kept
 */
export const renewSubscription = (
  api: string,
  manager: PushManager,
  replacement: PushSubscription | null | undefined,
  store: Pick<typeof keptChoice, 'readChoice' | 'keepChoice'> = keptChoice,
): Promise<void> => whileNobodyElse(() => renew(api, manager, replacement, store));

async function renew(
  api: string,
  manager: PushManager,
  replacement: PushSubscription | null | undefined,
  { readChoice, keepChoice }: Pick<typeof keptChoice, 'readChoice' | 'keepChoice'>,
): Promise<void> {
  const choice = await readChoice();
  if (!choice) return;
  const { topics } = choice;
  const { key } = await json<Schemas['PushKey']>(fetch(`${api}/push/key`, { credentials: 'omit' }));
  const send = async (subscription: PushSubscription): Promise<string> => {
    const body: Schemas['NewPushSubscription'] = {
      subscription: subscription.toJSON() as Schemas['NewPushSubscription']['subscription'],
      topics,
      timeZone: timeZone(),
      key,
    };
    const request = { method: 'POST', headers: HEADERS, body: JSON.stringify(body), credentials: 'include' } as const;
    return (await json<Schemas['PushSubscriptionMade']>(fetch(`${api}/push/subscriptions`, request))).id;
  };
  const subscribe = async (): Promise<PushSubscription> => {
    // A subscription with the former key would be refused at each sending, and the browser takes no second key beside
    // it. One that Rostra refused has ended.
    await (await manager.getSubscription())?.unsubscribe();
    return manager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  };
  const old = `${api}/push/subscriptions/${encodeURIComponent(choice.id)}`;
  // Rostra has deleted what ended long ago, so that it no longer knows a dead address.
  const isKnown = (await fetch(old, { credentials: 'omit' })).status !== 404;
  // A page of the site may have subscribed meanwhile.
  const usable = [replacement, await manager.getSubscription()].find((it) => it && keyOf(it) === key);
  const first = (isKnown && usable) || (await subscribe());
  const id = await send(first).catch(async (error: unknown) => {
    if (!(error instanceof Refused)) throw error;
    return send(await subscribe());
  });
  await keepChoice({ id, topics });
  if (id === choice.id) return;
  await fetch(old, { method: 'DELETE', credentials: 'include' });
}
