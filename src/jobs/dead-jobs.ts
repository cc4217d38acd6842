import type pg from 'pg';

type Queryable = Pick<pg.ClientBase, 'query'>;

/** A job without an attempt left. */
export interface DeadJob {
  id: string;
  name: string;
  attempts: number;
  since: Date;
  /** The first line of the last error. */
  error: string;
}

/** Lists the jobs that failed at every attempt, oldest first, at most a hundred. */
export async function deadJobs(db: Queryable): Promise<DeadJob[]> {
  const { rows } = await db.query<DeadJob>(`
    select id::text as id, task_identifier as name, attempts, updated_at as since,
      split_part(coalesce(last_error, 'no error was recorded'), E'\\n', 1) as error
    from graphile_worker.jobs where attempts >= max_attempts and locked_at is null order by id limit 100`);
  return rows;
}

/**
 * Gives dead jobs their attempts back, so that they run now.
 * @param id a job's id; all dead jobs when absent
 * @returns how many there were
 */
export async function retryDeadJobs(db: Queryable, id?: string): Promise<number> {
  const { rowCount } = await db.query(
    `select graphile_worker.reschedule_jobs(array(
       select id from graphile_worker.jobs
       where attempts >= max_attempts and locked_at is null and ($1::bigint is null or id = $1)),
     run_at := now(), attempts := 0)`,
    [id ?? null],
  );
  return rowCount ?? 0;
}
