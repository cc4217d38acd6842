import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock } from '../../clock/clock.js';
import { row, rows, type Tx } from '../../database/rows.js';
import type { JobRun } from '../../jobs/job.js';
import { JobRegistry } from '../../jobs/job-registry.js';
import { addBatches, deliverAlert } from './alert-audience.job.js';
import { count, type Counts, lockAlert } from './alert-ledger.js';
import { AlertProgress } from './alert-progress.js';
import type { AlertState } from './alerts.entity.js';
import { audienceSql } from './alerts.queries.js';
import { alertNotice, type AlertText, composePayload, type Payload } from '../push/push-payload.js';
import { PushSender } from '../push/push-sender.js';
import { PushSubscriptions } from '../push/push-subscriptions.service.js';
import { MOST_ATTEMPTS, targetColumns } from '../push/push-targets.js';
import type { PushOutcome, PushTarget } from '../push/push.types.js';
import { type Done, workThrough } from './work-through.js';

/** Requests of one batch at once: what a killed worker's successor may repeat. */
const SLOTS = 50;

interface Batch {
  id: string;
  attempt: number;
  pending: string[];
  alert: AlertText;
  expiresAt: Date;
}

/** `left`: no longer of the audience. `late`: the alert's time is over. */
type Outcome = PushOutcome | { kind: 'left' } | { kind: 'late' };
type Sent = Done<string, Outcome>;

/** Sends an alert to one batch of its audience, and counts what becomes of each. */
@Injectable()
export class AlertDeliveryJob implements OnModuleInit {
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
    if (!batch) return this.progress.moved(); // cancelled meanwhile, or done by a worker that did not live to say so
    const payload = composePayload(alertNotice(batch.alert));
    const targets = await this.targets(batch);
    const left = await workThrough(batch.pending, {
      slots: SLOTS,
      work: (id) => this.send(batch, payload, targets.get(id)),
      settle: async (sent) => {
        const goOn = await run.effect((tx) => this.settle(tx, batch, sent, targets));
        const settled = new Set(sent.map((it) => it.item));
        batch.pending = batch.pending.filter((id) => !settled.has(id));
        this.progress.moved();
        return goOn;
      },
    });
    if (!left.length) return;
    await run.effect((tx) => this.giveUp(tx, batch));
    this.progress.moved();
  }

  private async begin(tx: Tx, id: string): Promise<Batch | undefined> {
    const alert = await row<AlertText & { expiresAt: Date; state: AlertState }>(
      tx,
      `select id, title, body, url, urgency, sent_at + ttl * interval '1 second' as "expiresAt", state
       from alerts where id = (select alert_id from alert_batches where id = $1) for no key update`,
      [id],
    );
    const begun = await row<{ attempt: number; pending: string[] }>(
      tx,
      'update alert_batches set begun = true where id = $1 returning attempt, pending',
      [id],
    );
    if (!alert || !begun) return undefined;
    const { expiresAt, state, ...text } = alert;
    if (state === 'cancelled') {
      // A worker had begun it and died, so cancelling left it alone.
      await this.drop(tx, id, alert.id, begun.pending.length);
      return undefined;
    }
    return { id, attempt: begun.attempt, pending: begun.pending, alert: text, expiresAt };
  }

  /** Who of the batch still wants the topic, and can be reached. */
  private async targets({ alert, pending }: Batch): Promise<Map<string, PushTarget>> {
    const found = await rows<PushTarget>(
      this.dataSource,
      `select ${targetColumns('p')} ${audienceSql('(select topic_key from alerts where id = $1)')}
         and t.subscription_id = any($2::bigint[])`,
      [alert.id, pending],
    );
    return new Map(found.map((it) => [it.id, it]));
  }

  private async send(batch: Batch, payload: Payload, target: PushTarget | undefined): Promise<Outcome> {
    if (!target) return { kind: 'left' };
    const ttl = Math.floor((batch.expiresAt.getTime() - this.clock.now().getTime()) / 1_000);
    if (ttl < 1) return { kind: 'late' };
    const message = { payload: payload.text, ttl, urgency: batch.alert.urgency, topic: payload.topic };
    return this.sender.send(target, message, batch.attempt);
  }

  /** @returns whether the alert goes on */
  private async settle(tx: Tx, batch: Batch, sent: Sent[], targets: Map<string, PushTarget>): Promise<boolean> {
    const { alert } = batch;
    const state = (await lockAlert(tx, alert.id))!.state;
    const now = this.clock.now();
    const { counts, again } = judge(sent, batch, now, state === 'cancelled');
    await this.keep(tx, batch, new Set(sent.map((it) => it.item)));
    for (const { attempt, after, ids } of again.values())
      await addBatches(tx, alert, ids, { attempt, at: new Date(now.getTime() + after * 1_000) });
    for (const { item, result } of sent)
      if (result.kind === 'gone' || result.kind === 'key_mismatch')
        await this.subscriptions.applyOutcome(tx, targets.get(item)!, result);
    await count(tx, alert.id, counts, now);
    return state !== 'cancelled';
  }

  private async keep(tx: Tx, batch: Batch, settled: Set<string>): Promise<void> {
    const rest = batch.pending.filter((id) => !settled.has(id));
    if (rest.length) await tx.query('update alert_batches set pending = $2 where id = $1', [batch.id, rest]);
    else await tx.query('delete from alert_batches where id = $1', [batch.id]);
  }

  /** The alert was cancelled: nobody gets what is left. */
  private async giveUp(tx: Tx, { id, alert, pending }: Batch): Promise<void> {
    await lockAlert(tx, alert.id);
    await this.drop(tx, id, alert.id, pending.length);
  }

  private async drop(tx: Tx, id: string, alertId: string, size: number): Promise<void> {
    await tx.query('delete from alert_batches where id = $1', [id]);
    await count(tx, alertId, { cancelled: size }, this.clock.now());
  }
}

interface Again {
  attempt: number;
  /** Seconds. */
  after: number;
  ids: string[];
}

/** What is told at once, and what is tried again, in groups of about the same time. */
function judge(
  sent: Sent[],
  { attempt, expiresAt }: Batch,
  now: Date,
  cancelled: boolean,
): { counts: Counts; again: Map<string, Again> } {
  const counts: Counts = {};
  const again = new Map<string, Again>();
  const add = (name: keyof Counts): void => void (counts[name] = (counts[name] ?? 0) + 1);
  for (const { item, result } of sent) {
    if (result.kind === 'accepted') add('accepted');
    else if (result.kind === 'gone' || result.kind === 'left') add('gone');
    else if (result.kind === 'late') add('expired');
    else if (result.kind === 'refused' || result.kind === 'key_mismatch') add('failed');
    else if (cancelled) add('cancelled');
    // A pause of the whole origin is nobody's failed try.
    else if (result.kind === 'retry' && attempt >= MOST_ATTEMPTS) add('failed');
    else {
      const after = rounded(result.after);
      const next = result.kind === 'retry' ? attempt + 1 : attempt;
      if (now.getTime() + after * 1_000 >= expiresAt.getTime()) add('expired');
      else {
        const key = `${next} ${after}`;
        const group = again.get(key) ?? { attempt: next, after, ids: [] };
        group.ids.push(item);
        again.set(key, group);
      }
    }
  }
  return { counts, again };
}

/** Up to the next five seconds, so that few batches come of many waits; never earlier than was asked for. */
const rounded = (seconds: number): number => (seconds <= 5 ? Math.max(1, seconds) : Math.ceil(seconds / 5) * 5);
