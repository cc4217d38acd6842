import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Config } from '../../src/config/config.js';
import { readEnvironment } from '../../src/config/env.js';
import { checkConnections } from '../../src/database/check-connections.js';
import { migrate, prepareDatabase } from '../../src/database/migrate.js';
import { type ClonedDatabase, cloneDatabase } from '../support/database.js';
import { endLaunched, runToEnd } from '../support/processes.js';
import { pgbouncer, startPooler, type TestPooler } from '../support/pooler.js';

// Rostra behind Debian's PgBouncer (1.18 in Debian 12), as the role without DDL.

const cwd = fileURLToPath(new URL('../../', import.meta.url));
/** Specs of the core that reach their database only through the app and `app.sql`. */
const CORE = [
  'test/accounts/session.spec.ts',
  'test/comments/posting.spec.ts',
  'test/comments/once.spec.ts',
  'test/donations/ledger.spec.ts',
  'test/moderation/deciding.spec.ts',
  'test/notifications/alerts.spec.ts',
  'test/realtime/live.spec.ts',
];

(pgbouncer.wanted ? describe : describe.skip)('pgbouncer', () => {
  let database: ClonedDatabase;
  let transaction: TestPooler;
  let session: TestPooler;
  const urlOf = (pooler: TestPooler) => `${pooler.url}${new URL(database.adminUrl).pathname}`;
  const configOf = (url: string, env: Record<string, string> = {}) => new Config(readEnvironment(env), url);

  beforeAll(async () => {
    database = await cloneDatabase();
    transaction = await startPooler(database.adminUrl);
    session = await startPooler(database.adminUrl, { mode: 'session' });
    await migrate(database.adminUrl, urlOf(transaction));
  }, 60_000);
  afterAll(async () => {
    endLaunched();
    await transaction.stop();
    await session.stop();
    await database.drop();
  });

  it('runs the specs of the core in transaction mode when DATABASE_PREPARED is off', async () => {
    const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
    const { code, output } = await runToEnd(
      process.execPath,
      [...flags, 'node_modules/jest/bin/jest.js', '--runTestsByPath', ...CORE],
      { cwd, env: { TEST_POOLER: '1' } },
    );
    expect(output).toMatch(/^Test Suites: 7 passed, 7 total$/m);
    expect(code).toBe(0);
  }, 240_000);

  it('is named within seconds, with the cure, when it is in transaction mode and the settings do not say so', async () => {
    const begun = performance.now();
    const cure = 'Set DATABASE_PREPARED=off, and DATABASE_DIRECT_URL to the address of Postgres itself.';
    const off = { DATABASE_PREPARED: 'off' };
    const refusals: [env: Record<string, string>, message: RegExp][] = [
      [{}, new RegExp(`^DATABASE_URL \\(.*pooler in transaction mode.*${cure}$`)],
      [off, /^DATABASE_DIRECT_URL \(.*locks and LISTEN need a session/],
      [{ ...off, DATABASE_DIRECT_URL: urlOf(transaction) }, /^DATABASE_DIRECT_URL /],
      [{ DATABASE_DIRECT_URL: database.adminUrl }, /^DATABASE_URL .*DATABASE_PREPARED=off/],
    ];
    for (const [env, message] of refusals)
      await expect(checkConnections(configOf(urlOf(transaction), env))).rejects.toThrow(message);
    const migrator = configOf(database.adminUrl, { MIGRATION_DATABASE_URL: urlOf(transaction) });
    await expect(prepareDatabase(migrator, true)).rejects.toThrow(/^MIGRATION_DATABASE_URL .*need a session/);
    expect(performance.now() - begun).toBeLessThan(10_000);
  });

  it('is accepted in transaction mode beside a direct address, and in session mode', async () => {
    const env = { DATABASE_PREPARED: 'off', DATABASE_DIRECT_URL: database.adminUrl };
    const { app, direct } = await checkConnections(configOf(urlOf(transaction), env));
    expect([app.pooler, direct.pooler]).toEqual(['transaction', 'none']);
    const inSession = await checkConnections(configOf(urlOf(session), { DATABASE_PREPARED: 'off' }));
    expect(inSession.app.pooler).toBe('session');
  });

  it('is named with the cure when it refuses the parameters of a session', async () => {
    await expect(checkConnections(configOf(urlOf(session)))).rejects.toThrow(
      /^DATABASE_URL \(.*unsupported startup parameter.*DATABASE_PREPARED=off/,
    );
  });
});
