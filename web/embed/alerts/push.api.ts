import { api, seg } from '../../shared/api.js';

/** What one may be told about. `signedIn`: only while this browser is signed in. */
export interface Topic {
  key: string;
  name: string;
  description: string;
  signedIn: boolean;
}

export interface Subscribed {
  id: string;
  topics: string[];
}

export const pushApi = {
  topics: () => api.read<{ items: Topic[] }>('/topics').then(({ items }) => items),
  key: () => api.read<{ key: string }>('/push/key').then(({ key }) => key),
  /** The subscription's address goes into this request, and nowhere else. */
  subscribe: (subscription: PushSubscription, topics: string[], key: string) =>
    api.post<Subscribed>('/push/subscriptions', {
      subscription: subscription.toJSON(),
      topics,
      timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      key,
    }),
  look: (id: string) => api.get<Subscribed & { state: string }>(`/push/subscriptions/${seg(id)}`),
  choose: (id: string, topics: string[]) => api.patch<Subscribed>(`/push/subscriptions/${seg(id)}`, { topics }),
  end: (id: string) => api.delete<void>(`/push/subscriptions/${seg(id)}`),
};
