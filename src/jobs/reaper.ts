import type pg from 'pg';

const LOCK_CLASS = 7001;

/** Holds an advisory lock that proves a worker pool alive for as long as the connection lasts. */
export async function holdWorkerLock(client: pg.Client, poolId: string): Promise<void> {
  await client.query('select pg_advisory_lock($1, hashtext($2))', [LOCK_CLASS, poolId]);
}

/**
 * Frees the jobs of worker pools whose connection is gone (killed, cut off), so that others take them over
 * within seconds; the library alone would wait four hours. The grace period covers the moment before the lock is held.
 */
const FREE_JOBS_OF_THE_DEAD = `
  with gone as (
    select distinct locked_by from graphile_worker.jobs j
    where locked_by is not null and locked_at < now() - interval '5 seconds' and not exists (
      select from pg_locks l
      where l.locktype = 'advisory' and l.granted and l.classid = ${LOCK_CLASS}
        and l.database = (select oid from pg_database where datname = current_database())
        and l.objid::bigint = hashtext(j.locked_by)::bigint & 4294967295))
  select graphile_worker.force_unlock_workers(array(select locked_by from gone)) where exists (select from gone)`;

export async function reap(pool: pg.Pool): Promise<void> {
  await pool.query(FREE_JOBS_OF_THE_DEAD);
}

/** Whether any process runs the jobs of this database now. */
export async function anyWorkerAlive(client: pg.Client): Promise<boolean> {
  const { rowCount } = await client.query(
    `select from pg_locks where locktype = 'advisory' and granted and classid = $1
       and database = (select oid from pg_database where datname = current_database())`,
    [LOCK_CLASS],
  );
  return (rowCount ?? 0) > 0;
}
