import pg from 'pg';

/** What lies in every table, as a count and a hash each: equal before and after means that not a row changed. */
export type Fingerprint = Record<string, string>;

/** Limits count refused attempts too: that is their purpose. */
const COUNTERS = ['rate_limits'];

export class Fingerprints {
  private constructor(
    private readonly client: pg.Client,
    private readonly sql: string,
  ) {}

  static async of(url: string): Promise<Fingerprints> {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    const { rows } = await client.query<{ name: string }>(
      `select oid::regclass::text as name from pg_class where relkind in ('r', 'p')
       and relnamespace in ('public'::regnamespace, 'graphile_worker'::regnamespace) order by 1`,
    );
    const parts = rows
      .filter(({ name }) => !COUNTERS.includes(name))
      .map(
        ({ name }) => `select '${name}' as name,
          count(*) || ' ' || coalesce(md5(string_agg(md5(it::text), '' order by md5(it::text))), '') as content
          from ${name} it`,
      );
    return new Fingerprints(client, parts.join(' union all '));
  }

  async take(): Promise<Fingerprint> {
    const { rows } = await this.client.query<{ name: string; content: string }>({
      name: 'fingerprint', // planned once: planning so many tables takes longer than reading them
      text: this.sql,
    });
    return Object.fromEntries(rows.map((it) => [it.name, it.content]));
  }

  close(): Promise<void> {
    return this.client.end();
  }
}
