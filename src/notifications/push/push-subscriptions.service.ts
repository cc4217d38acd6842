import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock } from '../../clock/clock.js';
import { Config } from '../../config/config.js';
import { row, type Tx } from '../../database/rows.js';
import { Transactions } from '../../database/transaction.js';
import { DomainError, notFound } from '../../errors/domain-error.js';
import { checkEndpoint } from './push-endpoint.js';
import { PushSubscriptionEntity } from './push.entity.js';
import { PushKeys } from './push-keys.service.js';
import type { PushOutcome, PushTarget } from './push.types.js';
import { Topics } from './topics.service.js';

/** What a browser brings. */
export interface SubscriptionRequest {
  endpoint: string;
  p256dh: string;
  auth: string;
  topics: string[];
  timeZone: string;
  /** The VAPID public key it was made with; the current one unless told. */
  key?: string | undefined;
}

/** Whose browser it is, as its request shows: nothing of it where no cookie came along, as from a service worker. */
export interface RequestingBrowser {
  accountId: string | undefined;
  browserHash: Buffer | undefined;
}

export interface PushSubscriptionView {
  /** The public one. */
  id: string;
  topics: string[];
  state: 'active' | 'gone' | 'key_mismatch';
  createdAt: Date;
}

/** More browsers than this hear of no replies: the ones that were away the longest are left out. */
const MOST_OF_AN_ACCOUNT = 20;

const VIEW = `s.public_id as id, s.state, s.created_at as "createdAt", array(
  select t.topic_key from push_subscription_topics t where t.subscription_id = s.id order by t.topic_key) as topics
  from push_subscriptions s`;

const taken = (): DomainError =>
  new DomainError('push.endpoint_taken', 'conflict', {
    detail: 'This endpoint is subscribed already, with other keys and from another browser.',
  });

const hashOf = (endpoint: string): Buffer => createHash('sha256').update(endpoint).digest();

/** The browsers that want alerts. An endpoint goes in and never comes out again. */
@Injectable()
export class PushSubscriptions {
  constructor(
    private readonly dataSource: DataSource,
    private readonly transactions: Transactions,
    private readonly config: Config,
    private readonly clock: Clock,
    private readonly keys: PushKeys,
    private readonly topics: Topics,
  ) {}

  /**
   * Adds a subscription, or renews the one of this endpoint: its browser comes by on every visit, which heals what was
   * given up in error and binds it to whoever is signed in there now. Renewing takes proof, or whoever learns of an
   * endpoint could take it over: the browser's own cookie, or the very keys.
   * @param allowNew called before anything that is not a proven renewal; throws where too many came from there
   * @throws DomainError push.endpoint_refused, push.endpoint_taken, request.invalid
   */
  async save(
    wish: SubscriptionRequest,
    browser: RequestingBrowser,
    allowNew: () => Promise<void>,
  ): Promise<PushSubscriptionView> {
    const judged = checkEndpoint(wish.endpoint, this.config.pushStandIn);
    if ('refused' in judged)
      throw new DomainError('push.endpoint_refused', 'invalid', {
        detail: `The endpoint ${judged.refused}.`,
        errors: [{ path: 'subscription.endpoint', message: judged.refused }],
      });
    await this.topics.requireKnown(wish.topics);
    const keyId = await this.keyId(wish.key);
    const known = await this.dataSource
      .getRepository(PushSubscriptionEntity)
      .findOneBy({ endpointHash: hashOf(wish.endpoint) });
    if (!known || !mayRenew(known, wish, browser)) await allowNew();
    return this.transactions.run(async (tx) => {
      const renew = () => this.renew(tx, wish, browser, keyId);
      const id = (known && (await renew())) ?? (await this.insert(tx, wish, browser, keyId)) ?? (await renew());
      if (!id) throw taken(); // it came and went while we were looking
      await this.topics.replace(tx, id, wish.topics);
      if (browser.accountId) await this.unbindSurplus(tx, browser.accountId);
      return (await row<PushSubscriptionView>(tx.sql`select ${() => VIEW} where s.id = ${id}`))!;
    });
  }

  /** @throws DomainError subscription.not_found */
  async byId(publicId: string): Promise<PushSubscriptionView> {
    const found = await row<PushSubscriptionView>(
      this.dataSource.sql`select ${() => VIEW} where s.public_id = ${publicId}`,
    );
    if (!found) throw notFound('subscription');
    return found;
  }

