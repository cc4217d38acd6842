import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AccountsService } from '../../src/accounts/profiles/accounts.service.js';
import { ApiKeysService } from '../../src/accounts/sessions/api-keys.service.js';
import { normaliseCode } from '../../src/accounts/sessions/tokens.js';
import { SignInService } from '../../src/accounts/sign-in/sign-in.service.js';
import type { Schemas } from '../../web/shared/contract.js';
import { TestApp } from '../support/app.js';
import { until } from '../support/until.js';
import { MailServer, tokenOf } from './mail-server.js';

/** Security A1: a reader of the whole database cannot sign in as anybody. */
describe('a dump of the database', () => {
  let app: TestApp;
  let mails: MailServer;

  beforeAll(async () => {
    mails = await MailServer.start();
    app = await TestApp.start({ env: { SMTP_URL: mails.smtpUrl }, logger: false });
  });
  afterAll(async () => {
    await app.stop();
    await mails.close();
  });

  /** Returns every row of every table, including those of the job library, with bytea as hex. */
  async function dump(): Promise<string> {
    const tables = await app.sql<{ name: string }>(
      `select format('%I.%I', schemaname, tablename) as name from pg_tables
       where schemaname not in ('pg_catalog', 'information_schema') order by 1`,
    );
    expect(tables.length).toBeGreaterThan(15);
    const found: string[] = [];
    for (const { name } of tables) {
      const rows = await app.sql<{ text: string }>(`select t::text as text from ${name} t`);
      found.push(...rows.map((it) => `${name} ${it.text}`));
    }
    return found.join('\n');
  }

  it('contains no token, code, cookie, ticket or key that was given out', async () => {
    const email = 'secret.reader@example.test';
    const secrets: Record<string, string> = {};
    let dumps = '';
    const keep = async () => (dumps += await dump());

    const ann = app.anonymous();
    await ann.get('/session');
    secrets.browser = ann.cookies.get('__Host-rostra-browser')!;
    await ann.post('/accounts', { email, displayName: 'Secret Reader' });
    await keep(); // the mail job may be waiting now
    const first = await mails.mailTo(email);
    secrets.link = tokenOf(first);
    secrets.code = first.code!;
    await keep(); // link and code are valid now
    await ann.post('/sign-in-links/redeem', { email, code: 'AAAA-BBBB' });
    await ann.post('/sign-in-links/redeem', { email, code: secrets.code });
    secrets.session = ann.cookies.get('__Host-rostra')!;
    const { body } = await ann.post<Schemas['SocketTicket']>('/session/socket-ticket');
    secrets.ticket = body.ticket;
    await keep();
    expect(await (await ann.connect()).op({ op: 'auth', ticket: secrets.ticket })).toMatchObject({ ok: true });
    const key = await app.article();
    const claimed = { 'idempotency-key': '6f1c9d1e-5d8c-4a0e-9c43-3d9f51a4f0aa' };
    await ann.post(`/articles/${key}/comments`, { body: 'Good morning.' }, claimed);

    await ann.post('/sign-in-links', { email });
    const second = await mails.mailTo(email, 2);
    secrets.secondLink = tokenOf(second);
    secrets.secondCode = second.code!;
    await ann.post('/sign-in-links/redeem', { token: secrets.secondLink });
    secrets.secondSession = ann.cookies.get('__Host-rostra')!;

    await app.get(AccountsService).ensure(email, 'Secret Reader', 'admin');
    secrets.operatorLink = new URL(await app.get(SignInService).createLink(email)).hash.slice('#token='.length);
    secrets.apiKey = await app.get(ApiKeysService).create('a server');
    const put = await app
      .anonymous()
      .put(
        '/articles/story-1',
        { url: 'http://site.localhost:4999/story-1', title: 'Story' },
        { authorization: `Bearer ${secrets.apiKey}`, origin: '' },
      );
    expect(put.status).toBeLessThan(300);
    await keep();
    await ann.delete('/session');
    await until('an empty queue', async () => (await app.sql('select 1 from graphile_worker.jobs')).length === 0);
    await keep();

    expect(dumps).toContain(email); // the dump contains the rows
    expect(dumps).toContain('Good morning.');
    for (const [name, secret] of Object.entries(secrets)) {
      expect([name, secret.length >= 8]).toEqual([name, true]);
      for (const spelling of [
        secret,
        normaliseCode(secret),
        Buffer.from(secret).toString('hex'),
        Buffer.from(normaliseCode(secret)).toString('hex'),
        Buffer.from(secret, 'base64url').toString('hex'),
        Buffer.from(secret).toString('base64'),
      ])
        expect([name, dumps.toLowerCase().includes(spelling.toLowerCase())]).toEqual([name, false]);
    }
  });
});
