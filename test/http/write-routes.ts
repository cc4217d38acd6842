import type { Actor } from '../support/actor.js';
import { SITE } from '../support/app.js';
import { browserKeys, newSubscription } from '../support/push.js';
import { newAlert, newEmail, newDonation, type ApiFixture } from './api-fixture.js';

export interface WriteRoute {
  who:
    | 'public'
    | 'anyone'
    | 'its donor'
    | 'signed in'
    | 'verified'
    | 'moderator'
    | 'editor'
    | 'admin'
    | 'publisher'
    | 'Stripe';
  path: (api: ApiFixture) => string;
  /** A valid body; absent when the route takes none, or takes raw bytes as a webhook does. */
  body?: (api: ApiFixture) => Record<string, unknown>;
  /** Bodies with one fault, by the path that the answer must name. */
  wrong?: [string, Record<string, unknown>][];
  /** How many bytes are too many, where it takes a large body. */
  tooLarge?: number;
  /** Returns the path with another id. */
  withId?: (id: string) => string;
  /** The code of the answer to an unknown id. */
  notFound?: string;
  /** Returns an id that exists and belongs to somebody else. */
  foreign?: (api: ApiFixture) => string;
}

const LONG = 'x'.repeat(2_100);
const reader = (rest: string, who: WriteRoute['who']): WriteRoute => ({
  who,
  path: ({ ben }) => `/readers/${ben.accountId}${rest}`,
  withId: (id) => `/readers/${id}${rest}`,
  notFound: 'reader.not_found',
});
const ban: WriteRoute = {
  ...reader('/ban', 'moderator'),
  body: () => ({ reason: 'Threats.' }),
  wrong: [
    ['reason', { reason: 7 }],
    ['reason', { reason: '  ' }],
    ['reason', { reason: LONG }],
    ['reason', {}],
  ],
};
const comment = (rest: string, who: WriteRoute['who']): WriteRoute => ({
  who,
  path: ({ root }) => `/comments/${root.id}${rest}`,
  withId: (id) => `/comments/${id}${rest}`,
  notFound: 'comment.not_found',
});
/** A reaction to a comment of somebody else. */
const reaction: WriteRoute = {
  ...comment('/reactions/like', 'verified'),
  path: ({ reply }) => `/comments/${reply.id}/reactions/like`,
};
const subscription: WriteRoute = {
  who: 'anyone',
  path: ({ subscriptionId }) => `/push/subscriptions/${subscriptionId}`,
  withId: (id) => `/push/subscriptions/${id}`,
  notFound: 'subscription.not_found',
};
const wrongSubscription = (over: Record<string, unknown>): Record<string, unknown> => {
  const good = newSubscription();
  return { ...good, subscription: { ...good.subscription, ...over } };
};
const wrongKeys = (over: Record<string, unknown>): Record<string, unknown> =>
  wrongSubscription({ keys: { ...browserKeys(), ...over } });
const OFF_CURVE = Buffer.concat([Buffer.from([4]), Buffer.alloc(64, 1)]).toString('base64url');
const alert = (rest: string): WriteRoute => ({
  who: 'editor',
  path: ({ alertId }) => `/alerts/${alertId}${rest}`,
  withId: (id) => `/alerts/${id}${rest}`,
  notFound: 'alert.not_found',
});
const email: WriteRoute['wrong'] = ['no-address', 'a@b@c', 'a b@example.test', `${'x'.repeat(330)}@example.test`].map(
  (it) => ['email', { email: it, displayName: 'Good Name' }],
);

