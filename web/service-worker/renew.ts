import type { Schemas } from '../shared/contract.js';
import * as keptChoice from '../shared/push/kept-choice.js';
import { fingerprintOf, keyOf } from '../shared/push/push-key.js';
import { whileNobodyElse } from '../shared/push/push-lock.js';
import { timeZone } from '../shared/strings/formats.js';

const HEADERS = { 'content-type': 'application/json' };

export interface SubscriptionChange {
  readonly oldSubscription?: PushSubscription | null;
  readonly newSubscription?: PushSubscription | null;
}

/** Rostra does not take this subscription. */
class Refused extends Error {}

/** The tabs of the site wait while the worker renews, so none of its requests takes longer. */
const TIMEOUT_MS = 15_000;

const ask = (url: string, request: RequestInit): Promise<Response> =>
  fetch(url, { ...request, signal: AbortSignal.timeout(TIMEOUT_MS) });

async function json<T>(request: Promise<Response>): Promise<T> {
  const response = await request;
  if (response.ok) return (await response.json()) as T;
  const { code } = (await response.json().catch(() => ({}))) as { code?: string };
  const message = `${response.status} ${code} ${response.url}`;
  throw code?.startsWith('push.endpoint_') ? new Refused(message) : new Error(message);
}

/**
 * Renews our subscription that the browser has replaced or dropped, and leaves that of another provider alone. It subscribes with the current key and the same
 * topics, and ends the old subscription. It does nothing when the reader has switched alerts off. The reader's next
 * visit repairs what fails here (web/embed/alerts).
 * @param api address of Rostra's API
 * @param change what the browser says of the subscription before, and of the one that it has made by itself
 * @param store where the choice of the page is kept
 */
export const renewSubscription = (
  api: string,
  manager: PushManager,
  change: SubscriptionChange,
  store: Pick<typeof keptChoice, 'readChoice' | 'keepChoice'> = keptChoice,
): Promise<void> => whileNobodyElse(() => renew(api, manager, change, store));

async function renew(
  api: string,
  manager: PushManager,
  change: SubscriptionChange,
  { readChoice, keepChoice }: Pick<typeof keptChoice, 'readChoice' | 'keepChoice'>,
): Promise<void> {
  const choice = await readChoice();
  if (!choice) return;
  const { topics, print } = choice;
  const { key, former } = await json<Schemas['PushKey']>(ask(`${api}/push/key`, { credentials: 'omit' }));
  const send = async (subscription: PushSubscription): Promise<string> => {
    const body: Schemas['NewPushSubscription'] = {
      subscription: subscription.toJSON() as Schemas['NewPushSubscription']['subscription'],
      topics,
      timeZone: timeZone(),
      key,
    };
    const request = { method: 'POST', headers: HEADERS, body: JSON.stringify(body), credentials: 'include' } as const;
    return (await json<Schemas['PushSubscriptionMade']>(ask(`${api}/push/subscriptions`, request))).id;
  };
  const isOurs = async (it: PushSubscription): Promise<boolean> =>
    [key, ...former].includes(keyOf(it) ?? '') || (await fingerprintOf(it)) === print;
  const present = await manager.getSubscription();
  const said = [change.oldSubscription, change.newSubscription, present].filter((it) => !!it);
  for (const it of said) if (!(await isOurs(it))) return;
  const subscribe = async (): Promise<PushSubscription> => {
    // A subscription with the former key would be refused at each sending, and the browser takes no second key beside
    // it. One that Rostra refused has ended.
    await (await manager.getSubscription())?.unsubscribe();
    return manager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  };
  const old = `${api}/push/subscriptions/${encodeURIComponent(choice.id)}`;
  // Rostra has deleted what ended long ago, so that it no longer knows a dead address.
  const isKnown = (await ask(old, { credentials: 'omit' })).status !== 404;
  // A page of the site may have subscribed meanwhile.
  const usable = [change.newSubscription, present].find((it) => it && keyOf(it) === key);
  let subscription = (isKnown && usable) || (await subscribe());
  const id = await send(subscription).catch(async (error: unknown) => {
    if (!(error instanceof Refused)) throw error;
    subscription = await subscribe();
    return send(subscription);
  });
  await keepChoice({ id, topics, print: await fingerprintOf(subscription) });
  if (id === choice.id) return;
  await ask(old, { method: 'DELETE', credentials: 'include' });
}