  /** @throws DomainError subscription.not_found, request.invalid */
  async changeTopics(publicId: string, topics: string[]): Promise<PushSubscriptionView> {
    await this.byId(publicId);
    await this.topics.requireKnown(topics);
    await this.transactions.run(async (tx) => {
      const found = await row<{ id: string }>(
        tx.sql`update push_subscriptions set seen_at = ${this.clock.now()} where public_id = ${publicId} returning id`,
      );
      if (found) await this.topics.replace(tx, found.id, topics);
    });
    return this.byId(publicId);
  }

  /** @throws DomainError subscription.not_found */
  async remove(publicId: string): Promise<void> {
    const { affected } = await this.dataSource.getRepository(PushSubscriptionEntity).delete({ publicId });
    if (!affected) throw notFound('subscription');
  }

  /**
   * Writes down what a sending found out about the subscription itself: that it is gone, or of another key. A
   * subscription that was renewed with other keys meanwhile is another one.
   */
  async applyOutcome(tx: Tx, target: PushTarget, outcome: PushOutcome): Promise<void> {
    if (outcome.kind !== 'gone' && outcome.kind !== 'key_mismatch') return;
    const { id, p256dh, auth, keyId } = target;
    const change = { state: outcome.kind, stateReason: outcome.reason, changedAt: this.clock.now() };
    await tx.getRepository(PushSubscriptionEntity).update({ id, state: 'active', p256dh, auth, keyId }, change);
  }

  private async keyId(publicKey: string | undefined): Promise<string> {
    if (publicKey === undefined) return (await this.keys.current()).id;
    const key = await this.keys.byPublicKey(publicKey);
    if (key) return key.id;
    const message = 'is no key of this site: unsubscribe and subscribe with the one of GET /push/key';
    throw new DomainError('request.invalid', 'invalid', {
      detail: `key: ${message}`,
      errors: [{ path: 'key', message }],
    });
  }

  /** @returns the new row's id; undefined where the endpoint is known */
  private async insert(
    tx: Tx,
    wish: SubscriptionRequest,
    browser: RequestingBrowser,
    keyId: string,
  ): Promise<string | undefined> {
    const publicId = randomBytes(24).toString('base64url');
    const now = this.clock.now();
    const made = await row<{ id: string }>(tx.sql`
      insert into push_subscriptions (public_id, endpoint, endpoint_hash, p256dh, auth, key_id, account_id, browser_hash,
        time_zone, created_at, seen_at, changed_at)
      values (${publicId}, ${wish.endpoint}, ${hashOf(wish.endpoint)}, ${wish.p256dh}, ${wish.auth}, ${keyId},
        ${browser.accountId ?? null}, ${browser.browserHash ?? null}, ${wish.timeZone}, ${now}, ${now}, ${now})
      on conflict (endpoint_hash) do nothing returning id`);
    return made?.id;
  }

  /** @returns the row's id; undefined where the endpoint is not known (any more) */
  private async renew(
    tx: Tx,
    wish: SubscriptionRequest,
    browser: RequestingBrowser,
    keyId: string,
  ): Promise<string | undefined> {
    const subscriptions = tx.getRepository(PushSubscriptionEntity);
    const known = await subscriptions.findOne({
      where: { endpointHash: hashOf(wish.endpoint) },
      lock: { mode: 'pessimistic_write' },
    });
    if (!known) return undefined;
    if (!mayRenew(known, wish, browser)) throw taken();
    const { accountId = null, browserHash = null } = browser;
    const now = this.clock.now();
    await subscriptions.update(
      { id: known.id },
      {
        p256dh: wish.p256dh,
        auth: wish.auth,
        keyId,
        timeZone: wish.timeZone,
        seenAt: now,
        state: 'active',
        stateReason: null,
        ...(known.state === 'active' ? {} : { changedAt: now }),
        ...(accountId !== null || browserHash !== null ? { accountId, browserHash } : {}),
      },
    );
    return known.id;
  }

  private async unbindSurplus(tx: Tx, accountId: string): Promise<void> {
    await tx.sql`
      update push_subscriptions set account_id = null where id in (
        select id from push_subscriptions where account_id = ${accountId}
        order by seen_at desc, id desc offset ${MOST_OF_AN_ACCOUNT})`;
  }
}

const mayRenew = (
  known: PushSubscriptionEntity,
  wish: SubscriptionRequest,
  { browserHash }: RequestingBrowser,
): boolean =>
  (known.p256dh === wish.p256dh && known.auth === wish.auth) ||
  (browserHash !== undefined && known.browserHash?.equals(browserHash) === true);
