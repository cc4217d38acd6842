import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock } from '../../clock/clock.js';
import { Config } from '../../config/config.js';
import { row, type Tx } from '../../database/rows.js';
import { Transactions } from '../../database/transaction.js';
import { enqueueAll } from '../../jobs/job.js';
import { Settings } from '../../settings/settings.service.js';
import { Sites } from '../../settings/sites.service.js';
import { replyAlert } from './reply-alert.job.js';
import { ReplyFollowerEntity } from './replies.entity.js';
import { replyAlertDelay } from './reply-alerts.settings.js';
import { type NewReply, ReplyAlertsQueries, STEP } from './reply-alerts.queries.js';

const EVERY_MS = 1_000;
const FOLLOW_LOCK = 7005;

interface FollowerPosition {
  beganAfter: string;
  seenTo: string;
  /** The newest id that any comment got, including one whose transaction is still open. */
  newest: string;
}

/** Once every transaction before `xid` has ended, all comments up to `id` are visible or never will be. */
interface Checkpoint {
  id: bigint;
  xid: bigint;
}

const readPosition = async (db: DataSource | Tx): Promise<FollowerPosition> =>
  (await row<FollowerPosition>(db.sql`
    select f.began_after as "beganAfter", f.seen_to as "seenTo",
      coalesce(pg_sequence_last_value(pg_get_serial_sequence('comments', 'id')::regclass), 0) as newest
    from (select) one left join reply_follower f on true`))!;

/**
 * Polls the conversation logs for new replies and enqueues their alerts. Posting does not enqueue them, because a NOTIFY
 * would slow down its transactions many times. A poll without new comments reads one row by key. It runs in the worker
 * roles, one process at a time.
 */
@Injectable()
export class ReplyFollower implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly log = new Logger('Replies');
  private checkpoint: Checkpoint | undefined;
  private stop: (() => Promise<void>) | undefined;

  constructor(
    private readonly dataSource: DataSource,
    private readonly transactions: Transactions,
    private readonly queries: ReplyAlertsQueries,
    private readonly clock: Clock,
    private readonly config: Config,
    private readonly settings: Settings,
    private readonly sites: Sites,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    if (this.config.role === 'web') return;
    await this.follow().catch(this.failed); // at once, because comments before the first run alert nobody
    this.stop = this.clock.every(EVERY_MS, () => this.follow(), this.failed);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.stop?.();
  }

  /** Enqueues the alerts of replies since the last run of any process. */
  async follow(): Promise<void> {
    const { seenTo, newest } = await readPosition(this.dataSource);
    if (seenTo !== null && BigInt(newest) <= BigInt(seenTo)) return;
    await this.transactions.run((tx) => this.step(tx));
  }

  private readonly failed = (error: unknown): void => {
    this.log.warn(`New replies could not be read: ${(error as Error).message}`);
  };

  private async step(tx: Tx): Promise<void> {
    const lock = await row<{ mine: boolean }>(
      tx.sql`select pg_try_advisory_xact_lock(${FOLLOW_LOCK}::integer, 0) as mine`,
    );
    if (!lock!.mine) return;
    const { beganAfter, seenTo, newest } = await readPosition(tx);
    if (seenTo === null) {
      // At the first run on a database, existing comments alert nobody.
      await tx.getRepository(ReplyFollowerEntity).insert({ beganAfter: newest, seenTo: newest });
      return;
    }
    // The order of these statements matters. Posting locks the article before it takes an id, so every comment up to
    // `newest` belongs to a transaction older than ours, which gets its number only here. A snapshot's xmax would ignore
    // transactions that began after the last one that ended. The next statement sees all that ended before this snapshot.
    const { xid, xmin } = (await row<{ xid: string; xmin: string }>(
      tx.sql`select pg_current_xact_id()::text as xid, pg_snapshot_xmin(pg_current_snapshot())::text as xmin`,
    ))!;
    const replies = await this.queries.follow(tx, seenTo, beganAfter);
    await this.enqueue(tx, replies);
    await this.advancePosition(tx, BigInt(seenTo), BigInt(xmin));
    // The checkpoint never exceeds what one step reads.
    this.checkpoint ??= { id: min(BigInt(newest), BigInt(seenTo) + BigInt(STEP)), xid: BigInt(xid) };
  }

  /** Moves the position past comments to which no open transaction can add. */
  private async advancePosition(tx: Tx, seenTo: bigint, xmin: bigint): Promise<void> {
    const { checkpoint } = this;
    if (!checkpoint || (checkpoint.xid > xmin && checkpoint.id > seenTo)) return;
    if (checkpoint.id > seenTo) await tx.sql`update reply_follower set seen_to = ${String(checkpoint.id)}`;
    this.checkpoint = undefined;
  }

  private async enqueue(tx: Tx, replies: NewReply[]): Promise<void> {
    const dueAt = ({ createdAt, articleUrl }: NewReply): Date => {
      const seconds = this.settings.get(replyAlertDelay, this.sites.ofUrl(articleUrl));
      return new Date(createdAt.getTime() + seconds * 1_000);
    };
    await enqueueAll(
      tx,
      replyAlert,
      replies.map((it) => ({ payload: { replyId: it.id }, at: dueAt(it) })),
    );
  }
}

const min = (a: bigint, b: bigint): bigint => (a < b ? a : b);
