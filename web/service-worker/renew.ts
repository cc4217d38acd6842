import type { Schemas } from '../shared/contract.js';
import { keepChoice, readChoice } from '../shared/push/kept-choice.js';
import { keyOf } from '../shared/push/push-key.js';

const HEADERS = { 'content-type': 'application/json' };

async function json<T>(request: Promise<Response>): Promise<T> {
  const response = await request;
  if (!response.ok) throw new Error(`${response.status} ${response.url}`);
  return (await response.json()) as T;
}

/**
 * The browser replaced or dropped the subscription: makes a new one with the current key, tells Rostra the same topics,
 * and ends the old one. Nothing where the reader has switched alerts off. What fails here is mended by the reader's next
 * visit (web/embed/alerts).
 * @param api address of Rostra's API
 * @param replacement what the browser made by itself, where it did
 */
export async function renewSubscription(
  api: string,
  manager: PushManager,
  replacement: PushSubscription | null | undefined,
): Promise<void> {
  const choice = await readChoice();
  if (!choice) return;
  const { key } = await json<Schemas['PushKey']>(fetch(`${api}/push/key`, { credentials: 'omit' }));
  // One made with the former key would be refused at each sending, and the browser takes no second key beside it.
  const usable = replacement && keyOf(replacement) === key ? replacement : undefined;
  if (!usable) await (await manager.getSubscription())?.unsubscribe();
  const subscription = usable ?? (await manager.subscribe({ userVisibleOnly: true, applicationServerKey: key }));
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  const body: Schemas['NewPushSubscription'] = {
    subscription: subscription.toJSON() as Schemas['NewPushSubscription']['subscription'],
    topics: choice.topics,
    timeZone,
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
