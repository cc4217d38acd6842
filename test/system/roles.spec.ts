import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { migrate } from '../../src/database/migrate.js';
import { buildIfNeeded } from '../../tools/start/build.mjs';
import { emptyDatabase } from '../support/catalogue.js';
import { makeComposeRoles } from '../support/compose-roles.js';
import { cloneDatabase, type TestDatabase } from '../support/database.js';
import { killOrphansIn } from '../support/orphan-killer.js';
import { endLaunched, freePorts, launch, runToEnd, untilNothingIn } from '../support/processes.js';
import { PRODUCTION } from '../support/production.js';
import { copyProject, ownPorts } from '../support/project-copy.js';

// The product runs as several processes here: ROLE=web serves, ROLE=worker runs jobs, and both use one database.

let folder: string;
let cwd: string;
let ports: Awaited<ReturnType<typeof ownPorts>>;
let dismiss: () => void;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rostra-roles-'));
  await chmod(folder, 0o755);
  dismiss = killOrphansIn(folder);
  cwd = join(folder, 'project');
  await buildIfNeeded(() => undefined, AbortSignal.timeout(230_000));
  await copyProject(cwd, { built: true });
  ports = await ownPorts();
}, 240_000);
afterAll(async () => {
  endLaunched();
  // When a process is left, the orphan killer stays and ends it with Jest.
  await untilNothingIn([folder]);
  await rm(folder, { recursive: true, force: true });
  dismiss();
});

const npmStart = (env: Record<string, string>) => launch('npm', ['start'], { cwd, env: { ...ports, ...env } });
const mails = async () =>
  (await (await fetch(`http://localhost:${ports.MAILBOX_PORT}/api/messages`)).json()) as unknown[];

async function register(): Promise<void> {
  const origin = `http://localhost:${ports.PORT}`;
  const answer = await fetch(`${origin}/api/v1/accounts`, {
    method: 'POST',
    headers: { origin, 'content-type': 'application/json' },
    body: JSON.stringify({ email: 'role@example.org', displayName: 'Rolanda Example' }),
  });
  expect(answer.status).toBe(202);
}

describe('roles', () => {
  it('let web serve and worker send the mails when both share the local database', async () => {
    const shared = { DATA_DIR: join(folder, 'data') };
    const web = npmStart({ ...shared, ROLE: 'web' });
    await web.until(/Rostra is ready/);
    await register();
    await delay(3_000); // a runner would have taken the job by now, and none may run here
    expect(await mails()).toEqual([]);

    const worker = npmStart({ ...shared, ROLE: 'worker' });
    await worker.until(/worker is ready/);
    const deadline = Date.now() + 20_000;
    while (!(await mails()).length && Date.now() < deadline) await delay(50);
    expect(await mails()).toHaveLength(1);

    web.signalGroup('SIGINT');
    await web.exited;
    // The worker still works, because it keeps the database running.
    const alive = await runToEnd('npm', ['run', '--silent', 'rostra', '--', 'worker-alive'], {
      cwd,
      env: { ...ports, ...shared },
    });
    expect(alive).toMatchObject({ code: 0 });
    worker.signalGroup('SIGTERM');
    await worker.exited;
    await untilNothingIn([folder], 10_000);
  }, 120_000);

  describe('with DATABASE_URL', () => {
    let database: TestDatabase;
    beforeAll(async () => {
      database = await cloneDatabase();
    });
    afterAll(() => database.drop());

    it('lets an owner who is no superuser migrate an empty database, as docker compose does', async () => {
      const empty = await cloneDatabase();
      await emptyDatabase(empty.adminUrl);
      const roles = await makeComposeRoles(empty.adminUrl);
      await migrate(roles.ownerUrl, roles.appUrl);
      const app = new pg.Client({ connectionString: roles.appUrl });
      await app.connect();
      expect((await app.query('select count(*)::int as n from comments')).rows).toEqual([{ n: 0 }]);
      await expect(app.query('drop table comments')).rejects.toThrow('must be owner');
      await app.end();
      await roles.drop();
      await empty.drop();
    }, 60_000);

    it('names the fault in one line without the password when it cannot be used', async () => {
      const wrong = (change: Partial<Record<'password' | 'port' | 'pathname', string>>) =>
        Object.assign(new URL(database.url), change).href;
      const [nobody] = await freePorts(1);
      const place = String.raw`DATABASE_URL \(127\.0\.0\.1:\d+/\w+\): `;
      await expect(migrate(wrong({ port: String(nobody) }))).rejects.toThrow(
        new RegExp(`^${place}.*ECONNREFUSED.*Is a`),
      );
      await expect(migrate(wrong({ pathname: '/nowhere' }))).rejects.toThrow(
        new RegExp(`^${place}.*Create the database first`),
      );

      const running = npmStart({ DATABASE_URL: wrong({ password: 'geheim' }) });
      expect((await running.exited).code).not.toBe(0);
      expect(running.output()).toMatch(
        new RegExp(`^${place}password authentication failed.* Check the user and the password`, 'm'),
      );
      expect(running.output()).not.toMatch(/geheim|^\s+at /m);
      await untilNothingIn([folder], 10_000);
    }, 60_000);

    it('use that database and start none, and warn when a newer Rostra has changed it', async () => {
      const client = new pg.Client({ connectionString: database.url });
      await client.connect();
      await client.query("insert into migrations (timestamp, name) values (9000000000000, 'Later9000000000000')");
      await client.end();
      const running = npmStart({ DATABASE_URL: database.url, DATA_DIR: join(folder, 'unused') });
      await running.until(/Rostra is ready/);
      expect(running.output()).not.toContain('Making the local database');
      expect(running.output()).toContain('changed by a newer Rostra (Later9000000000000)');
      running.signalGroup('SIGINT');
      await running.exited;
      await untilNothingIn([folder], 10_000);
    }, 90_000);

    it('start no stand-in in production, and name what production needs', async () => {
      const settings = { NODE_ENV: 'production', DATABASE_URL: database.url };
      const incomplete = npmStart(settings);
      expect((await incomplete.exited).code).not.toBe(0);
      expect(incomplete.output()).toMatch(/^PUBLIC_URL: /m);

      for (const name of ['TRUST_PROXY', 'SMTP_URL', 'MAIL_FROM', 'SITE_NAME'])
        expect(incomplete.output()).toMatch(new RegExp(`^${name}: needed`, 'm'));

      const running = npmStart({ ...settings, ...PRODUCTION });
      const ready = `http://localhost:${ports.PORT}/health/ready`;
      const deadline = Date.now() + 30_000;
      while (!(await fetch(ready).catch(() => undefined))?.ok && Date.now() < deadline) await delay(50);
      expect((await fetch(ready)).status).toBe(200);
      for (const port of [ports.DEMO_PORT, ports.MAILBOX_PORT])
        await expect(fetch(`http://localhost:${port}/`)).rejects.toThrow('fetch failed');
      running.signal('SIGTERM');
      await running.exited;
      expect(running.output()).toContain('Nest application successfully started');
      expect(running.output()).not.toContain('\u001b[3');
      await untilNothingIn([folder], 10_000);
    }, 90_000);
  });
});
