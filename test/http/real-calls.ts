import type { HttpAnswer } from '../support/actor.js';
import { SITE } from '../support/app.js';
import { postWebhook, signature, stripeEvent } from '../support/stripe.js';
import { newSubscription } from '../support/push.js';
import {
  drafted,
  heldText,
  idempotent,
  linkToken,
  newAlert,
  newEmail,
  newDonation,
  subscribed,
  type ApiFixture,
} from './api-fixture.js';

type Call = (api: ApiFixture) => Promise<HttpAnswer> | Promise<HttpAnswer>[];

/** Calls each route of the contract with success, more than once when it has several forms of answers. */
export const realCalls: Record<string, Call> = {
  'POST /api/v1/accounts': ({ nobody }) => nobody.post('/accounts', { email: newEmail(), displayName: 'New Comer' }),
  'POST /api/v1/sign-in-links': ({ nobody }) => nobody.post('/sign-in-links', { email: newEmail() }),
  'POST /api/v1/sign-in-links/preview': async (api) =>
    api.nobody.post('/sign-in-links/preview', { token: await linkToken(api) }),
  'POST /api/v1/sign-in-links/redeem': async (api) =>
    api.app.anonymous().post('/sign-in-links/redeem', { token: await linkToken(api) }),
  'GET /api/v1/site': ({ nobody }) => nobody.get('/site'),
  'GET /api/v1/session': ({ nobody, ann }) => [nobody.get('/session'), ann.get('/session')],
  'DELETE /api/v1/session': async ({ app }) => (await app.reader('Leo Leaver')).delete('/session'),
  'POST /api/v1/session/socket-ticket': ({ ann }) => ann.post('/session/socket-ticket'),
  'GET /api/v1/me': ({ ann }) => ann.get('/me'),
  'PATCH /api/v1/me': async ({ app }) => (await app.reader('Old Name')).patch('/me', { displayName: 'A New Name' }),

  'GET /api/v1/readers/{id}': ({ nobody, ann, ben }) => [
    nobody.get(`/readers/${ann.accountId}`),
    nobody.get(`/readers/${ben.accountId}`),
  ],
  'GET /api/v1/readers/{id}/comments': ({ nobody, ann, ben }) => [
    nobody.get(`/readers/${ben.accountId}/comments?limit=1`),
    nobody.get(`/readers/${ann.accountId}/comments`),
  ],
  'PUT /api/v1/readers/{id}/follow': ({ ben, ann }) => ben.put(`/readers/${ann.accountId}/follow`),
  'DELETE /api/v1/readers/{id}/follow': ({ ben, ann }) => ben.delete(`/readers/${ann.accountId}/follow`),
  'PUT /api/v1/readers/{id}/role': async ({ app, admin }) =>
    admin.put(`/readers/${(await app.reader('Ed Itor')).accountId}/role`, { role: 'editor' }),
  'PUT /api/v1/readers/{id}/ban': async ({ app, mod }) =>
    mod.put(`/readers/${(await app.reader('Bad Egg')).accountId}/ban`, { reason: 'Threats.' }),
  'DELETE /api/v1/readers/{id}/ban': async ({ app, mod }) => {
    const path = `/readers/${(await app.reader('Good Egg')).accountId}/ban`;
    await mod.put(path, { reason: 'A mistake.' });
    return mod.delete(path, { reason: 'It was one.' });
  },
  'GET /api/v1/me/following': ({ ann }) => ann.get('/me/following'),
  'GET /api/v1/me/following/comments': ({ ann }) => ann.get('/me/following/comments'),

  'PUT /api/v1/articles/{key}': ({ nobody, publisher }) => [
    nobody.put('/articles/2026-spring', { url: `${SITE}/spring`, title: 'Spring' }, publisher),
    nobody.put(
      '/articles/2026-summer',
      {
        url: `${SITE}/summer`,
        title: 'Summer',
        section: 'Weather',
        publishedAt: '2026-06-01T08:00:00+02:00',
        state: 'closed',
      },
      publisher,
    ),
  ],
  'GET /api/v1/articles/{key}': ({ nobody, key }) => nobody.get(`/articles/${key}`),
  'POST /api/v1/articles': ({ nobody }) => nobody.post('/articles', { url: `${SITE}/new`, title: 'New' }),
  'GET /api/v1/articles/{key}/comments': ({ nobody, key }) =>
    ['newest', 'oldest', 'top', 'replies', 'reactions'].map((it) =>
      nobody.get(`/articles/${key}/comments?sort=${it}&limit=100`),
    ),
  'GET /api/v1/articles/{key}/mine': async ({ ann, reply, key }) => {
    await ann.put(`/comments/${reply.id}/reactions/like`);
    return ann.get(`/articles/${key}/mine`);
  },
  'GET /api/v1/site/rules': ({ nobody }) => nobody.get('/site/rules'),
  'GET /api/v1/articles/{key}/reasons': ({ nobody, key }) => nobody.get(`/articles/${key}/reasons`),
  'GET /api/v1/articles/{key}/events': ({ nobody, key }) => [
    nobody.get(`/articles/${key}/events`),
    nobody.get(`/articles/${key}/events?after=0`),
    nobody.get(`/articles/${key}/events?after=1000000`),
  ],

  'POST /api/v1/articles/{key}/comments': ({ ann, ben, admin, key, root }) => {
    const post = ann.post(`/articles/${key}/comments`, { body: 'One more.' }, idempotent());
    const reply = ann.post(`/articles/${key}/comments`, { body: 'And an answer to it.', parentId: root.id });
    const held = Promise.all([post, reply]).then(async () => {
      await admin.put('/settings/screening.pre_moderation', { value: 'everyone', reason: 'A trial of the day.' });
      const answer = await ben.post(`/articles/${key}/comments`, { body: 'One that waits.' });
      await admin.put('/settings/screening.pre_moderation', { reset: true });
      return answer;
    });
    return [post, reply, held];
  },
  'GET /api/v1/comments/{id}': ({ nobody, root }) => nobody.get(`/comments/${root.id}`),
  'GET /api/v1/comments/{id}/replies': ({ nobody, root }) => [
    nobody.get(`/comments/${root.id}/replies`),
    nobody.get(`/comments/${root.id}/replies?sort=newest&limit=1`),
  ],
  'GET /api/v1/comments/{id}/context': ({ nobody, reply }) => nobody.get(`/comments/${reply.id}/context`),
  'PATCH /api/v1/comments/{id}': ({ ann, root }) => ann.patch(`/comments/${root.id}`, { body: 'A better word.' }),
  'DELETE /api/v1/comments/{id}': async ({ ann, key }) =>
    ann.delete(`/comments/${(await ann.comment(key, 'Not for long.')).id}`),
  'PUT /api/v1/comments/{id}/reactions/{kind}': ({ ben, root }) => ben.put(`/comments/${root.id}/reactions/like`),
  'DELETE /api/v1/comments/{id}/reactions/{kind}': ({ ben, root }) => ben.delete(`/comments/${root.id}/reactions/like`),
  'POST /api/v1/comments/{id}/reports': ({ nobody, reply }) =>
    nobody.post(`/comments/${reply.id}/reports`, { reason: 'off-topic' }),
  'POST /api/v1/comment-counts': ({ nobody, key }) =>
    nobody.post('/comment-counts', { keys: [key, 'unknown', '__proto__'] }),

  'GET /api/v1/moderation/queues/{name}': ({ mod }) => [
    mod.get('/moderation/queues/reported'),
    mod.get('/moderation/queues/reported?limit=1'),
  ],
  'GET /api/v1/moderation/comments/{id}': async ({ mod, ann, ben, key }) => {
    const gone = await ben.comment(key, 'Soon removed.', (await ann.comment(key, 'An anchor.')).id);
    await ann.post(`/comments/${gone.id}/reports`, { reason: 'abuse' });
    await mod.post(`/moderation/comments/${gone.id}/decisions`, { action: 'remove', reason: 'abuse', note: 'Yes.' });
    return mod.get(`/moderation/comments/${gone.id}`);
  },
  'POST /api/v1/moderation/comments/{id}/decisions': async ({ mod, ann, key }) => {
    const { id } = await ann.comment(key, 'Back and forth.');
    const decide = (action: string) =>
      mod.post(`/moderation/comments/${id}/decisions`, { action, reason: 'other', revision: 1 }, idempotent());
    const removed = await decide('remove');
    return removed.status === 201 ? decide('restore') : removed;
  },
  'GET /api/v1/moderation/held': ({ mod }) => [mod.get('/moderation/held'), mod.get('/moderation/held?limit=1')],
  'GET /api/v1/moderation/held/{id}': async (api) => api.mod.get(`/moderation/held/${await heldText(api, api.ann)}`),
  'POST /api/v1/moderation/held/{id}/decisions': ({ mod, annsHeldId, bensHeldId }) => [
    mod.post(`/moderation/held/${annsHeldId}/decisions`, { action: 'approve' }, idempotent()),
    mod.post(`/moderation/held/${bensHeldId}/decisions`, { action: 'reject', reason: 'spam', note: 'No.' }),
  ],
  'DELETE /api/v1/held-comments/{id}': async (api) => api.ann.delete(`/held-comments/${await heldText(api, api.ann)}`),
  'GET /api/v1/settings': ({ mod }) => mod.get('/settings'),
  'PUT /api/v1/settings/{key}': ({ admin }) => [
    admin.put('/settings/conversation.edit_window_minutes', { value: 20, reason: 'Readers asked for more.' }),
    admin.put('/settings/conversation.edit_window_minutes', { reset: true }),
  ],
  'GET /api/v1/settings/{key}/history': ({ mod }) => mod.get('/settings/conversation.edit_window_minutes/history'),
  'POST /api/v1/sites': ({ admin }) => admin.post('/sites', { key: 'the-evening-post' }),
  'GET /api/v1/moderation/reasons': ({ mod }) => mod.get('/moderation/reasons'),
  'GET /api/v1/moderation/decisions': ({ mod }) => [
    mod.get('/moderation/decisions'),
    mod.get('/moderation/decisions?action=remove&limit=1'),
  ],
  'GET /api/v1/moderation/learner': ({ mod }) => mod.get('/moderation/learner'),
  'GET /api/v1/moderation/statistics': ({ mod }) => mod.get('/moderation/statistics'),

  'GET /api/v1/push/key': ({ nobody }) => nobody.get('/push/key'),
  'GET /api/v1/topics': ({ nobody }) => nobody.get('/topics'),
  'POST /api/v1/push/subscriptions': ({ nobody, ann }) => {
    const one = newSubscription();
    return [
      nobody.post('/push/subscriptions', one),
      nobody.post('/push/subscriptions', one),
      ann.post('/push/subscriptions', newSubscription({ topics: ['breaking', 'replies'] })),
    ];
  },
  'GET /api/v1/push/subscriptions/{id}': async (api) => api.nobody.get(`/push/subscriptions/${await subscribed(api)}`),
  'PATCH /api/v1/push/subscriptions/{id}': async (api) =>
    api.nobody.patch(`/push/subscriptions/${await subscribed(api)}`, { topics: [] }),
  'DELETE /api/v1/push/subscriptions/{id}': async (api) =>
    api.nobody.delete(`/push/subscriptions/${await subscribed(api)}`),

  'POST /api/v1/alerts': ({ admin }) => admin.post('/alerts', newAlert({ urgency: 'high', ttl: 900 })),
  'GET /api/v1/alerts': ({ admin }) => [admin.get('/alerts'), admin.get('/alerts?limit=1')],
  'GET /api/v1/alerts/{id}': ({ admin, alertId }) => admin.get(`/alerts/${alertId}`),
  'POST /api/v1/alerts/{id}/send': async (api) => api.admin.post(`/alerts/${await drafted(api)}/send`),
  'POST /api/v1/alerts/{id}/cancel': async (api) => api.admin.post(`/alerts/${await drafted(api)}/cancel`),

  'GET /api/v1/donations/options': ({ nobody }) => [
    nobody.get('/donations/options'),
    nobody.get('/donations/options?country=GB'),
    nobody.get('/donations/options?country=BR&article=2026-spring'),
  ],
  'POST /api/v1/donations': ({ nobody, ann, key }) => [
    nobody.post('/donations', newDonation()),
    ann.post('/donations', { ...newDonation(), interval: 'month', article: key, visibility: 'public' }, idempotent()),
  ],
  'GET /api/v1/donations/repeating': ({ ann }) => ann.get('/donations/repeating'),
  'GET /api/v1/donations/{id}': async ({ ann, key }) => {
    const { body } = await ann.post('/donations', { ...newDonation(), article: key });
    return ann.get(`/donations/${String(body.id)}`);
  },
  'POST /api/v1/donations/{id}/portal': ({ nobody, donationId }) => nobody.post(`/donations/${donationId}/portal`),
  'POST /api/v1/webhooks/stripe': async ({ app }) => {
    const event = stripeEvent('customer.created', { id: 'cus_1', object: 'customer' });
    const response = await postWebhook(app, event, { 'stripe-signature': signature(event) });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, body: JSON.parse(text) as HttpAnswer['body'] };
  },

  'GET /health/live': ({ nobody }) => nobody.get('/health/live'),
  'GET /health/ready': ({ nobody }) => nobody.get('/health/ready'),
};
