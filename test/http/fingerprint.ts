import pg from 'pg';

/** The number of changes in each table since `Fingerprints.of`. Equal numbers mean that no row changed. */
export type Fingerprint = Record<string, string>;

/** Tables that are left out: limits count refused attempts too, and workers renew their leases. */
const COUNTERS = ['rate_limits', 'job_workers'];

/**
 * Counts every committed change of a row by triggers, because reading all tables before and after each of some hundred
 * tests took 19 seconds of CPU.
 */
export class Fingerprints {
  private constructor(private readonly client: pg.Client) {}

  static async of(url: string): Promise<Fingerprints> {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    const { rows } = await client.query<{ name: string }>(
      `select oid::regclass::text as name from pg_class where relkind in ('r', 'p') and not relispartition
       and relnamespace in ('public'::regnamespace, 'graphile_worker'::regnamespace) order by 1`,
    );
    const tables = rows.map((it) => it.name).filter((it) => !COUNTERS.includes(it));
    await client.query(`
      create schema fingerprint;
      create table fingerprint.changes (changed text not null);
      create function fingerprint.note() returns trigger language plpgsql as $$
        begin insert into fingerprint.changes values (tg_argv[0]); return null; end $$;`);
    for (const table of tables)
      await client.query(`
        create trigger fingerprint_rows after insert or delete on ${table}
          for each row execute function fingerprint.note('${table}');
        create trigger fingerprint_updates after update on ${table}
          for each row when (old.* *<> new.*) execute function fingerprint.note('${table}');
        create trigger fingerprint_truncate after truncate on ${table}
          for each statement execute function fingerprint.note('${table}');`);
    return new Fingerprints(client);
  }

  async take(): Promise<Fingerprint> {
    const { rows } = await this.client.query<{ changed: string; count: string }>(
      'select changed, count(*) from fingerprint.changes group by changed order by changed',
    );
    return Object.fromEntries(rows.map((it) => [it.changed, it.count]));
  }

  close(): Promise<void> {
    return this.client.end();
  }
}
