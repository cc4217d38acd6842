import { type ParsedCronItem, parseCronItems } from 'graphile-worker';
import type pg from 'pg';
import type { Job } from './job.js';

type Queryable = Pick<pg.Pool, 'query'>;

const MINUTE_MS = 60_000;
/** The most minutes that a worker which was held up makes up for. */
const MOST_LATE = 10;
/** A start looks this many minutes back for a job that no worker enqueued. */
const LOOK_BACK = 24 * 60;

const REGISTER = `
  insert into graphile_worker._private_known_crontabs (identifier, known_since)
  select name, $2 from unnest($1::text[]) name on conflict do nothing`;

/** The jobs whose last minute passed while no worker ran. One that was never known before is not missed. */
const MISSED = `
  select it.name from unnest($1::text[], $2::timestamptz[]) it (name, due)
  join graphile_worker._private_known_crontabs known on known.identifier = it.name
  where coalesce(known.last_execution, known.known_since) < it.due`;

// Workers that come to the same minute meet at the row of the schedule, so one of them enqueues the job. A time far in the
// future was written by a worker of an earlier version whose clock was wrong. What is due must not wait in the queue where
// the schedule's clock is ahead.
const ENQUEUE = `
  with due as (
    insert into graphile_worker._private_known_crontabs as known (identifier, known_since, last_execution)
    select name, $3, $3 from unnest($1::text[]) name
    on conflict (identifier) do update set last_execution = excluded.last_execution
    where known.last_execution is null or known.last_execution < excluded.last_execution
      or known.last_execution > clock_timestamp() + interval '2 minutes'
    returning identifier)
  select graphile_worker.add_job(it.name, '{}', run_at := least($3, clock_timestamp()), max_attempts := it.attempts)
  from unnest($1::text[], $2::smallint[]) it (name, attempts) join due on due.identifier = it.name`;

/**
 * Enqueues the jobs of the schedule by the time of the database, which all workers share. The job library's own schedule
 * follows the clock of the machine.
 */
export class JobCrons {
  private readonly items: ParsedCronItem[];
  /** The minute, counted since 1970, up to which jobs are enqueued. */
  private done: number;

  /** @param now the time of the database */
  constructor(
    jobs: readonly Job<unknown>[],
    private readonly now: () => Date,
  ) {
    this.items = parseCronItems(
      jobs.flatMap(({ name, cron, maxAttempts = 5 }) =>
        cron ? [{ task: name, match: cron, options: { maxAttempts } }] : [],
      ),
    );
    this.done = this.minute;
  }

  /** Writes the names of the schedule, and enqueues once each job whose minute passed while no worker ran. */
  async begin(db: Queryable): Promise<void> {
    await db.query(REGISTER, [this.items.map((it) => it.task), this.now()]);
    const last = this.items.flatMap((item) => {
      const at = this.lastMinuteOf(item);
      return at ? [{ item, at }] : [];
    });
    const { rows } = await db.query<{ name: string }>(MISSED, [
      last.map((it) => it.item.task),
      last.map((it) => it.at),
    ]);
    const missed = new Set(rows.map((it) => it.name));
    for (const { item, at } of last) if (missed.has(item.task)) await this.enqueue(db, [item], at);
  }

  /** Returns the minute of the last day at which a job fell due. */
  private lastMinuteOf(item: ParsedCronItem): Date | undefined {
    for (let minute = this.done; minute > this.done - LOOK_BACK; minute -= 1) {
      const at = new Date(minute * MINUTE_MS);
      if (isDue(item, at)) return at;
    }
    return undefined;
  }

  /** Enqueues what fell due since the last call. Call it several times a minute. */
  async enqueueDue(db: Queryable): Promise<void> {
    const present = this.minute;
    // After a jump of the clock only the present minute counts.
    const jumped = present < this.done - 1 || present > this.done + MOST_LATE;
    for (let minute = jumped ? present : this.done + 1; minute <= present; minute += 1) {
      const at = new Date(minute * MINUTE_MS);
      await this.enqueue(
        db,
        this.items.filter((it) => isDue(it, at)),
        at,
      );
      this.done = minute;
    }
  }

  private async enqueue(db: Queryable, due: readonly ParsedCronItem[], at: Date): Promise<void> {
    if (due.length) await db.query(ENQUEUE, [due.map((it) => it.task), due.map((it) => it.options.maxAttempts), at]);
  }

  private get minute(): number {
    return Math.floor(this.now().getTime() / MINUTE_MS);
  }
}

const isDue = (item: ParsedCronItem, at: Date): boolean =>
  item.match({
    min: at.getUTCMinutes(),
    hour: at.getUTCHours(),
    date: at.getUTCDate(),
    month: at.getUTCMonth() + 1,
    dow: at.getUTCDay(),
  });
