import { Injectable, type OnModuleInit } from '@nestjs/common';
import { z } from 'zod';
import { Clock } from '../../clock/clock.js';
import { enqueue, type Job, type JobRun } from '../../jobs/job.js';
import { JobRegistry } from '../../jobs/job-registry.js';
import { type Notice, composePayload } from '../push/push-payload.js';
import { PushSender } from '../push/push-sender.js';
import { PushSubscriptions } from '../push/push-subscriptions.service.js';
import { MOST_ATTEMPTS } from '../push/push-targets.js';
import type { PushOutcome, PushTarget } from '../push/push.types.js';
import { type Reply, ReplyAlertsQueries } from './reply-alerts.queries.js';
import { excerpt } from './excerpt.js';

/** Seconds for which an answer is news. */
const LIFE = 86_400;
const EXCERPT = 140;
/** With the longest name and a long address still within what arrives everywhere. */
const EXCERPT_BYTES = 700;

interface Told {
  replyId: string;
  /** 1 unless told. */
  attempt?: number | undefined;
  /** Milliseconds since 1970 at which it is no news any more; a day from the first try unless told. */
  until?: number | undefined;
  /** Subscriptions that are tried again; all of the account unless told. */
  only?: string[] | undefined;
}

export const replyAlert: Job<Told> = {
  name: 'reply-alert',
  payload: z.strictObject({
    replyId: z.string(),
    attempt: z.int().optional(),
    until: z.number().optional(),
    only: z.array(z.string()).optional(),
  }),
};

/** Tells one who was answered. Everything is read anew, so what was removed meanwhile is not told, and edits are. */
@Injectable()
export class ReplyAlertJob implements OnModuleInit {
  constructor(
    private readonly jobs: JobRegistry,
    private readonly queries: ReplyAlertsQueries,
    private readonly sender: PushSender,
    private readonly subscriptions: PushSubscriptions,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.jobs.register(replyAlert, async ({ replyId, attempt = 1, until, only }, run) => {
      const reply = await this.queries.reply(replyId);
      if (!reply) return;
      const targets = await this.queries.targets(reply.accountId, only);
      if (!targets.length) return;
      const now = this.clock.now().getTime();
      const ends = until ?? now + LIFE * 1_000;
      const ttl = Math.floor((ends - now) / 1_000);
      if (ttl < 1) return;
      const { text: payload, topic } = composePayload(replyNotice(reply));
      const outcomes = await Promise.all(
        targets.map(async (target) => ({
          target,
          outcome: await this.sender.send(target, { payload, ttl, urgency: 'normal', topic }, attempt),
        })),
      );
      await this.settle(run, outcomes, { replyId, attempt, until: ends });
    });
  }

  private async settle(
    run: JobRun,
    outcomes: { target: PushTarget; outcome: PushOutcome }[],
    { replyId, attempt, until }: { replyId: string; attempt: number; until: number },
  ): Promise<void> {
    const unsettled = outcomes.filter(({ outcome }) => outcome.kind !== 'accepted' && outcome.kind !== 'refused');
    if (!unsettled.length) return;
    const now = this.clock.now().getTime();
    await run.effect(async (tx) => {
      for (const { target, outcome } of unsettled) {
        await this.subscriptions.applyOutcome(tx, target, outcome);
        if (outcome.kind !== 'retry' && outcome.kind !== 'paused') continue;
        const next = outcome.kind === 'retry' ? attempt + 1 : attempt;
        const at = now + outcome.after * 1_000;
        if (next > MOST_ATTEMPTS || at >= until) continue;
        await enqueue(tx, replyAlert, { replyId, attempt: next, until, only: [target.id] }, { at: new Date(at) });
      }
    });
  }
}

/** Answers to the same comment take each other's place. */
const replyNotice = ({ id, parentId, author, body, articleUrl }: Reply): Notice => ({
  title: `${author} replied to you`,
  body: excerpt(body, EXCERPT, EXCERPT_BYTES),
  navigate: `${articleUrl}#rostra-comment-${id}`,
  kind: 'reply',
  id,
  story: `replies:${parentId}`,
});
