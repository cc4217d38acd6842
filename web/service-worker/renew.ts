import type { Schemas } from '../shared/contract.js';
import { timeZone } from '../shared/strings/formats.js';
import { keepChoice, readChoice } from '../shared/push/kept-choice.js';
import { keyOf } from '../shared/push/push-key.js';

const HEADERS = { 'content-type': 'application/json' };

async function json<T>(request: Promise<Response>): Promise<T> {
  const response = await request;
  if (!response.ok) throw new Error(`${response.status} ${response.url}`);
  return (await response.json()) as T;
}

/**
 * Renews a subscription that the browser has replaced or dropped. It subscribes with the current key and the same
 * topics, and ends the old subscription. It does nothing when the reader has switched alerts off. The reader's next
 * visit repairs what fails here (web/embed/alerts).
 * @param api address of Rostra's API
 * @param replacement the subscription that the browser has made by itself, if any
 */
export async function renewSubscription(
  api: string,
  manager: PushManager,
  replacement: PushSubscription | null | undefined,
): Promise<void> {
  const choice = await readChoice();
  if (!choice) return;
  const { key } = await json<Schemas['PushKey']>(fetch(`${api}/push/key`, { credentials: 'omit' }));
  // A subscription with the former key would be refused at each sending, and the browser takes no second key beside it.
  const usable = replacement && keyOf(replacement) === key ? replacement : undefined;
  if (!usable) await (await manager.getSubscription())?.unsubscribe();
  const subscription = usable ?? (await manager.subscribe({ userVisibleOnly: true, applicationServerKey: key }));
  const body: Schemas['NewPushSubscription'] = {
    subscription: subscription.toJSON() as Schemas['NewPushSubscription']['subscription'],
    topics: choice.topics,
    timeZone: timeZone(),
    key,
  };
  const { id } = await json<Schemas['PushSubscriptionMade']>(
    fetch(`${api}/push/subscriptions`, {
      method: 'POST',
      headers: HEADERS,
      credentials: 'include',
      body: JSON.stringify(body),
    }),
  );
  await keepChoice({ id, topics: choice.topics });
  if (id !== choice.id)
    await fetch(`${api}/push/subscriptions/${encodeURIComponent(choice.id)}`, {
      method: 'DELETE',
      credentials: 'include',
    });
}
