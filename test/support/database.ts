import { randomBytes } from 'node:crypto';
import { dirname } from 'node:path';
import pg from 'pg';

/** The environment variable in which the set-up (server.ts) leaves the superuser's URL for the workers. */
export const ADMIN_URL = 'TEST_DATABASE_ADMIN_URL';
/** Names the address of a pooler, with the app's own role, through which the apps of this run reach their databases. */
export const POOLER_URL = 'TEST_POOLER_URL';
export const TEMPLATE = 'template_app';

export interface TestDatabase {
  /** The address for the app. */
  readonly url: string;
  /** The superuser's address, where it is another one. */
  readonly adminUrl?: string;
  /** The settings of an app that uses `url`. */
  readonly env?: Readonly<Record<string, string>>;
  drop(): Promise<void>;
}

export type ClonedDatabase = Required<TestDatabase>;

/** Makes an empty database with the current schema, in some 40 ms. */
export async function cloneDatabase(): Promise<ClonedDatabase> {
  const adminUrl = process.env[ADMIN_URL];
  if (!adminUrl) throw new Error(`${ADMIN_URL} is not set: run this by Jest, or call startTestServer() first`);
  const name = `t_${randomBytes(8).toString('hex')}`;
  await asAdmin(adminUrl, `create database ${name} template ${TEMPLATE} strategy file_copy`);
  const url = new URL(adminUrl);
  url.pathname = name;
  const drop = () => asAdmin(adminUrl, `drop database if exists ${name} with (force)`);
  const appUrl = process.env[POOLER_URL];
  if (!appUrl) return { url: url.href, adminUrl: url.href, env: {}, drop };
  const [pooled, direct] = [new URL(appUrl), new URL(appUrl)];
  pooled.pathname = direct.pathname = name;
  direct.port = url.port;
  const env = { DATABASE_PREPARED: 'off', DATABASE_DIRECT_URL: direct.href };
  return { url: pooled.href, adminUrl: url.href, env, drop };
}

/** Returns the process in the name of a test server's folder, or undefined for any other folder. */
export function testServerOwner(folder: string): number | undefined {
  const pid = /(?:^|[/\\-])test-(\d+)$/.exec(folder)?.[1];
  return pid ? Number(pid) : undefined;
}

/** Runs SQL as the superuser. @throws Error when the server may hold other data than the tests' */
async function asAdmin(adminUrl: string, sql: string): Promise<void> {
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  try {
    const { rows } = await admin.query<{ folder: string; fsync: string }>(
      "select current_setting('data_directory') as folder, current_setting('fsync') as fsync",
    );
    if (!rows[0] || !testServerOwner(dirname(rows[0].folder)) || rows[0].fsync !== 'off')
      throw new Error(`${ADMIN_URL} names a server that is not the tests' own (${rows[0]?.folder ?? 'unknown'})`);
    await admin.query(sql);
  } finally {
    await admin.end();
  }
}
