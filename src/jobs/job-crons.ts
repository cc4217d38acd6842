import { type ParsedCronItem, parseCronItems } from 'graphile-worker';
import type pg from 'pg';
import type { Job } from './job.js';

type Queryable = Pick<pg.Pool, 'query'>;

const MINUTE_MS = 60_000;
/** The most minutes that a worker which was held up makes up for. */
const MOST_LATE = 10;

const REGISTER = `
  insert into graphile_worker._private_known_crontabs (identifier, known_since)
  select name, $2 from unnest($1::text[]) name on conflict do nothing`;

// Workers that come to the same minute meet at the row of the schedule, so one of them enqueues the job. A time far in the
// future was written by a worker of an earlier version whose clock was wrong.
const ENQUEUE = `
  with due as (
    insert into graphile_worker._private_known_crontabs as known (identifier, known_since, last_execution)
    select name, $3, $3 from unnest($1::text[]) name
    on conflict (identifier) do update set last_execution = excluded.last_execution
    where known.last_execution is null or known.last_execution < excluded.last_execution
      or known.last_execution > clock_timestamp() + interval '2 minutes'
    returning identifier)
  select graphile_worker.add_job(it.name, '{}', run_at := $3, max_attempts := it.attempts)
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

  /** Writes the names of the schedule, for operators who look into the table. */
  async register(db: Queryable): Promise<void> {
    await db.query(REGISTER, [this.items.map((it) => it.task), this.now()]);
  }

  /** Enqueues what fell due since the last call. Call it several times a minute. */
  async enqueueDue(db: Queryable): Promise<void> {
    const present = this.minute;
    // After a jump of the clock only the present minute counts.
    const jumped = present < this.done - 1 || present > this.done + MOST_LATE;
    for (let minute = jumped ? present : this.done + 1; minute <= present; minute += 1) {
      await this.enqueue(db, new Date(minute * MINUTE_MS));
      this.done = minute;
    }
  }

  private async enqueue(db: Queryable, at: Date): Promise<void> {
    const time = {
      min: at.getUTCMinutes(),
      hour: at.getUTCHours(),
      date: at.getUTCDate(),
      month: at.getUTCMonth() + 1,
      dow: at.getUTCDay(),
    };
    const due = this.items.filter((it) => it.match(time));
    if (due.length) await db.query(ENQUEUE, [due.map((it) => it.task), due.map((it) => it.options.maxAttempts), at]);
  }

  private get minute(): number {
    return Math.floor(this.now().getTime() / MINUTE_MS);
  }
}
