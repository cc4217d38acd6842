import pg from 'pg';
import { migrations } from '../../migrations/index.js';
import type { Config } from '../config/config.js';
import { ConfigError } from '../config/env.js';
import { APPEND_ONLY } from '../database/append-only.js';
import { type Connections, connectionWarnings, problemOf } from '../database/check-connections.js';
import { explainConnectionError, placeOf } from '../database/connection-error.js';
import { inspectDatabase } from '../database/inspect-database.js';
import { sqlState, sqlStateOf } from '../database/postgres-errors.js';
import { FINGERPRINT } from '../learner/features.js';
import { verifyKeyPair } from '../notifications/push/push-keys.service.js';
import { error, type Finding, ok, warning } from './finding.js';

/** The most connections of a process: its pool, one for events, and a worker's seven for its queue. */
const needed = (config: Config): number => config.env.DATABASE_POOL + 1 + (config.role === 'web' ? 0 : 7);

/** Looks at the database through each of its addresses. @param now the time of this machine in milliseconds */
export async function checkDatabase(config: Config, now: () => number): Promise<Finding[]> {
  let connections: Connections;
  try {
    const direct = await inspect('DATABASE_DIRECT_URL', config.directUrl, config, now);
    const app =
      config.directUrl === config.databaseUrl ? direct : await inspect('DATABASE_URL', config.databaseUrl, config, now);
    connections = { app, direct };
  } catch (reason) {
    return [error((reason as Error).message)];
  }
  const { app, direct } = connections;
  const problem = problemOf(config, connections);
  const through = {
    none: '',
    session: ', through a pooler in session mode',
    transaction: ', through a pooler in transaction mode',
  };
  return [
    ok(`Postgres ${app.version} at ${placeOf(config.databaseUrl)} answers the user ${app.user}${through[app.pooler]}.`),
    ...(problem ? [error(problem)] : []),
    ...connectionWarnings(config, connections).map(warning),
    ...connectionCount(config, direct.maxConnections, direct.usedConnections),
    ...(await checkTables(config)),
    ...(await checkMigrator(config, now)),
  ];
}

function inspect(setting: string, url: string, config: Config, now: () => number): ReturnType<typeof inspectDatabase> {
  return inspectDatabase(url, now).catch((reason: unknown) => {
    const name = url === config.databaseUrl ? 'DATABASE_URL' : setting;
    const explained = explainConnectionError(reason, url, name);
    throw explained instanceof ConfigError
      ? explained
      : new ConfigError(`${name} (${placeOf(url)}): ${(reason as Error).message}.`);
  });
}

function connectionCount(config: Config, most: number, used: number): Finding[] {
  const fitting = config.env.DATABASE_POOL - (needed(config) - (most - used));
  const cure =
    fitting > 0 ? `Lower DATABASE_POOL from ${config.env.DATABASE_POOL} to ${fitting}` : 'End other processes';
  const text = `A process with ROLE=${config.role} takes up to ${needed(config)} connections. The server allows ${most}, of which ${used} are in use`;
  return most - used >= needed(config)
    ? [ok(`${text}.`)]
    : [
        warning(
          `${text}. ${cure}, or raise max_connections of the server; processes that start while others stop need theirs twice.`,
        ),
      ];
}

async function checkTables(config: Config): Promise<Finding[]> {
  const client = new pg.Client({
    connectionString: config.directUrl,
    connectionTimeoutMillis: 4_000,
    query_timeout: 4_000,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ name: string }>('select name from migrations');
    const done = new Set(rows.map((it) => it.name));
    const missing = migrations.filter((it) => !done.has(it.name));
    const newer = rows.filter((it) => !migrations.some((ours) => ours.name === it.name));
    if (missing.length)
      return [
        warning(
          `The database lacks ${missing.length} of ${migrations.length} migrations, up to ${missing.at(-1)!.name}. The next start of a process that may make tables runs them, or \`rostra migrate\`.`,
        ),
      ];
    return [
      newer.length
        ? warning(`A newer Rostra has changed the database (${newer.at(-1)!.name}). Start that version here, too.`)
        : ok(`All ${migrations.length} migrations are done.`),
      await rights(client),
      ...(await keys(client)),
      ...(await learned(client)),
    ];
  } catch (reason) {
    if (sqlStateOf(reason) === sqlState.undefinedTable)
      return [warning('The database is empty. The first start makes its tables, or `rostra migrate`.')];
    return [error(`The tables cannot be read: ${(reason as Error).message}.`)];
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function rights(client: pg.Client): Promise<Finding> {
  const { rows } = await client.query<{ table: string }>(
    `select it as table from unnest($1::text[]) it where has_table_privilege(it, 'update') or has_table_privilege(it, 'delete')`,
    [[...APPEND_ONLY]],
  );
  return rows.length
    ? ok(
        'The user owns the tables. A role of its own could not rewrite the audit log (docs/operating.md, "Roles of the database").',
      )
    : ok('The user can neither change tables nor rewrite what is append-only.');
}

/** The keys that sign pushes are rows of the database. */
async function keys(client: pg.Client): Promise<Finding[]> {
  const { rows } = await client.query<{ id: string; publicKey: string; privateKey: string }>(
    `select id::text, public_key as "publicKey", private_key as "privateKey" from push_keys where retired_at is null`,
  );
  if (!rows[0]) return [ok('The keys that sign notifications are made at the first start.')];
  try {
    verifyKeyPair(rows[0]);
    return [ok('The keys that sign notifications belong together.')];
  } catch (reason) {
    return [error(`${(reason as Error).message} No notification arrives. Restore push_keys from a backup.`)];
  }
}

/** The versions of the helper that learns. A version that cannot be used is left out, so nobody else notices. */
async function learned(client: pg.Client): Promise<Finding[]> {
  const { rows } = await client.query<{ id: string }>(
    `select id::text from learner_versions where state <> 'retired' and (fingerprint <> $1 or sha256(weights) <> checksum)`,
    [FINGERPRINT],
  );
  return rows.map(({ id }) =>
    warning(
      `Version ${id} of the helper that learns is damaged, or another version of Rostra trained it, so it is not used. The next night trains a new one once there are enough new decisions.`,
    ),
  );
}

async function checkMigrator(config: Config, now: () => number): Promise<Finding[]> {
  const url = config.env.MIGRATION_DATABASE_URL;
  if (!url) return [];
  try {
    const { user, mayMigrate, pooler } = await inspect('MIGRATION_DATABASE_URL', url, config, now);
    if (pooler === 'transaction')
      return [
        error('MIGRATION_DATABASE_URL: a pooler in transaction mode is in front. Set the address of Postgres itself.'),
      ];
    return [
      mayMigrate
        ? ok(`Migrations run as ${user}.`)
        : error(`MIGRATION_DATABASE_URL: its user ${user} may not make tables. Name the owner of the database.`),
    ];
  } catch (reason) {
    return [error((reason as Error).message)];
  }
}