/** Every route that writes. The spec fails when the served document has one that is missing here. */
export const writeRoutes: Record<string, WriteRoute> = {
  'POST /api/v1/accounts': {
    who: 'anyone',
    path: () => '/accounts',
    body: () => ({ email: newEmail(), displayName: 'Good Name' }),
    wrong: [
      ...email,
      ['email', { email: 7, displayName: 'Good Name' }],
      ['email', { email: ['a@example.test'], displayName: 'Good Name' }],
      ['email', { email: { $ne: null }, displayName: 'Good Name' }],
      ['displayName', { email: 'a@example.test' }],
      ['displayName', { email: 'a@example.test', displayName: null }],
      ['displayName', { email: 'a@example.test', displayName: '1' }],
      ['displayName', { email: 'a@example.test', displayName: LONG }],
      ['displayName', { email: 'a@example.test', displayName: '\u0000\u200B' }],
      ['displayName', { email: 'a@example.test', displayName: 'half \uD800' }],
    ],
  },
  'POST /api/v1/sign-in-links': {
    who: 'anyone',
    path: () => '/sign-in-links',
    body: () => ({ email: newEmail() }),
    wrong: [
      ['email', { email: 7 }],
      ['email', { email: 'no-address' }],
      ['email', { email: 'a\u0000b@example.test' }],
      ['email', {}],
    ],
  },
  'POST /api/v1/sign-in-links/preview': {
    who: 'anyone',
    path: () => '/sign-in-links/preview',
    body: () => ({ token: 'x'.repeat(43) }),
    wrong: [
      ['token', { token: 7 }],
      ['token', { token: 'short' }],
      ['token', { token: LONG }],
      ['token', {}],
    ],
  },
  'POST /api/v1/sign-in-links/redeem': {
    who: 'anyone',
    path: () => '/sign-in-links/redeem',
    body: () => ({ token: 'x'.repeat(43) }),
    wrong: [
      ['', { token: 7 }],
      ['token', { token: 'short' }],
      ['token', { token: LONG }],
      ['', { email: 'a@example.test' }],
      ['', { email: 'a@example.test', code: 123456 }],
      ['', { token: 'x'.repeat(43), email: 'a@example.test', code: '123456' }],
    ],
  },
  'DELETE /api/v1/session': { who: 'anyone', path: () => '/session' },
  'POST /api/v1/session/socket-ticket': { who: 'signed in', path: () => '/session/socket-ticket' },
  'PATCH /api/v1/me': {
    who: 'signed in',
    path: () => '/me',
    body: () => ({ displayName: 'Better Name' }),
    wrong: [
      ['displayName', {}],
      ['displayName', { displayName: 7 }],
      ['displayName', { displayName: '@' }],
      ['displayName', { displayName: 'https://spam.example' }],
    ],
  },
  'PUT /api/v1/readers/{id}/follow': reader('/follow', 'signed in'),
  'DELETE /api/v1/readers/{id}/follow': reader('/follow', 'signed in'),
  'PUT /api/v1/readers/{id}/role': {
    ...reader('/role', 'admin'),
    body: () => ({ role: 'editor' }),
    wrong: [
      ['role', { role: 'owner' }],
      ['role', { role: null }],
      ['role', { role: ['admin'] }],
      ['role', {}],
    ],
  },
  'PUT /api/v1/readers/{id}/ban': ban,
  'DELETE /api/v1/readers/{id}/ban': ban,
  'PUT /api/v1/settings/{key}': {
    who: 'editor',
    path: () => '/settings/conversation.edit_window_minutes',
    body: () => ({ value: 20 }),
    wrong: [
      ['value', {}],
      ['value', { value: 20, reset: true }],
      ['reset', { reset: false }],
      ['site', { value: 20, site: 7 }],
      ['reason', { value: 20, reason: LONG }],
      ['basedOn', { value: 20, basedOn: 7 }],
    ],
    tooLarge: 1_600_000,
    withId: (id) => `/settings/${id}`,
    notFound: 'setting.not_found',
  },
  'POST /api/v1/sites': {
    who: 'admin',
    path: () => '/sites',
    body: () => ({ key: 'the-morning-post' }),
    wrong: [
      ['key', {}],
      ['key', { key: 'The Post' }],
      ['key', { key: LONG }],
    ],
  },
  'PUT /api/v1/articles/{key}': {
    who: 'publisher',
    path: () => '/articles/2026-autumn',
    body: () => ({ url: `${SITE}/autumn`, title: 'Autumn' }),
    wrong: [
      ['url', { title: 'Autumn' }],
      ['url', { url: 'autumn', title: 'Autumn' }],
      ['url', { url: 'javascript:alert(1)', title: 'Autumn' }],
      ['url', { url: 'https://user:secret@news.example/', title: 'Autumn' }],
      ['url', { url: `${SITE}/${LONG}`, title: 'Autumn' }],
      ['url', { url: `${SITE}/${'泉'.repeat(250)}`, title: 'Autumn' }],
      ['title', { url: `${SITE}/autumn` }],
      ['title', { url: `${SITE}/autumn`, title: LONG }],
      ['section', { url: `${SITE}/autumn`, title: 'Autumn', section: 7 }],
      ['publishedAt', { url: `${SITE}/autumn`, title: 'Autumn', publishedAt: 'yesterday' }],
      ['publishedAt', { url: `${SITE}/autumn`, title: 'Autumn', publishedAt: 1_764_000_000 }],
      ['publishedAt', { url: `${SITE}/autumn`, title: 'Autumn', publishedAt: '2026-02-30T00:00:00Z' }],
      ['state', { url: `${SITE}/autumn`, title: 'Autumn', state: 'archived' }],
    ],
  },
  'POST /api/v1/articles': {
    who: 'anyone',
    path: () => '/articles',
    body: () => ({ url: `${SITE}/first-met`, title: 'First met' }),
    wrong: [
      ['url', {}],
      ['url', { url: 7 }],
      ['url', { url: '/first-met' }],
      ['url', { url: 'ftp://site.localhost/' }],
      ['url', { url: `${SITE}/${'泉'.repeat(250)}` }],
      ['title', { url: `${SITE}/first-met`, title: 7 }],
      ['title', { url: `${SITE}/first-met`, title: LONG }],
    ],
  },
  'POST /api/v1/articles/{key}/comments': {
    who: 'verified',
    path: ({ key }) => `/articles/${key}/comments`,
    withId: (id) => `/articles/${id}/comments`,
    notFound: 'article.not_found',
    body: () => ({ body: 'A good word.' }),
    wrong: [
      ['body', {}],
      ['body', { body: 7 }],
      ['body', { body: ['A good word.'] }],
      ['body', { body: { toString: 'x' } }],
      ['parentId', { body: 'A good word.', parentId: 7 }],
      ['parentId', { body: 'A good word.', parentId: {} }],
    ],
  },
  'PATCH /api/v1/comments/{id}': {
    ...comment('', 'verified'),
    body: () => ({ body: 'A better word.' }),
    wrong: [
      ['body', {}],
      ['body', { body: null }],
      ['body', { body: 7 }],
    ],
    foreign: ({ reply }) => reply.id,
  },
  'DELETE /api/v1/comments/{id}': { ...comment('', 'signed in'), foreign: ({ reply }) => reply.id },
  'PUT /api/v1/comments/{id}/reactions/{kind}': reaction,
  'DELETE /api/v1/comments/{id}/reactions/{kind}': reaction,
  'POST /api/v1/comments/{id}/reports': {
    ...comment('/reports', 'anyone'),
    body: () => ({ reason: 'spam' }),
    wrong: [
      ['reason', {}],
      ['reason', { reason: 'No reason' }],
      ['reason', { reason: ['spam'] }],
      ['note', { reason: 'spam', note: 7 }],
      ['note', { reason: 'spam', note: LONG }],
    ],
  },
  'POST /api/v1/donations': {
    who: 'anyone',
    path: () => '/donations',
    body: () => newDonation(),
    wrong: [
      ['amount', { ...newDonation(), amount: '5000' }],
      ['amount', { ...newDonation(), amount: 50.5 }],
      ['amount', { ...newDonation(), amount: 1e16 }],
      ['amount', { ...newDonation(), amount: [5_000] }],
      ['amount', { ...newDonation(), amount: 5_005, currency: 'kwd', country: 'KW' }],
      ['currency', { ...newDonation(), currency: 'USD' }],
      ['currency', { ...newDonation(), currency: null }],
      ['interval', { ...newDonation(), interval: 'week' }],
      ['country', { ...newDonation(), country: 'USA' }],
      ['country', { ...newDonation(), country: null }],
      ['coverFees', { ...newDonation(), coverFees: true }],
      ['article', { ...newDonation(), article: 7 }],
      ['article', { ...newDonation(), article: '\u0000' }],
      ['returnUrl', { ...newDonation(), returnUrl: '/spring' }],
      ['returnUrl', { ...newDonation(), returnUrl: 'javascript:alert(1)' }],
      ['returnUrl', { ...newDonation(), returnUrl: 'https://evil.example/spring' }],
      ['returnUrl', { ...newDonation(), returnUrl: `${SITE}.evil.example/` }],
      ['returnUrl', { ...newDonation(), returnUrl: SITE.replace('//', '//evil.example:x@') }],
      ['returnUrl', { ...newDonation(), returnUrl: `${SITE}/${'泉'.repeat(250)}` }],
      ['visibility', { ...newDonation(), visibility: 'loud' }],
    ],
  },
  'POST /api/v1/donations/{id}/portal': {
    who: 'its donor',
    path: ({ donationId }) => `/donations/${donationId}/portal`,
    withId: (id) => `/donations/${id}/portal`,
    notFound: 'donation.not_found',
  },
  'POST /api/v1/webhooks/stripe': { who: 'Stripe', path: () => '/webhooks/stripe' },
  'POST /api/v1/comment-counts': {
    who: 'public',
    path: () => '/comment-counts',
    body: ({ key }) => ({ keys: [key] }),
    wrong: [
      ['keys', {}],
      ['keys', { keys: 'one' }],
      ['keys', { keys: [] }],
      ['keys', { keys: Array.from({ length: 101 }, String) }],
      ['keys.0', { keys: [7] }],
      ['keys.1', { keys: ['one', ''] }],
      ['keys.0', { keys: [LONG] }],
      ['keys.0', { keys: ['\u0000'] }],
    ],
  },
  'POST /api/v1/moderation/comments/{id}/decisions': {
    who: 'moderator',
    path: ({ reply }) => `/moderation/comments/${reply.id}/decisions`,
    withId: (id) => `/moderation/comments/${id}/decisions`,
    notFound: 'comment.not_found',
    body: () => ({ action: 'remove', reason: 'abuse' }),
    wrong: [
      ['action', { reason: 'abuse' }],
      ['action', { action: 'erase', reason: 'abuse' }],
      ['reason', { action: 'remove' }],
      ['reason', { action: 'remove', reason: 'Boring' }],
      ['note', { action: 'remove', reason: 'abuse', note: LONG }],
      ['revision', { action: 'remove', reason: 'abuse', revision: '1' }],
      ['revision', { action: 'remove', reason: 'abuse', revision: 0 }],
      ['revision', { action: 'remove', reason: 'abuse', revision: 1.5 }],
    ],
  },
  'POST /api/v1/moderation/held/{id}/decisions': {
    who: 'moderator',
    path: ({ bensHeldId }) => `/moderation/held/${bensHeldId}/decisions`,
    withId: (id) => `/moderation/held/${id}/decisions`,
    notFound: 'comment.not_found',
    body: () => ({ action: 'reject', reason: 'abuse' }),
    wrong: [
      ['action', { reason: 'abuse' }],
      ['action', { action: 'remove', reason: 'abuse' }],
      ['reason', { action: 'reject' }],
      ['reason', { action: 'reject', reason: 'Not an id' }],
      ['note', { action: 'approve', note: LONG }],
    ],
  },
  'DELETE /api/v1/held-comments/{id}': {
    who: 'signed in',
    path: ({ annsHeldId }) => `/held-comments/${annsHeldId}`,
    foreign: ({ bensHeldId }) => bensHeldId,
    withId: (id) => `/held-comments/${id}`,
    notFound: 'comment.not_found',
  },
  'POST /api/v1/push/subscriptions': {
    who: 'anyone',
    path: () => '/push/subscriptions',
    body: () => newSubscription(),
    wrong: [
      ['subscription', newSubscription({ subscription: undefined })],
      ['subscription', newSubscription({ subscription: 'https://fcm.googleapis.com/fcm/send/a' })],
      ['subscription.endpoint', wrongSubscription({ endpoint: 7 })],
      ['subscription.keys', wrongSubscription({ keys: undefined })],
      ['subscription.keys.p256dh', wrongKeys({ p256dh: 7 })],
      ['subscription.keys.p256dh', wrongKeys({ p256dh: 'no base64!' })],
      ['subscription.keys.p256dh', wrongKeys({ p256dh: OFF_CURVE })],
      ['subscription.keys.p256dh', wrongKeys({ p256dh: browserKeys().p256dh.slice(0, -4) })],
      ['subscription.keys.p256dh', wrongKeys({ p256dh: LONG })],
      ['subscription.keys.auth', wrongKeys({ auth: undefined })],
      ['subscription.keys.auth', wrongKeys({ auth: 'c2hvcnQ' })],
      ['subscription.keys.auth', wrongKeys({ auth: 'x'.repeat(40) })],
      ['topics', newSubscription({ topics: 'breaking' })],
      ['topics.1', newSubscription({ topics: ['breaking', 'weather'] })],
      ['topics.0', newSubscription({ topics: [null] })],
      ['key', newSubscription({ key: browserKeys().p256dh })],
      ['key', newSubscription({ key: 7 })],
      ['key', newSubscription({ key: '\u0000' })],
      ['key', newSubscription({ key: 'half \ud83d' })],
      ['topics.0', newSubscription({ topics: ['break\u0000ing'] })],
    ],
  },
  'PATCH /api/v1/push/subscriptions/{id}': {
    ...subscription,
    body: () => ({ topics: ['breaking'] }),
    wrong: [
      ['topics', {}],
      ['topics', { topics: 'breaking' }],
      ['topics.0', { topics: ['weather'] }],
      ['topics', { topics: Array.from({ length: 21 }, String) }],
    ],
  },
  'DELETE /api/v1/push/subscriptions/{id}': subscription,
  'POST /api/v1/alerts': {
    who: 'editor',
    path: () => '/alerts',
    body: () => newAlert(),
    wrong: [
      ['topic', newAlert({ topic: 'weather' })],
      ['topic', newAlert({ topic: 'replies' })],
      ['topic', newAlert({ topic: 7 })],
      ['title', newAlert({ title: undefined })],
      ['title', newAlert({ title: '  ' })],
      ['title', newAlert({ title: '\u0000\u200B' })],
      ['title', newAlert({ title: LONG })],
      ['body', newAlert({ body: '' })],
      ['body', newAlert({ body: LONG })],
      ['body', newAlert({ body: ['x'] })],
      ['url', newAlert({ url: '/bridge' })],
      ['url', newAlert({ url: 'javascript:alert(1)' })],
      ['url', newAlert({ url: `https://user:secret@news.example/` })],
      ['urgency', newAlert({ urgency: 'very-high' })],
      ['ttl', newAlert({ ttl: 0 })],
      ['ttl', newAlert({ ttl: 2_419_201 })],
      ['ttl', newAlert({ ttl: '3600' })],
      ['ttl', newAlert({ ttl: 60.5 })],
    ],
  },
  'POST /api/v1/alerts/{id}/send': alert('/send'),
  'POST /api/v1/alerts/{id}/cancel': alert('/cancel'),
};

/** Returns an actor and headers that may call the route. */
export function callerOf({ who }: WriteRoute, api: ApiFixture): { actor: Actor; headers: Record<string, string> } {
  if (who === 'publisher') return { actor: api.nobody, headers: api.publisher };
  const actors = {
    moderator: api.mod,
    editor: api.admin,
    admin: api.admin,
    verified: api.ann,
    'signed in': api.ann,
  };
  return { actor: who in actors ? actors[who as keyof typeof actors] : api.nobody, headers: {} };
}
