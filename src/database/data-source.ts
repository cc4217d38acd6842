import type pg from 'pg';
import type { DataSource, DataSourceOptions, MixedList } from 'typeorm';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';
import { type ConnectionOptions, connectionOptions, sessionTimeouts, STATEMENT_MS } from './connection.js';

type Classes = { entities: MixedList<new () => object>; migrations: MixedList<new () => object> };

// A prepared read is planned once for each connection and not at each call (measured: 3 ms instead of 6 for a page). JIT
// would compile for longer than these statements run.
const PLANNER = '-c plan_cache_mode=force_generic_plan -c jit=off';

const extraOf = ({ options }: DataSource): Partial<ConnectionOptions> =>
  (options.extra as Partial<ConnectionOptions> | undefined) ?? {};

/** Whether a pooler gives each transaction of this data source another session. */
export const isPooled = (dataSource: DataSource): boolean => extraOf(dataSource).options === undefined;

/** Returns the time-outs of a session, for a transaction behind a pooler. */
export const timeoutsOf = (dataSource: DataSource): Record<string, number> =>
  sessionTimeouts(extraOf(dataSource).statementMillis);

/**
 * Describes the connection for the app, the CLI and the tests. Classes are listed, never globbed. The time-outs keep a
 * forgotten transaction or a runaway statement from holding the row of an article.
 * @param pool the most connections
 * @param pooled whether a pooler in front gives each transaction another session: such a pooler refuses the parameters of
 *   a session, so Transactions sets its time-outs, and nothing is prepared
 */
export function dataSourceOptions(
  url: string,
  classes: Classes,
  pool = 10,
  pooled = false,
  statementMs = STATEMENT_MS,
): DataSourceOptions {
  const connection = connectionOptions(url, 'rostra', statementMs, pooled);
  return {
    type: 'postgres',
    url,
    entities: classes.entities as NonNullable<DataSourceOptions['entities']>,
    migrations: classes.migrations as NonNullable<DataSourceOptions['migrations']>,
    migrationsTransactionMode: 'each',
    poolErrorHandler: () => {}, // without a listener, the loss of an idle connection would end the process
    extra: {
      ...connection,
      max: pool,
      ...(pooled ? {} : { options: `${connection.options} ${PLANNER}` }),
    },
  };
}

/** Returns the driver's own pool, for named prepared statements, which TypeORM does not offer. */
export function poolOf(dataSource: DataSource): pg.Pool {
  return (dataSource.driver as PostgresDriver).master as pg.Pool;
}
