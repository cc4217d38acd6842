import type pg from 'pg';
import type { DataSource, DataSourceOptions, MixedList } from 'typeorm';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';

type Classes = { entities: MixedList<new () => object>; migrations: MixedList<new () => object> };

export const TIMEOUTS = { statement_timeout: 15_000, idle_in_transaction_session_timeout: 10_000 };

const SESSION = {
  ...TIMEOUTS,
  // A prepared read is planned once for each connection and not at each call (measured: 3 ms instead of 6 for a page).
  // JIT would compile for longer than these statements run.
  options: '-c plan_cache_mode=force_generic_plan -c jit=off',
};

/** Whether a pooler gives each transaction of this data source another session. */
export const isPooled = ({ options }: DataSource): boolean =>
  (options.extra as Partial<typeof SESSION> | undefined)?.options === undefined;

/**
 * Describes the connection for the app, the CLI and the tests. Classes are listed, never globbed. The time-outs keep a
 * forgotten transaction or a runaway statement from holding the row of an article.
 * @param pooled whether a pooler in front gives each transaction another session: such a pooler refuses the parameters of
 *   a session, so Transactions sets its time-outs, and nothing is prepared
 */
export function dataSourceOptions(url: string, classes: Classes, pool = 10, pooled = false): DataSourceOptions {
  return {
    type: 'postgres',
    url,
    entities: classes.entities as NonNullable<DataSourceOptions['entities']>,
    migrations: classes.migrations as NonNullable<DataSourceOptions['migrations']>,
    migrationsTransactionMode: 'each',
    applicationName: 'rostra',
    poolErrorHandler: () => {}, // without a listener, the loss of an idle connection would end the process
    extra: {
      max: pool,
      connectionTimeoutMillis: 5_000,
      ...(pooled ? {} : SESSION),
    },
  };
}

/** Returns the driver's own pool, for named prepared statements, which TypeORM does not offer. */
export function poolOf(dataSource: DataSource): pg.Pool {
  return (dataSource.driver as PostgresDriver).master as pg.Pool;
}
