import type { DataSource, DataSourceOptions, MixedList } from 'typeorm';

import type pg from 'pg';

type Classes = { entities: MixedList<new () => object>; migrations: MixedList<new () => object> };

/**
 * The one description of the connection, for the app, the CLI and the tests. Classes are listed, never globbed.
 * Time-outs: a forgotten transaction or a runaway statement must not hold an article's row.
 */
export function dataSourceOptions(url: string, classes: Classes, pool = 10): DataSourceOptions {
  return {
    type: 'postgres',
    url,
    entities: classes.entities as NonNullable<DataSourceOptions['entities']>,
    migrations: classes.migrations as NonNullable<DataSourceOptions['migrations']>,
    migrationsTransactionMode: 'each',
    applicationName: 'rostra',
    poolErrorHandler: () => {}, // an idle connection that dies is replaced; without a listener it would end the process
    extra: {
      max: pool,
      connectionTimeoutMillis: 5_000,
      statement_timeout: 15_000,
      idle_in_transaction_session_timeout: 10_000,
      // A prepared read is planned once a connection, not at each call (measured: 6 to 3 ms for a page); JIT would
      // compile for longer than these statements run.
      options: '-c plan_cache_mode=force_generic_plan -c jit=off',
    },
  };
}

/** The driver's own pool, for named prepared statements (TypeORM has no public door to them). */
export function poolOf(dataSource: DataSource): pg.Pool {
  return (dataSource.driver as unknown as { master: pg.Pool }).master;
}
