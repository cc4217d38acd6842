import { api } from '../../shared/api.js';
import type { Schemas } from '../../shared/contract.js';
import { timeZone } from '../../shared/strings/formats.js';

/** A topic of alerts. `signedIn` topics are sent only while this browser is signed in. */
export type Topic = Schemas['Topics']['items'][number];

export type SubscriptionMade = Schemas['PushSubscriptionMade'];

export const pushApi = {
  topics: () => api.read('/topics').then(({ items }) => items),
  /** The VAPID key to subscribe with, and those of before, by which Rostra's own subscriptions are known. */
  keys: () => api.read('/push/key'),
  /** The subscription's address is sent in this request and nowhere else. */
  subscribe: (subscription: PushSubscription, topics: string[], key: string) =>
    api.post('/push/subscriptions', {
      body: {
        subscription: subscription.toJSON() as Schemas['NewPushSubscription']['subscription'],
        topics,
        timeZone: timeZone(),
        key,
      },
    }),
  read: (id: string) => api.get('/push/subscriptions/{id}', { path: { id } }),
  setTopics: (id: string, topics: string[]) =>
    api.patch('/push/subscriptions/{id}', { path: { id }, body: { topics } }),
  end: (id: string) => api.delete('/push/subscriptions/{id}', { path: { id } }),
};
