import type pg from 'pg';

export const LOCK_CLASS = 7001;

/**
 * The worker pools that did not renew their lease. The grace period covers the moment before the lease is written. A pool
 * without a row belongs to version 0.1, which holds an advisory lock. $1 is the time in milliseconds after which a worker
 * is dead.
 */
const DEAD = `
  select distinct j.locked_by from graphile_worker.jobs j left join job_workers w on w.pool_id = j.locked_by
  where j.locked_by is not null and j.locked_at < now() - interval '5 seconds' and case
    when w.pool_id is not null then w.seen_at < clock_timestamp() - $1::integer * interval '1 millisecond'
    else not exists (
      select from pg_locks l
      where l.locktype = 'advisory' and l.granted and l.classid = ${LOCK_CLASS}
        and l.database = (select oid from pg_database where datname = current_database())
        and l.objid::bigint = hashtext(j.locked_by)::bigint & 4294967295) end`;

/**
 * A job that was replaced while it ran has no key and no attempt left. The newer job does its work, so nothing of it must
 * stay when its worker died.
 */
const DROP_REPLACED = `
  delete from graphile_worker._private_jobs
  where locked_by = any(array(${DEAD})) and key is null and attempts >= max_attempts and updated_at > locked_at`;

/** Lets others take the jobs over within seconds; the library alone would wait four hours. */
const FREE = `
  with dead as (${DEAD})
  select graphile_worker.force_unlock_workers(array(select locked_by from dead)) where exists (select from dead)`;

const FORGET_THE_DEAD = `delete from job_workers where seen_at < clock_timestamp() - interval '10 minutes'`;

export async function reap(pool: Pick<pg.Pool, 'query'>, deadAfterMs: number): Promise<void> {
  await pool.query(DROP_REPLACED, [deadAfterMs]);
  await pool.query(FREE, [deadAfterMs]);
  await pool.query(FORGET_THE_DEAD);
}

/**
 * Frees jobs that this worker holds and does not run, because the answer to their fetching, or the statement that marks
 * them as done, was lost with its connection.
 */
const FREE_OWN = `
  with freed as (
    update graphile_worker._private_jobs set locked_by = null, locked_at = null, run_at = greatest(run_at, now())
    where locked_by = any($1) and locked_at < now() - interval '30 seconds' and id <> all($2::bigint[])
    returning job_queue_id, locked_by)
  update graphile_worker._private_job_queues q set locked_by = null, locked_at = null
  from freed where q.id = freed.job_queue_id and q.locked_by = any($1)`;

export async function freeOwn(pool: Pick<pg.Pool, 'query'>, poolIds: string[], running: string[]): Promise<void> {
  await pool.query(FREE_OWN, [poolIds, running]);
}

/** Whether a worker runs the jobs of this database now. @param host only workers of this host count */
export async function anyWorkerAlive(client: Pick<pg.ClientBase, 'query'>, host?: string): Promise<boolean> {
  const { rowCount } = await client.query(
    `select from job_workers where seen_at > clock_timestamp() - interval '10 seconds' and ($1::text is null or host = $1)`,
    [host ?? null],
  );
  return (rowCount ?? 0) > 0;
}
