import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock } from '../../clock/clock.js';
import { row, rows, type Tx } from '../../database/rows.js';
import { LogTally } from '../../log/log-tally.js';
import type { JobRun } from '../../jobs/job.js';
import { JobRegistry } from '../../jobs/job-registry.js';
import { addBatches, deliverAlert } from './alert-audience.job.js';
import { addCounts, lockAlert } from './alert-ledger.js';
import { tally, type AlertOutcome, type SentPush } from './alert-outcomes.js';
import { AlertProgress } from './alert-progress.js';
import { AlertBatchEntity, type AlertState } from './alerts.entity.js';
import { AUDIENCE } from './alerts.queries.js';
import { alertNotification, type AlertText, composePayload, type Payload } from '../push/push-payload.js';
import { PushSender } from '../push/push-sender.js';
import { PushSubscriptions } from '../push/push-subscriptions.service.js';
import { TARGET_COLUMNS } from '../push/push-targets.js';
import { failuresOf, retriesOf } from '../push/push-attempts.js';
import type { PushTarget } from '../push/push.types.js';
import { runInSlots } from './run-in-slots.js';

/** The most requests of one batch at once. After a crash the next worker may repeat as many. */
const SLOTS = 50;

interface Batch {
  id: string;
  attempt: number;
  doubted: boolean;
  pending: string[];
  alert: AlertText;
  expiresAt: Date;
}

/** Sends an alert to one batch of its audience and counts the outcomes. */
@Injectable()
export class AlertDeliveryJob implements OnModuleInit {
  private readonly log = new Logger('Alerts');
  private readonly failures = new LogTally((line) => this.log.warn(line));
  private readonly retries = new LogTally((line) => this.log.log(line));

  constructor(
    private readonly jobs: JobRegistry,
    private readonly dataSource: DataSource,
    private readonly sender: PushSender,
    private readonly subscriptions: PushSubscriptions,
    private readonly progress: AlertProgress,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.jobs.register(deliverAlert, ({ batchId }, run) => this.deliver(batchId, run));
  }

  private async deliver(batchId: string, run: JobRun): Promise<void> {
    const batch = await run.effect((tx) => this.begin(tx, batchId));
    if (!batch) return;
    const payload = composePayload(alertNotification(batch.alert));
    const targets = await this.targets(batch);
    const left = await runInSlots(batch.pending, {
      slots: SLOTS,
      work: (id) => {
        run.checkLease();
        return this.send(batch, payload, targets.get(id));
      },
      settle: async (sent) => {
        const isSending = await run.effect((tx) => this.settle(tx, batch, sent, targets));
        const settled = new Set(sent.map((it) => it.item));
        batch.pending = batch.pending.filter((id) => !settled.has(id));
        this.report(batch, sent);
        return isSending;
      },
    });
    if (!left.length) return;
    await run.effect((tx) => this.giveUp(tx, batch));
  }

  private async begin(tx: Tx, id: string): Promise<Batch | undefined> {
    const alert = await row<AlertText & { expiresAt: Date; state: AlertState }>(tx.sql`
      select id, title, body, url, urgency, sent_at + ttl * interval '1 second' as "expiresAt", state
      from alerts where id = (select alert_id from alert_batches where id = ${id}) for no key update`);
    const begun = await row<Pick<Batch, 'attempt' | 'doubted' | 'pending'>>(
      tx.sql`update alert_batches set begun = true where id = ${id} returning attempt, doubted, pending`,
    );
    if (!alert || !begun) {
      this.progress.publish(tx); // the worker that finished the batch may have died before it published
      return undefined;
    }
    const { expiresAt, state, ...text } = alert;
    if (state === 'cancelled') {
      // Cancelling skipped this batch, because a worker that then died had begun it.
      await this.drop(tx, id, alert.id, begun.pending.length);
      return undefined;
    }
    return { id, ...begun, alert: text, expiresAt };
  }

  /** The subscriptions of the batch that still have the topic and are active, by id. */
  private async targets({ alert, pending }: Batch): Promise<Map<string, PushTarget>> {
    const found = await rows<PushTarget>(this.dataSource.sql`
      select ${() => TARGET_COLUMNS} ${() => AUDIENCE} and t.topic_key = (select topic_key from alerts where id = ${alert.id})
        and t.subscription_id = any(${pending}::bigint[])`);
    return new Map(found.map((it) => [it.id, it]));
  }

  private async send(batch: Batch, payload: Payload, target: PushTarget | undefined): Promise<AlertOutcome> {
    if (!target) return { kind: 'left' };
    const ttl = Math.floor((batch.expiresAt.getTime() - this.clock.now().getTime()) / 1_000);
    if (ttl < 1) return { kind: 'late' };
    const message = { payload: payload.text, ttl, urgency: batch.alert.urgency, topic: payload.topic };
    return this.sender.send(target, message, batch);
  }

  /** @returns whether the alert is still being sent */
  private async settle(tx: Tx, batch: Batch, sent: SentPush[], targets: Map<string, PushTarget>): Promise<boolean> {
    const { alert } = batch;
    const state = (await lockAlert(tx, alert.id))!.state;
    const now = this.clock.now();
    const { counts, again } = tally(sent, batch, now, state === 'cancelled');
    await this.keep(tx, batch, new Set(sent.map((it) => it.item)));
    for (const { ids, after, ...its } of again)
      await addBatches(tx, alert, ids, { ...its, at: new Date(now.getTime() + after * 1_000) });
    for (const { item, result } of sent)
      if (result.kind === 'gone' || result.kind === 'key_mismatch')
        await this.subscriptions.applyOutcome(tx, targets.get(item)!, result);
    await addCounts(tx, alert.id, counts, now);
    this.progress.publish(tx);
    return state !== 'cancelled';
  }

  /** Logs the reasons of failures and retries, which a batch of thousands may have. The editor sees only their number. */
  private report(batch: Batch, sent: SentPush[]): void {
    const pushed = sent.map((it) => it.result).filter((it) => it.kind !== 'left' && it.kind !== 'late');
    const { id } = batch.alert;
    for (const [reason, n] of failuresOf(pushed, batch)) this.failures.add(`Alert ${id} failed: ${reason}`, n);
    for (const [reason, n] of retriesOf(pushed, batch)) this.retries.add(`Alert ${id} is tried again: ${reason}`, n);
  }

  private async keep(tx: Tx, batch: Batch, settled: Set<string>): Promise<void> {
    const rest = batch.pending.filter((id) => !settled.has(id));
    const batches = tx.getRepository(AlertBatchEntity);
    if (rest.length) await batches.update({ id: batch.id }, { pending: rest });
    else await batches.delete({ id: batch.id });
  }

  /** Drops the rest of a batch after the alert was cancelled. */
  private async giveUp(tx: Tx, { id, alert, pending }: Batch): Promise<void> {
    await lockAlert(tx, alert.id);
    await this.drop(tx, id, alert.id, pending.length);
  }

  private async drop(tx: Tx, id: string, alertId: string, size: number): Promise<void> {
    await tx.getRepository(AlertBatchEntity).delete({ id });
    await addCounts(tx, alertId, { cancelled: size }, this.clock.now());
    this.progress.publish(tx);
  }
}
