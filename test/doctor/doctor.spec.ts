import { createServer, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { SMTPServer } from 'smtp-server';
import { migrate } from '../../src/database/migrate.js';
import { examine, hasErrors, type Outside } from '../../src/doctor/doctor.js';
import { reportOf } from '../../src/doctor/finding.js';
import { type ClonedDatabase, cloneDatabase } from '../support/database.js';
import { PRODUCTION } from '../support/production.js';

// What `rostra doctor` says about ten broken set-ups and a right one. docs/doctor.md shows these reports.

const ROLE = 'rostra_doctor';
const PAGE = new URL('../../docs/doctor.md', import.meta.url);

describe('doctor', () => {
  let database: ClonedDatabase;
  let appUrl: string;
  let mail: SMTPServer;
  let mailPort: number;
  let closedPort: number;
  const reports: string[] = [];

  const outside: Outside = {
    now: Date.now,
    hasMail: async (domain) => domain !== 'rostra-hreald.com',
    fetch: async () => new Response('{"status":"ok"}'),
  };

  beforeAll(async () => {
    database = await cloneDatabase();
    appUrl = Object.assign(new URL(database.adminUrl), { username: ROLE, password: 'of-the-app' }).href;
    await migrate(database.adminUrl, appUrl);
    mail = new SMTPServer({
      disabledCommands: ['STARTTLS'],
      authOptional: true,
      allowInsecureAuth: true,
      onAuth: (_auth, _session, done) => done(new Error('Invalid username or password')),
    });
    await new Promise<void>((resolve) => {
      mail.listen(0, '127.0.0.1', resolve);
    });
    mailPort = (mail.server.address() as AddressInfo).port;
    const closed = createTcpServer();
    closedPort = await new Promise<number>((resolve) =>
      closed.listen(0, '127.0.0.1', () => resolve((closed.address() as AddressInfo).port)),
    );
    await new Promise((resolve) => closed.close(resolve));
  });
  afterAll(async () => {
    await new Promise<void>((resolve) => {
      mail.close(resolve);
    });
    await database.drop();
    const admin = new pg.Client({ connectionString: process.env.TEST_DATABASE_ADMIN_URL });
    await admin.connect();
    await admin.query(`drop role ${ROLE}`);
    await admin.end();
  });

  /** Examines a set-up and keeps its report for docs/doctor.md. */
  async function report(
    title: string,
    changes: Record<string, string>,
    replaced: Partial<Outside> = {},
  ): Promise<string> {
    const source = { ...PRODUCTION, DATABASE_URL: appUrl, SMTP_URL: `smtp://127.0.0.1:${mailPort}`, ...changes };
    const sections = await examine(source, { ...outside, ...replaced });
    const text = reportOf(
      sections.map((it) => ({ ...it, findings: it.findings.map((one) => ({ ...one, text: generalised(one.text) })) })),
    );
    reports.push(`## ${title}\n\n\`\`\`\n${text}\n\`\`\`\n`);
    expect([title, hasErrors(sections)]).toEqual([title, /^\s+ERROR/m.test(text)]);
    return text.replace(/\s+/g, ' ');
  }

  /** Replaces what differs from run to run. */
  const generalised = (text: string): string =>
    text
      .replaceAll(new URL(appUrl).port, '5432')
      .replaceAll(new URL(appUrl).pathname.slice(1), 'rostra')
      .replaceAll(ROLE, 'rostra_app')
      .replaceAll(String(mailPort), '587')
      .replaceAll(String(closedPort), '5999')
      .replace(/Postgres \d+\.\d+/g, 'Postgres 18.4')
      .replace(/allows \d+, of which \d+ are/g, 'allows 97, of which 12 are')
      .replace(/from (\d+) to \d+,/g, 'from $1 to 77,')
      .replace(/All \d+ migrations/g, 'All 20 migrations')
      .replace(/lacks 1 of \d+ migrations, up to \w+/g, 'lacks 1 of 20 migrations, up to LastMigration');

  it('finds nothing wrong when nothing is', async () => {
    const text = await report('A set-up without a fault', {});
    expect(text).toContain('No errors, no warnings.');
  });

  it('names what is missing when production has no settings', async () => {
    const none = Object.fromEntries(Object.keys(PRODUCTION).map((it) => [it, '']));
    const text = await report('No settings', { ...none, NODE_ENV: 'production', DATABASE_URL: '', SMTP_URL: '' });
    for (const name of ['PUBLIC_URL', 'TRUST_PROXY', 'DATABASE_URL', 'SMTP_URL', 'MAIL_FROM', 'SITE_NAME'])
      expect(text).toMatch(new RegExp(`ERROR ${name}: needed`));
  });

  it('names the settings of a laptop that are left in production', async () => {
    const text = await report('The settings of a laptop in production', {
      PUBLIC_URL: 'http://talk.rostra-herald.com',
      ALLOWED_ORIGINS: 'https://*.rostra-herald.com',
      TRUST_PROXY: '0',
      MAIL_FROM: 'no-reply@localhost',
      SITE_NAME: 'The Harbour Post',
      PGSSLMODE: 'require',
    });
    for (const name of ['PUBLIC_URL', 'ALLOWED_ORIGINS', 'MAIL_FROM', 'SITE_NAME'])
      expect(text).toMatch(new RegExp(`ERROR ${name}`));
    expect(text).not.toContain('ALLOWED_ORIGINS: names no site');
  });

  it('names a database that is not there, and a wrong password, without showing it', async () => {
    const closed = Object.assign(new URL(appUrl), { port: String(closedPort) }).href;
    expect(await report('A database that does not answer', { DATABASE_URL: closed })).toMatch(
      /ERROR DATABASE_URL \(127\.0\.0\.1:5999\/rostra\): .*ECONNREFUSED.*Is a Postgres running there/,
    );
    const wrong = Object.assign(new URL(appUrl), { password: 'geheim' }).href;
    const text = await report('A wrong database password', { DATABASE_URL: wrong });
    expect(text).toMatch(/ERROR DATABASE_URL .*password authentication failed.*Check the user and the password/);
    expect(text).not.toContain('geheim');
  });

  it('names a superuser, and a database that is out of date', async () => {
    const admin = new pg.Client({ connectionString: database.adminUrl });
    await admin.connect();
    const { rows } = await admin.query<{ timestamp: string; name: string }>(
      'delete from migrations where id = (select max(id) from migrations) returning timestamp, name',
    );
    const text = await report('A superuser, and a missing migration', { DATABASE_URL: database.adminUrl });
    await admin.query('insert into migrations (timestamp, name) values ($1, $2)', [rows[0]!.timestamp, rows[0]!.name]);
    await admin.end();
    expect(text).toMatch(/WARNING DATABASE_URL: its user postgres is a superuser/);
    expect(text).toMatch(/WARNING The database lacks 1 of/);
  });

  it('names clocks that differ', async () => {
    const text = await report('A clock that is ten minutes slow', {}, { now: () => Date.now() - 600_000 });
    expect(text).toMatch(/WARNING The clock of this machine is 10 minutes behind the clock of the database/);
  });

  it('names too few connections', async () => {
    const text = await report('A pool that is larger than the server', { DATABASE_POOL: '500', ROLE: 'worker' });
    expect(text).toMatch(
      /WARNING A process with ROLE=worker takes up to 508 connections.*Lower DATABASE_POOL from 500 to \d+,/,
    );
  });

  it('names a mail server that refuses the password, and a sender whose domain is unknown', async () => {
    const text = await report('A mail server that refuses the password', {
      SMTP_URL: `smtp://news:wrong@127.0.0.1:${mailPort}`,
      MAIL_FROM: 'The Rostra Herald <no-reply@rostra-hreald.com>',
    });
    expect(text).toMatch(
      /ERROR SMTP_URL \(127\.0\.0\.1:587\): Invalid login.*refuses the user and password that SMTP_URL names/,
    );
    expect(text).toMatch(/WARNING MAIL_FROM: the domain rostra-hreald\.com/);
    expect(text).not.toContain('wrong@');
  });

  it('names a Stripe key that Stripe does not know, and a made-up secret', async () => {
    const stripe: Server = createServer((_request, response) => {
      const body = { error: { type: 'invalid_request_error', message: 'Invalid API Key provided: sk_test_***wxyz' } };
      response.writeHead(401, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
    await new Promise<void>((resolve) => stripe.listen(0, '127.0.0.1', resolve));
    const { port } = stripe.address() as AddressInfo;
    const text = await report('A Stripe key of another account, and a made-up secret', {
      NODE_ENV: 'development',
      STRIPE_SECRET_KEY: 'sk_test_51Nx7Qw2eRtYuIoPaSdFgHjK',
      STRIPE_WEBHOOK_SECRET: 'whsec_x',
      STRIPE_STAND_IN_URL: `http://127.0.0.1:${port}`,
    });
    stripe.close();
    expect(text).toMatch(/ERROR STRIPE_SECRET_KEY: Stripe does not know this key/);
    const production = await examine({
      ...PRODUCTION,
      STRIPE_SECRET_KEY: 'sk_test_x',
      STRIPE_WEBHOOK_SECRET: 'whsec_x',
    });
    expect(reportOf(production.slice(0, 1))).toMatch(/ERROR +STRIPE_WEBHOOK_SECRET: is no secret that/);
  });

  it('names a proxy that does not pass requests on, and push services that cannot be reached', async () => {
    const text = await report(
      'A proxy that leads elsewhere, behind a closed firewall',
      {},
      {
        fetch: async (url) => {
          if (!url.startsWith(PRODUCTION.PUBLIC_URL)) throw new TypeError('fetch failed');
          return new Response('<h1>Welcome to nginx!</h1>', { status: 404 });
        },
      },
    );
    expect(text).toMatch(/WARNING PUBLIC_URL: .* answers 404, so something else than Rostra answers there/);
    expect(text).toMatch(/ERROR This machine does not reach https:\/\/fcm\.googleapis\.com/);
  });

  it('calls nothing right of which a wrong setting was left out, and reads no number out of a word', async () => {
    const sections = await examine(
      { ...PRODUCTION, STRIPE_SECRET_KEY: 'pk_live_abc', ALLOWED_ORIGINS: 'www.news.example', TRUST_PROXY: 'yes' },
      outside,
    );
    const found = (title: string) => sections.find((it) => it.title === title)!.findings.map(({ level }) => level);
    expect([found('Stripe'), found('Sites')]).toEqual([['skipped'], ['skipped']]);
    const texts = sections[0]!.findings.map(({ text }) => text);
    expect(texts).toContain('TRUST_PROXY: must be a number.');
    expect(texts.filter((it) => /NaN|expected/i.test(it))).toEqual([]);
  });

  it('says the same in docs/doctor.md', async () => {
    const head =
      '# What `rostra doctor` says\n\nA test writes this page: the report of a right set-up and of ten broken ones. Ports, versions and counts are examples.\n';
    const page = [head, ...reports].join('\n');
    if (process.env.UPDATE_DOCTOR) await writeFile(PAGE, page);
    expect(await readFile(PAGE, 'utf8')).toBe(page);
  });
});
