import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { z } from 'zod';
import { Clock } from '../../clock/clock.js';
import { enqueue, type Job, type JobRun } from '../../jobs/job.js';
import { LogTally } from '../../log/log-tally.js';
import { JobRegistry } from '../../jobs/job-registry.js';
import { composePayload, SAFE_PAYLOAD_BYTES, type PushNotification, type Payload } from '../push/push-payload.js';
import { PushSender } from '../push/push-sender.js';
import { PushSubscriptions } from '../push/push-subscriptions.service.js';
import { failuresOf, nextAttempt, retriesOf } from '../push/push-attempts.js';
import type { PushOutcome, PushTarget, Attempt } from '../push/push.types.js';
import { type Reply, ReplyAlertsQueries } from './reply-alerts.queries.js';
import { excerpt } from './excerpt.js';

/** Seconds for which a reply alert is delivered. */
const TTL_SECONDS = 86_400;
const EXCERPT = 140;
/** A single character of joined emoji can have any number of bytes. */
const EXCERPT_BYTES = 700;

interface ReplyAlertPayload {
  replyId: string;
  /** The default is 1. */
  attempt?: number | undefined;
  /** As the sender returns it. The default is false. */
  doubted?: boolean | undefined;
  /** Milliseconds since 1970 at which delivery ends. The default is a day after the first attempt. */
  until?: number | undefined;
  /** The subscriptions to try again. The default is all of the account. */
  only?: string[] | undefined;
}

export const replyAlert: Job<ReplyAlertPayload> = {
  name: 'reply-alert',
  lane: 'push',
  payload: z.strictObject({
    replyId: z.string(),
    attempt: z.int().optional(),
    doubted: z.boolean().optional(),
    until: z.number().optional(),
    only: z.array(z.string()).optional(),
  }),
};

interface SentReplyAlert {
  target: PushTarget;
  outcome: PushOutcome;
}

type ReplyAlertAttempt = Required<Attempt> & { replyId: string; until: number };

/** Sends the alert of one reply. The reply is read at the sending, so edits count and removed replies alert nobody. */
@Injectable()
export class ReplyAlertJob implements OnModuleInit {
  private readonly log = new Logger('Replies');
  private readonly failures = new LogTally((line) => this.log.warn(line));
  private readonly retries = new LogTally((line) => this.log.log(line));

  constructor(
    private readonly jobs: JobRegistry,
    private readonly queries: ReplyAlertsQueries,
    private readonly sender: PushSender,
    private readonly subscriptions: PushSubscriptions,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.jobs.register(replyAlert, async ({ replyId, attempt = 1, doubted = false, until, only }, run) => {
      const reply = await this.queries.reply(replyId);
      if (!reply) return;
      const targets = await this.queries.targets(reply.accountId, only);
      if (!targets.length) return;
      const now = this.clock.now().getTime();
      const ends = until ?? now + TTL_SECONDS * 1_000;
      const ttl = Math.floor((ends - now) / 1_000);
      if (ttl < 1) return;
      const { text: payload, topic } = replyPayload(reply);
      run.checkLease();
      const outcomes = await Promise.all(
        targets.map(async (target) => ({
          target,
          outcome: await this.sender.send(target, { payload, ttl, urgency: 'normal', topic }, { attempt, doubted }),
        })),
      );
      await this.settle(run, outcomes, { replyId, attempt, doubted, until: ends });
    });
  }

  private async settle(
    run: JobRun,
    outcomes: SentReplyAlert[],
    { replyId, until, ...its }: ReplyAlertAttempt,
  ): Promise<void> {
    const all = outcomes.map((it) => it.outcome);
    for (const [reason, n] of failuresOf(all, its)) this.failures.add(`Reply alerts failed: ${reason}`, n);
    for (const [reason, n] of retriesOf(all, its)) this.retries.add(`Reply alerts are tried again: ${reason}`, n);
    const unsettled = outcomes.filter(({ outcome }) => outcome.kind !== 'accepted' && outcome.kind !== 'refused');
    if (!unsettled.length) return;
    const now = this.clock.now().getTime();
    await run.effect(async (tx) => {
      for (const { target, outcome } of unsettled) {
        await this.subscriptions.applyOutcome(tx, target, outcome);
        const next = nextAttempt(outcome, its);
        if (!next) continue;
        const { after, ...again } = next;
        const at = now + after * 1_000;
        if (at >= until) continue;
        await enqueue(tx, replyAlert, { replyId, until, only: [target.id], ...again }, { at: new Date(at) });
      }
    });
  }
}

/** Composes the payload. Replies to the same comment replace each other, and a long address shortens the excerpt. */
function replyPayload({ id, parentId, author, body, articleUrl }: Reply): Payload {
  const notice = (text: string): PushNotification => ({
    title: `${author} replied to you`,
    body: text,
    navigate: `${articleUrl}#rostra-comment-${id}`,
    kind: 'reply',
    id,
    story: `replies:${parentId}`,
  });
  const bytesLeft = SAFE_PAYLOAD_BYTES - composePayload(notice('')).bytes;
  return composePayload(notice(excerpt(body, EXCERPT, Math.max(0, Math.min(EXCERPT_BYTES, bytesLeft)))));
}
