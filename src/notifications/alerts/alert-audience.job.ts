import { Injectable, type OnModuleInit } from '@nestjs/common';
import { z } from 'zod';
import { Clock } from '../../clock/clock.js';
import { row, rows, type Tx } from '../../database/rows.js';
import { enqueueAll, type Job } from '../../jobs/job.js';
import { JobRegistry } from '../../jobs/job-registry.js';
import { addCounts } from './alert-ledger.js';
import { AlertEntity } from './alerts.entity.js';
import { AUDIENCE } from './alerts.queries.js';
import { AlertProgress } from './alert-progress.js';
import type { Attempt } from '../push/push.types.js';

/** A batch is some seconds of work, for which other jobs and a shutdown may have to wait. */
const BATCH = 200;
const STEP = 10_000;
/**
 * The number of batches that all workers together send at once, so that places remain for reply alerts, however slowly
 * a push service answers.
 */
const LANES = 2;
const TRIES = 25;

export const divideAudience: Job<{ alertId: string }> = {
  name: 'divide-alert-audience',
  payload: z.strictObject({ alertId: z.string() }),
  maxAttempts: TRIES,
};

export const deliverAlert: Job<{ batchId: string }> = {
  name: 'deliver-alert',
  lane: 'push',
  payload: z.strictObject({ batchId: z.string() }),
  maxAttempts: TRIES,
};

/** The queue priority of an alert's jobs. All other jobs have 0 and go first; urgent alerts precede normal ones. */
export const priorityOf = (urgency: 'normal' | 'high'): number => (urgency === 'high' ? 10 : 20);

/** Divides subscriptions into batches and enqueues a job for each. The caller must hold the alert's lock. */
export async function addBatches(
  tx: Tx,
  alert: { id: string; urgency: 'normal' | 'high' },
  subscriptionIds: string[],
  { attempt = 1, doubted = false, at }: Attempt & { at?: Date } = {},
): Promise<void> {
  const made = await rows<{ id: string }>(tx.sql`
    insert into alert_batches (alert_id, attempt, doubted, pending)
    select ${alert.id}::bigint, ${attempt}::smallint, ${doubted}::boolean, array_agg(id order by n)
    from unnest(${subscriptionIds}::bigint[]) with ordinality as it (id, n)
    group by (n - 1) / ${BATCH}::integer order by min(n) returning id`);
  await enqueueAll(
    tx,
    deliverAlert,
    made.map(({ id }) => ({
      payload: { batchId: id },
      queue: `alerts-${BigInt(id) % BigInt(LANES)}`,
      priority: priorityOf(alert.urgency) + (attempt > 1 ? 1 : 0),
      at,
    })),
  );
}

/** Divides the audience that an alert had when it was sent into batches, ten thousand subscriptions a transaction. */
@Injectable()
export class AlertAudienceJob implements OnModuleInit {
  constructor(
    private readonly jobs: JobRegistry,
    private readonly clock: Clock,
    private readonly progress: AlertProgress,
  ) {}

  onModuleInit(): void {
    this.jobs.register(divideAudience, async ({ alertId }, run) => {
      while (!(await run.effect((tx) => this.divide(tx, alertId))));
    });
  }

  /** @returns whether the whole audience is divided */
  private async divide(tx: Tx, id: string): Promise<boolean> {
    const alert = await row<Alert>(tx.sql`
      select id, topic_key as "topicKey", urgency, state, sent_at as "sentAt", divided_to as "dividedTo", divided
      from alerts where id = ${id} for no key update`);
    if (!alert || alert.divided) return true;
    const found = await rows<{ id: string }>(tx.sql`
      select p.id ${() => AUDIENCE} and t.topic_key = ${alert.topicKey} and t.subscription_id > ${alert.dividedTo}
        and p.created_at <= ${alert.sentAt} order by t.subscription_id limit ${STEP}`);
    const ids = found.map((it) => it.id);
    const cancelled = alert.state === 'cancelled';
    if (ids.length && !cancelled) await addBatches(tx, alert, ids);
    const divided = ids.length < STEP;
    await tx.getRepository(AlertEntity).update({ id }, { dividedTo: ids.at(-1) ?? alert.dividedTo, divided });
    await addCounts(tx, id, { targeted: ids.length, cancelled: cancelled ? ids.length : 0 }, this.clock.now());
    this.progress.publish(tx);
    return divided;
  }
}

type Alert = Pick<AlertEntity, 'id' | 'topicKey' | 'urgency' | 'state' | 'sentAt' | 'dividedTo' | 'divided'>;
