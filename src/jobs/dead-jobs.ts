import type pg from 'pg';
import { rows, type Tx } from '../database/rows.js';
import { withoutSecrets } from '../log/without-secrets.js';

type Queryable = Pick<pg.ClientBase, 'query'>;

/** A job without an attempt left. */
export interface DeadJob {
  id: string;
  name: string;
  attempts: number;
  /** When it was enqueued, and when its last attempt ended. */
  created: Date;
  since: Date;
  /** The first line of the last error. */
  error: string;
}

/** Lists the jobs that failed at every attempt, oldest first, at most a hundred. */
export async function deadJobs(db: Queryable): Promise<DeadJob[]> {
  const { rows } = await db.query<DeadJob>(`
    select id::text as id, task_identifier as name, attempts, created_at as created, updated_at as since,
      split_part(coalesce(last_error, 'no error was recorded'), E'\\n', 1) as error
    from graphile_worker.jobs where attempts >= max_attempts and locked_at is null order by id limit 100`);
  return rows;
}

/**
 * Gives dead jobs their attempts back, so that they run now.
 * @param which a job's id, or the name of a kind; all dead jobs when absent
 * @returns their ids and names
 */
export async function retryDeadJobs(tx: Tx, which?: string): Promise<{ id: string; name: string }[]> {
  const id = which !== undefined && /^\d{1,18}$/.test(which) ? which : null;
  return rows<{ id: string; name: string }>(tx.sql`
    with dead as (
      select id, task_identifier as name from graphile_worker.jobs
      where attempts >= max_attempts and locked_at is null
        and (${which ?? null}::text is null or id = ${id}::bigint or task_identifier = ${which ?? null})),
    again as (select id from graphile_worker.reschedule_jobs(array(select id from dead), run_at := now(), attempts := 0))
    select id::text as id, name from dead join again using (id) order by dead.id`);
}

/** Describes dead jobs for the operator, one a line. */
export function describeDeadJobs(dead: readonly DeadJob[], now: Date): string {
  if (!dead.length) return 'No job is dead.';
  const age = (date: Date): string => {
    const minutes = Math.max(0, Math.round((now.getTime() - date.getTime()) / 60_000));
    if (minutes < 120) return `${minutes} min`;
    return minutes < 2_880 ? `${Math.round(minutes / 60)} h` : `${Math.round(minutes / 1_440)} days`;
  };
  const lines = dead.map(({ id, name, attempts, created, since, error }) => {
    const tries = attempts === 1 ? '1 attempt' : `${attempts} attempts`;
    return `${id}  ${name}, ${age(created)} old, ${tries}, the last ${age(since)} ago: ${withoutSecrets(error)}`;
  });
  const help = 'Run one again by `rostra jobs retry <id>`, all of a kind by its name, and all by the word all.';
  return [...lines, '', help].join('\n');
}
