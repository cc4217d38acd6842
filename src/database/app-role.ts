import type pg from 'pg';
import { ConfigError } from '../config/env.js';
import { APPEND_ONLY } from './append-only.js';
import { sqlStateOf } from './postgres-errors.js';

const JOBS = 'graphile_worker';
/** The migrations write these, and everybody else only reads them. */
const READ_ONLY = [
  ['public', 'migrations'],
  [JOBS, 'migrations'],
] as const;

/** The tables that the role may not have these rights on. They are compared with what it has. */
const MISMATCH = `
  select count(*)::int as n from pg_class c join pg_namespace n on n.oid = c.relnamespace
  cross join unnest(array['select', 'insert', 'update', 'delete', 'truncate']) as it (privilege)
  where n.nspname in ('public', '${JOBS}') and c.relkind in ('r', 'p') and
    has_table_privilege($1, c.oid, privilege) <> case
      when privilege = 'truncate' then false
      when privilege = 'select' then true
      when n.nspname || '.' || c.relname = any($2) then false
      when privilege = 'insert' then true
      else not (n.nspname = 'public' and c.relname = any($3))
    end`;

/**
 * Gives the app's role what the app needs and no more: no DDL, and neither UPDATE nor DELETE on what is append-only. Makes
 * the role when it does not exist. Does nothing while the role has exactly these rights.
 * @param client a connection of the migrator, which owns the tables
 * @param url the app's DATABASE_URL
 * @throws ConfigError when the migrator may not make the role
 */
export async function grantAppRole(client: pg.Client, url: string): Promise<void> {
  const { username, password } = new URL(url);
  const role = decodeURIComponent(username);
  if (!role || role === client.user) return;
  await createRole(client, role, decodeURIComponent(password));
  const { rows } = await client.query<{ n: number }>(MISMATCH, [
    role,
    READ_ONLY.map((it) => it.join('.')),
    [...APPEND_ONLY],
  ]);
  if (rows[0]!.n === 0) return;
  const app = client.escapeIdentifier(role);
  const database = client.escapeIdentifier(client.database ?? '');
  // Several statements in one text are one transaction, so the running app never lacks a right.
  await client.query(
    [
      ...['public', JOBS].flatMap((schema) => [
        `revoke create on schema ${schema} from public, ${app}`,
        `grant usage on schema ${schema} to ${app}`,
        `revoke all on all tables in schema ${schema} from ${app}`,
        `grant select, insert, update, delete on all tables in schema ${schema} to ${app}`,
        `grant usage, select on all sequences in schema ${schema} to ${app}`,
        `grant execute on all functions in schema ${schema} to ${app}`,
      ]),
      ...READ_ONLY.map(([schema, table]) => `revoke insert, update, delete on ${schema}.${table} from ${app}`),
      `revoke update, delete on ${APPEND_ONLY.join(', ')} from ${app}`,
      `grant connect on database ${database} to ${app}`,
      `revoke create, temporary on database ${database} from public, ${app}`,
      ...(await openQueue(client, app)),
    ].join(';\n'),
  );
}

async function createRole(client: pg.Client, role: string, password: string): Promise<void> {
  const { rowCount } = await client.query('select from pg_roles where rolname = $1', [role]);
  if (rowCount) return;
  const statement = `create role ${client.escapeIdentifier(role)} login`;
  try {
    await client.query(`${statement} password ${client.escapeLiteral(password)}`);
  } catch (error) {
    if (sqlStateOf(error) !== '42501') throw error;
    throw new ConfigError(
      `DATABASE_URL: its user ${role} does not exist, and the user of MIGRATION_DATABASE_URL may not make it. ` +
        `Run as an administrator: ${statement} password '...'.`,
    );
  }
}

/** The job library switches row security on for its tables, which admits nobody but their owner. */
async function openQueue(client: pg.Client, app: string): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select c.relname as name from pg_class c where c.relnamespace = '${JOBS}'::regnamespace and c.relrowsecurity`,
  );
  return rows.flatMap(({ name }) => {
    const table = `${JOBS}.${client.escapeIdentifier(name)}`;
    return [
      `drop policy if exists rostra_app on ${table}`,
      `create policy rostra_app on ${table} to ${app} using (true) with check (true)`,
    ];
  });
}
