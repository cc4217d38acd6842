import { randomBytes } from 'node:crypto';
import { dirname } from 'node:path';
import pg from 'pg';

/** The environment variable in which the set-up (server.ts) leaves the superuser's URL for the workers. */
export const ADMIN_URL = 'TEST_DATABASE_ADMIN_URL';
export const TEMPLATE = 'template_app';

export interface TestDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

/** Makes an empty database with the current schema, in some 40 ms. */
export async function cloneDatabase(): Promise<TestDatabase> {
  const adminUrl = process.env[ADMIN_URL];
  if (!adminUrl) throw new Error(`${ADMIN_URL} is not set: run this by Jest, or call startTestServer() first`);
  const name = `t_${randomBytes(8).toString('hex')}`;
  await asAdmin(adminUrl, `create database ${name} template ${TEMPLATE} strategy file_copy`);
  const url = new URL(adminUrl);
  url.pathname = name;
  return { url: url.href, drop: () => asAdmin(adminUrl, `drop database if exists ${name} with (force)`) };
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
