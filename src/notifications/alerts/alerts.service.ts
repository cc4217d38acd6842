import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { Clock } from '../../clock/clock.js';
import { isId } from '../../database/keyset.js';
import { row, type Tx } from '../../database/rows.js';
import { Transactions } from '../../database/transaction.js';
import { DomainError, notFound } from '../../errors/domain-error.js';
import { EventBus } from '../../events/event-bus.js';
import { type Claim, Idempotency, type StoredAnswer } from '../../http/idempotency.js';
import { invalidRequest } from '../../http/invalid-request.js';
import { enqueue } from '../../jobs/job.js';
import { divideAudience, priorityOf } from './alert-audience.job.js';
import { addCounts, lockAlert, removeWaitingBatches } from './alert-ledger.js';
import { AlertEntity } from './alerts.entity.js';
import { AlertsQueries, AUDIENCE } from './alerts.queries.js';
import type { NewAlert } from './alerts.schema.js';
import { alertNotification, type AlertText, composePayload, SAFE_PAYLOAD_BYTES } from '../push/push-payload.js';
import { Topics } from '../push/topics.service.js';
import { Sites } from '../../settings/sites.service.js';

type AlertDraft = z.infer<typeof NewAlert>;

/** Composes, sends and cancels alerts. */
@Injectable()
export class AlertsService {
  constructor(
    private readonly transactions: Transactions,
    private readonly idempotency: Idempotency,
    private readonly queries: AlertsQueries,
    private readonly events: EventBus,
    private readonly clock: Clock,
    private readonly sites: Sites,
    private readonly topics: Topics,
  ) {}

  /**
   * Stores a draft.
   * @returns the answer to send: 201 and the alert's JSON, the same bytes for each repeat of an Idempotency-Key
   * @throws DomainError request.invalid for an unknown topic, alert.foreign_url, alert.too_long with the size; those of
   *   idempotency
   */
  async compose(accountId: string, draft: AlertDraft, claim?: Claim): Promise<StoredAnswer> {
    if (!this.sites.allows(new URL(draft.url).origin)) throw foreignUrl;
    if (!(await this.topics.takesAlerts(draft.topic)))
      throw invalidRequest([{ path: ['topic'], message: 'is not a topic of alerts' }]);
    return this.transactions.run((tx) =>
      this.idempotency.once(tx, claim, async () => {
        const id = await this.store(tx, accountId, draft);
        return { status: 201, answer: await this.queries.alertIn(tx, id) };
      }),
    );
  }

  private async store(tx: Tx, accountId: string, draft: AlertDraft): Promise<string> {
    const made = await row<{ id: string }>(tx.sql`select nextval(pg_get_serial_sequence('alerts', 'id')) as id`);
    const id = made!.id;
    const { bytes } = composePayload(alertNotification({ id, ...draft }));
    if (bytes > SAFE_PAYLOAD_BYTES) throw tooLong(bytes);
    await tx.sql`
      insert into alerts (id, topic_key, title, body, url, urgency, ttl, bytes, author_id, created_at)
      overriding system value values (${id}, ${draft.topic}, ${draft.title}, ${draft.body}, ${draft.url},
        ${draft.urgency}, ${draft.ttl}, ${bytes}, ${accountId}, ${this.clock.now()})`;
    return id;
  }

  /**
   * Sends a draft once, to the subscriptions that have its topic at this moment.
   * @throws DomainError alert.not_found; alert.already_sent with the state when it is no longer a draft
   */
  async send(id: string): Promise<void> {
    await this.change(id, async (tx, state) => {
      if (state !== 'draft') throw alreadySent(state);
      const sent = await row<{ urgency: AlertText['urgency'] }>(tx.sql`
        update alerts x set state = 'sending', sent_at = ${this.clock.now()},
          audience = (select count(*) ${() => AUDIENCE} and t.topic_key = x.topic_key)
        where id = ${id} returning urgency`);
      await enqueue(tx, divideAudience, { alertId: id }, { priority: priorityOf(sent!.urgency) });
    });
  }

  /**
   * Cancels an alert. Batches that wait are deleted now, and a worker drops the batch that it sends at its next commit.
   * A finished alert stays as it is.
   * @throws DomainError alert.not_found
   */
  async cancel(id: string): Promise<void> {
    await this.change(id, async (tx, state) => {
      if (state !== 'draft' && state !== 'sending') return;
      const now = this.clock.now();
      const finishedAt = state === 'draft' ? now : null;
      await tx.getRepository(AlertEntity).update({ id }, { state: 'cancelled', finishedAt });
      if (state === 'sending') await addCounts(tx, id, { cancelled: await removeWaitingBatches(tx, id) }, now);
    });
  }

  private async change(id: string, work: (tx: Tx, state: string) => Promise<void>): Promise<void> {
    if (!isId(id)) throw notFound('alert');
    await this.transactions.run(async (tx) => {
      const alert = await lockAlert(tx, id);
      if (!alert) throw notFound('alert');
      await work(tx, alert.state);
      this.events.publish(tx, 'alert', 'staff');
    });
  }
}

const foreignUrl = new DomainError('alert.foreign_url', 'invalid', {
  detail: 'An alert must link to a page of a site that embeds Rostra. Change the address.',
  errors: [{ path: 'url', message: 'must be a page of a site that embeds Rostra' }],
});

const tooLong = (bytes: number): DomainError =>
  new DomainError('alert.too_long', 'invalid', {
    detail: `The alert has ${bytes} bytes, and every browser accepts only ${SAFE_PAYLOAD_BYTES}. Shorten the text.`,
    errors: [{ path: 'body', message: `makes it ${bytes} bytes; ${SAFE_PAYLOAD_BYTES} is the most` }],
    members: { bytes, most: SAFE_PAYLOAD_BYTES },
  });

const alreadySent = (state: string): DomainError =>
  new DomainError('alert.already_sent', 'conflict', {
    detail:
      state === 'cancelled' ? 'This alert was cancelled and cannot be sent.' : 'This alert has already been sent.',
    members: { state },
  });
