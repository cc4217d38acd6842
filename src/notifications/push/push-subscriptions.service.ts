import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock } from '../../clock/clock.js';
import { Config } from '../../config/config.js';
import { row, type Tx } from '../../database/rows.js';
import { Transactions } from '../../database/transaction.js';
import { DomainError, notFound } from '../../errors/domain-error.js';
import { invalidRequest } from '../../http/invalid-request.js';
import { checkEndpoint } from './push-endpoint.js';
import { PushSubscriptionEntity } from './push.entity.js';
import { PushKeys } from './push-keys.service.js';
import type { PushOutcome, PushTarget } from './push.types.js';
import { Topics } from './topics.service.js';

/** A subscription as a browser sends it. */
export interface SubscriptionRequest {
  endpoint: string;
  p256dh: string;
  auth: string;
  topics: string[];
  /** An IANA time zone, or null when the browser does not say. */
  timeZone: string | null;
  /** The VAPID public key that it was made with. The default is the current key. */
  key?: string | undefined;
}

/** The account and browser that a request's cookies identify. A service worker sends no cookies. */
export interface RequestingBrowser {
  accountId: string | undefined;
  browserHash: Buffer | undefined;
}

export interface PushSubscriptionView {
  /** The public id. */
  id: string;
  topics: string[];
  state: 'active' | 'gone' | 'key_mismatch';
  createdAt: Date;
}

/** The most browsers of an account that get reply alerts. Those that were absent longest are left out. */
const MOST_OF_AN_ACCOUNT = 20;

const VIEW = `s.public_id as id, s.state, s.created_at as "createdAt", array(
  select t.topic_key from push_subscription_topics t where t.subscription_id = s.id order by t.topic_key) as topics
  from push_subscriptions s`;

const taken = (): DomainError =>
  new DomainError('push.endpoint_taken', 'conflict', {
    detail:
      'This endpoint already has a subscription with other keys and from another browser. Unsubscribe in the browser and subscribe again.',
  });

/** The answer to a browser that sends a subscription which the push service has ended. Only a new one can receive. */
const ended = (): DomainError =>
  new DomainError('push.endpoint_gone', 'conflict', {
    detail: 'The push service no longer delivers to this subscription. Unsubscribe in the browser and subscribe again.',
  });

const hashOf = (endpoint: string): Buffer => createHash('sha256').update(endpoint).digest();

/** Stores push subscriptions. No answer ever contains an endpoint. */
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
   * Adds a subscription or renews the one of this endpoint. Browsers renew it at every visit, which binds it to the
   * account that is signed in. A renewal needs the browser's cookie or the same keys, so that nobody can take over an
   * endpoint that they learnt of. A subscription that the push service ended stays ended, because a browser sends it
   * without knowing; only new keys prove that the browser has made another one.
   * @param allowNew called before anything but a proven renewal; throws when too many came from the network
   * @throws DomainError push.endpoint_refused, push.endpoint_taken, push.endpoint_gone, request.invalid
   */
  async save(
    request: SubscriptionRequest,
    browser: RequestingBrowser,
    allowNew: () => Promise<void>,
  ): Promise<PushSubscriptionView> {
    const judged = checkEndpoint(request.endpoint, this.config.pushStandIn, this.config.pushHosts);
    if ('refused' in judged)
      throw new DomainError('push.endpoint_refused', 'invalid', {
        detail: `The endpoint ${judged.refused}.`,
        errors: [{ path: 'subscription.endpoint', message: judged.refused }],
      });
    await this.topics.requireKnown(request.topics);
    const keyId = await this.keyId(request.key);
    const known = await this.dataSource
      .getRepository(PushSubscriptionEntity)
      .findOneBy({ endpointHash: hashOf(request.endpoint) });
    if (!known || !mayRenew(known, request, browser)) await allowNew();
    return this.transactions.run(async (tx) => {
      const renew = () => this.renew(tx, request, browser, keyId);
      const id = (known && (await renew())) ?? (await this.insert(tx, request, browser, keyId)) ?? (await renew());
      if (!id) throw taken(); // another request added and removed it meanwhile
      await this.topics.replace(tx, id, request.topics);
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
   * Stores that a subscription ended or has another key. It does not change a subscription that was renewed with other
   * keys since the sending.
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
    const message = 'is not a key of this site; unsubscribe, and subscribe again with the key of GET /push/key';
    throw invalidRequest([{ path: ['key'], message }]);
  }

  /** @returns the new row's id; undefined when the endpoint exists */
  private async insert(
    tx: Tx,
    request: SubscriptionRequest,
    browser: RequestingBrowser,
    keyId: string,
  ): Promise<string | undefined> {
    const publicId = randomBytes(24).toString('base64url');
    const now = this.clock.now();
    const made = await row<{ id: string }>(tx.sql`
      insert into push_subscriptions (public_id, endpoint, endpoint_hash, p256dh, auth, key_id, account_id, browser_hash,
        time_zone, created_at, seen_at, changed_at)
      values (${publicId}, ${request.endpoint}, ${hashOf(request.endpoint)}, ${request.p256dh}, ${request.auth},
        ${keyId}, ${browser.accountId ?? null}, ${browser.browserHash ?? null}, ${request.timeZone}, ${now}, ${now}, ${now})
      on conflict (endpoint_hash) do nothing returning id`);
    return made?.id;
  }

  /** @returns the row's id; undefined when the endpoint does not exist */
  private async renew(
    tx: Tx,
    request: SubscriptionRequest,
    browser: RequestingBrowser,
    keyId: string,
  ): Promise<string | undefined> {
    const subscriptions = tx.getRepository(PushSubscriptionEntity);
    const known = await subscriptions.findOne({
      where: { endpointHash: hashOf(request.endpoint) },
      lock: { mode: 'pessimistic_write' },
    });
    if (!known) return undefined;
    if (!mayRenew(known, request, browser)) throw taken();
    if (hasEnded(known, request, keyId)) throw ended();
    const { accountId = null, browserHash = null } = browser;
    const now = this.clock.now();
    await subscriptions.update(
      { id: known.id },
      {
        p256dh: request.p256dh,
        auth: request.auth,
        keyId,
        timeZone: request.timeZone,
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
  request: SubscriptionRequest,
  { browserHash }: RequestingBrowser,
): boolean =>
  (known.p256dh === request.p256dh && known.auth === request.auth) ||
  (browserHash !== undefined && known.browserHash?.equals(browserHash) === true);

/** Whether the push service has ended this very subscription: the same keys, and for a key mismatch the same VAPID key. */
const hasEnded = (known: PushSubscriptionEntity, request: SubscriptionRequest, keyId: string): boolean =>
  known.state !== 'active' &&
  known.p256dh === request.p256dh &&
  known.auth === request.auth &&
  (known.state === 'gone' || known.keyId === keyId);
