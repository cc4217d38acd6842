import { randomBytes, randomUUID } from 'node:crypto';
import { AccountsService } from '../../src/accounts/profiles/accounts.service.js';
import { ApiKeysService } from '../../src/accounts/sessions/api-keys.service.js';
import { SignInService } from '../../src/accounts/sign-in/sign-in.service.js';
import type { Schemas } from '../../web/shared/contract.js';
import type { Actor, CommentView } from '../support/actor.js';
import { SITE, type TestApp } from '../support/app.js';
import { newSubscription } from '../support/push.js';

/** Accounts, comments and other rows that give every route something to answer. */
export interface ApiFixture {
  app: TestApp;
  nobody: Actor;
  /** The author of `root`, who follows ben. */
  ann: Actor;
  /** The author of `reply`, the answer to `root`. */
  ben: Actor;
  mod: Actor;
  admin: Actor;
  /** The headers of the publisher's server. */
  publisher: Record<string, string>;
  /** An article's key. */
  key: string;
  root: CommentView;
  reply: CommentView;
  /** The ids of texts of ann and of ben that wait for a moderator. */
  annsHeldId: string;
  bensHeldId: string;
  /** The id of a push subscription. */
  subscriptionId: string;
  /** The id of a draft of an alert. */
  alertId: string;
  /** The id of a paid monthly donation of `nobody`; empty without Stripe. */
  donationId: string;
}

export async function buildApiFixture(app: TestApp): Promise<ApiFixture> {
  const [ann, ben, mod, admin] = [
    await app.reader('Ann Reader'),
    await app.reader('Ben Other'),
    await app.reader('Mo Derator', 'moderator'),
    await app.reader('Ada Chief', 'admin'),
  ];
  const key = await app.article();
  const root = await ann.comment(key, 'A first word.');
  const reply = await ben.comment(key, 'And an answer.', root.id);
  await ann.put(`/readers/${ben.accountId}/follow`);
  await ben.post(`/comments/${root.id}/reports`, { reason: 'spam', note: 'Looks like one.' });
  const [annsHeldId, bensHeldId] = [await heldText({ app, key }, ann), await heldText({ app, key }, ben)];
  const apiKey = await app.get(ApiKeysService).create('the test');
  const publisher = { authorization: `Bearer ${apiKey}`, origin: '' };
  const nobody = app.anonymous();
  const { id: subscriptionId } = (
    await nobody.post<Schemas['PushSubscriptionMade']>('/push/subscriptions', newSubscription())
  ).body;
  const { id: alertId } = (await admin.post<Schemas['Alert']>('/alerts', newAlert())).body;
  const donationId = await monthlyDonation(app, nobody);
  const ids = { annsHeldId, bensHeldId, subscriptionId, alertId, donationId };
  return { app, nobody, ann, ben, mod, admin, publisher, key, root, reply, ...ids };
}

/**
 * Pays at the stand-in and writes the rows that the webhook and its job would write, which a web process does not get.
 */
async function monthlyDonation(app: TestApp, donor: Actor): Promise<string> {
  const request = { ...newDonation(), interval: 'month', amount: 1_000 };
  const { status, body } = await donor.post<Schemas['Checkout']>('/donations', request);
  if (status !== 201) return '';
  const form = new URLSearchParams({ press: 'card', email: 'nobody@example.test' });
  await fetch(body.checkoutUrl, { method: 'POST', body: form, redirect: 'manual' });
  const session = new URL(body.checkoutUrl.replace('/c/pay/', '/v1/checkout/sessions/'));
  const paid = await fetch(session, { headers: { authorization: 'Bearer sk_test_ofthetests' } });
  const { subscription } = (await paid.json()) as { subscription: string };
  await app.sql(`update donations set state = 'paid', paid_at = now() where id = $1`, [body.id]);
  await app.sql('insert into donation_subscriptions (id, donation_id) values ($1, $2)', [subscription, body.id]);
  return body.id;
}

/** Returns an address without an account. */
export const newEmail = (): string => `${randomBytes(6).toString('hex')}@example.test`;

/** Returns a donation from the United States. */
export const newDonation = () => ({
  amount: 5_000,
  currency: 'usd',
  interval: 'once',
  country: 'US',
  returnUrl: `${SITE}/spring`,
});

export const idempotent = (): Record<string, string> => ({ 'idempotency-key': randomUUID() });

/** Returns the token of a link that begins a new account's first session. */
export async function linkToken({ app }: ApiFixture): Promise<string> {
  const email = newEmail();
  await app.get(AccountsService).ensure(email, 'New Comer', 'reader');
  return new URL(await app.get(SignInService).createLink(email)).hash.replace('#token=', '');
}

/** Adds a push subscription. @returns its id */
export async function subscribed({ nobody }: ApiFixture): Promise<string> {
  return (await nobody.post<Schemas['PushSubscriptionMade']>('/push/subscriptions', newSubscription())).body.id;
}

/** Adds a text that waits for a moderator. @returns its id */
export async function heldText({ app, key }: Pick<ApiFixture, 'app' | 'key'>, author: Actor): Promise<string> {
  const [made] = await app.sql<{ id: string }>(
    `insert into held_comments (article_id, author_id, body, rule, reason, created_at)
     select id, $2, 'A text that waits.', 'held.everyone', 'A moderator reads it first.', now() from articles where key = $1
     returning id`,
    [key, author.rowId],
  );
  return made!.id;
}

/** Returns an alert as an editor writes it. */
export const newAlert = (over: Record<string, unknown> = {}): Record<string, unknown> => ({
  topic: 'breaking',
  title: 'The bridge is closed',
  body: 'Since six this morning, in both directions.',
  url: `${SITE}/bridge`,
  ...over,
});

/** Adds a draft of an alert. @returns its id */
export async function drafted({ admin }: ApiFixture): Promise<string> {
  return (await admin.post<Schemas['Alert']>('/alerts', newAlert())).body.id;
}
