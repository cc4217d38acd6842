import { type IRateLimiterPostgresOptions, RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import type { DataSource } from 'typeorm';
import { row } from '../database/rows.js';

interface Counted {
  points: number;
  /** The milliseconds until the window ends. */
  ms: number;
}

/**
 * The library's counter by the database's clock. Its own uses the clock of each process: a limit then ends early or a day
 * late when two machines differ, or when one of them is set. A window that ends later than it can is counted anew.
 */
const COUNT = `
  with moment as (select (extract(epoch from clock_timestamp()) * 1000)::bigint as now)
  insert into rate_limits as l (key, points, expire) select $1, $2, now + $3 from moment
  on conflict (key) do update set
    points = case when l.expire > excluded.expire - $3 and l.expire <= excluded.expire + 1000
      then l.points + excluded.points else excluded.points end,
    expire = case when l.expire > excluded.expire - $3 and l.expire <= excluded.expire + 1000
      then l.expire else excluded.expire end
  returning points, (expire - (select now from moment))::integer as ms`;

export class DatabaseCounter extends RateLimiterPostgres {
  private readonly windowMs: number;

  constructor(
    options: IRateLimiterPostgresOptions,
    private readonly dataSource: DataSource,
  ) {
    super(options);
    this.windowMs = options.duration! * 1_000;
  }

  /** The library calls these two. */
  protected async _upsert(key: string, points: number, windowMs: number): Promise<Counted> {
    return (await row<Counted>(this.dataSource, COUNT, [key, points, windowMs]))!;
  }

  protected _getRateLimiterRes(_key: string, _points: number, { points, ms }: Counted): RateLimiterRes {
    return new RateLimiterRes(Math.max(this.points - points, 0), Math.max(ms, 0), points, points === 1);
  }

  /** A block in memory ends by the clock of the machine, which may have been set back. */
  protected getInMemoryBlockMsBeforeExpire(key: string): number {
    const library = RateLimiterPostgres.prototype as unknown as DatabaseCounter;
    const ms = library.getInMemoryBlockMsBeforeExpire.call(this, key);
    if (ms <= this.windowMs) return ms;
    this.deleteInMemoryBlockedAll();
    return 0;
  }
}
