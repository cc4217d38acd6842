import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { AddressInfo } from 'node:net';
import { simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import { randomBytes } from 'node:crypto';
import { AccountsService } from '../../src/accounts/profiles/accounts.service.js';
import { SITE, TestApp } from '../support/app.js';
import { freePorts } from '../support/processes.js';
import { until } from '../support/until.js';
import { MailServer, tokenOf } from './mail-server.js';

const address = (): string => `r.${randomBytes(5).toString('hex')}@example.test`;

describe('the sign-in mail', () => {
  let app: TestApp;
  let mails: MailServer;

  beforeAll(async () => {
    mails = await MailServer.start();
    app = await TestApp.start({ env: { SMTP_URL: mails.smtpUrl } });
  });
  afterAll(async () => {
    await app.stop();
    await mails.close();
  });

  /** Waits until the queue of jobs is empty. */
  const idle = () =>
    until('an empty queue', async () => (await app.sql('select 1 from graphile_worker.jobs')).length === 0);

  it('creates an account when the reader types its code', async () => {
    const email = address();
    const ann = app.anonymous();
    await ann.get('/session');
    const asked = await ann.post('/accounts', { email: ` ${email.toUpperCase()} `, displayName: 'Ann Newcomer' });
    expect([asked.status, asked.body]).toEqual([202, {}]);
    const mail = await mails.mailTo(email);
    expect(mail).toMatchObject({ to: email, subject: `Confirm your address for The Harbour Post: ${mail.code}` });
    expect(mail.text).toMatch(/^Hello,\n[^]* for 10 minutes\./);
    expect(mail.text).not.toContain('Newcomer');
    // no account exists before the address is confirmed
    expect(await app.sql('select 1 from accounts where email = $1', [email])).toEqual([]);
    const typed = mail.code!.toLowerCase().replace('-', ' ');
    const done = await ann.post('/sign-in-links/redeem', { email, code: typed });
    expect(done.body).toEqual({
      account: {
        id: expect.any(String),
        displayName: 'Ann Newcomer',
        role: 'reader',
        emailVerified: true,
        supporter: false,
      },
      returnTo: SITE,
      returnTitle: null,
    });
    expect((await ann.get('/session')).body.account).toEqual((done.body as { account: object }).account);
    expect((await ann.post('/sign-in-links/redeem', { email, code: typed })).status).toBe(400);
    // the link is used up with the code
    expect((await ann.post('/sign-in-links/redeem', { token: tokenOf(mail) })).status).toBe(400);
  });

  it('stays valid when scanners open its link, and works once by the button', async () => {
    const email = address();
    await app.anonymous().post('/accounts', { email, displayName: 'Ann Newcomer' });
    const mail = await mails.mailTo(email);
    const link = new URL(mail.links.find((it) => it.includes('#token='))!);
    const token = tokenOf(mail);
    // A scanner opens the page, with and without the token, and the API by GET.
    const before = await app.sql('select * from sign_in_links order by id');
    for (let i = 0; i < 10; i += 1)
      for (const method of ['GET', 'HEAD'])
        for (const path of [
          link.pathname,
          `${link.pathname}?token=${token}`,
          `/api/v1/sign-in-links/redeem?token=${token}`,
          `/api/v1/sign-in-links/redeem`,
        ]) {
          const { status, headers } = await fetch(`${app.url}${path}`, { method });
          expect([200, 404, 405]).toContain(status);
          expect(headers.getSetCookie().join()).not.toMatch(/__Host-rostra=/);
        }
    expect(await app.sql('select * from sign_in_links order by id')).toEqual(before);
    const ann = app.anonymous();
    expect((await ann.post('/sign-in-links/redeem', { token })).status).toBe(200);
    const again = await app.anonymous().post('/sign-in-links/redeem', { token });
    expect([again.status, again.body.code]).toEqual([400, 'link.invalid']);
  });

  it('begins one session when the button is pressed fifty times at once', async () => {
    const email = address();
    await app.anonymous().post('/accounts', { email, displayName: 'Ann Newcomer' });
    const mail = await mails.mailTo(email);
    const proofs = Array.from({ length: 50 }, (_, i) =>
      i % 2 && i < 10 ? { email, code: mail.code! } : { token: tokenOf(mail) },
    );
    const answers = await Promise.all(proofs.map((it) => app.anonymous().post('/sign-in-links/redeem', it)));
    expect(answers.filter((it) => it.status === 200)).toHaveLength(1);
    expect(answers.filter((it) => it.body.code === 'link.invalid')).toHaveLength(49);
    const [made] = await app.sql<{ accounts: number; sessions: number }>(
      `select (select count(*)::int from accounts where email = $1) as accounts,
         (select count(*)::int from sessions s join accounts a on a.id = s.account_id where a.email = $1) as sessions`,
      [email],
    );
    expect(made).toEqual({ accounts: 1, sessions: 1 });
  });

  it('refuses the code after five wrong attempts, and still accepts the link', async () => {
    const email = address();
    await app.anonymous().post('/accounts', { email, displayName: 'Ann Newcomer' });
    const mail = await mails.mailTo(email);
    const guesser = app.anonymous();
    const attempts = await Promise.all(
      Array.from({ length: 8 }, (_, i) => guesser.post('/sign-in-links/redeem', { email, code: `AAAA-AAA${i}` })),
    );
    expect(new Set(attempts.map((it) => it.body.code))).toEqual(new Set(['link.invalid']));
    const right = await guesser.post('/sign-in-links/redeem', { email, code: mail.code });
    expect([right.status, right.body.code]).toEqual([400, 'link.invalid']);
    expect((await app.anonymous().post('/sign-in-links/redeem', { token: tokenOf(mail) })).status).toBe(200);
  });

  it('gets the same answer for known and unknown addresses, and goes to known ones only', async () => {
    const known = address();
    const banned = address();
    const unknown = address();
    const accounts = app.get(AccountsService);
    await accounts.ensure(known, 'Known Reader', 'reader');
    await accounts.ensure(banned, 'Banned Reader', 'reader');
    await app.sql('update accounts set banned_at = now() where email = $1', [banned]);
    const bare = ({ status, text, headers }: Awaited<ReturnType<typeof ask>>) => ({
      status,
      text,
      // A browser without a cookie gets one of its own.
      headers: [...headers]
        .filter(([name]) => name !== 'date')
        .map(([name, value]) => [name, value.replace(/(rostra-browser=)[\w-]+/, '$1')]),
    });
    const nobody = app.anonymous();
    await nobody.get('/session');
    const ask = (email: string) => nobody.post('/sign-in-links', { email });
    const answers = [await ask(known), await ask(banned), await ask(unknown)].map(bare);
    expect(answers[0]).toMatchObject({ status: 202, text: '{}' });
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).toEqual(answers[0]);
    expect((await mails.mailTo(known)).subject).toMatch(/^Sign in to The Harbour Post: /);
    await idle();
    expect([(await mails.mailsTo(banned)).length, (await mails.mailsTo(unknown)).length]).toEqual([0, 0]);

    const register = (email: string) => app.anonymous().post('/accounts', { email, displayName: 'Buy Our Pills' });
    expect(bare(await register(known))).toEqual(bare(await register(unknown)));
    // The owner gets a sign-in mail, which contains nothing that a stranger typed.
    const second = await mails.mailTo(known, 2);
    expect(second.subject).toBe(`Sign in to The Harbour Post: ${second.code}`);
    expect(second.text).toContain('Hello Known Reader,');
    expect(second.text).not.toContain('Pills');
    // The name of a new account is in no mail before its address is confirmed.
    expect((await mails.mailTo(unknown)).text).not.toContain('Pills');
  });

  it('gives the address to the reader who confirms it, not to the one who asked first', async () => {
    const email = address();
    const attacker = app.anonymous();
    await attacker.get('/session');
    const attackerTab = await attacker.connect();
    await attacker.post('/accounts', { email, displayName: 'Att Acker' });
    const first = await mails.mailTo(email);
    const owner = app.anonymous();
    await owner.post('/accounts', { email, displayName: 'Own Er' });
    const second = await mails.mailTo(email, 2);
    expect((await owner.post('/sign-in-links/redeem', { token: tokenOf(second) })).body).toMatchObject({
      account: { displayName: 'Own Er' },
    });
    // The attacker's link and code are used up, and their browser got no event.
    for (const proof of [{ token: tokenOf(first) }, { email, code: first.code }])
      expect((await attacker.post('/sign-in-links/redeem', proof)).status).toBe(400);
    expect((await attacker.get('/session')).body.account).toBeNull();
    expect(attackerTab.sessions).toEqual([]);
  });

  it('leads back to the site that asked for it, and to no other', async () => {
    const email = address();
    const foreign = app.anonymous();
    await app.get(AccountsService).ensure(email, 'Known Reader', 'reader');
    // the request comes from Rostra's own page
    await foreign.post('/sign-in-links', { email }, { origin: 'http://localhost:4000' });
    const own = await mails.mailTo(email);
    expect(await foreign.post('/sign-in-links/redeem', { token: tokenOf(own) })).toMatchObject({
      body: { returnTo: null },
    });
    const more = await foreign.post('/sign-in-links', { email, returnTo: 'https://evil.example' });
    expect([more.status, more.body.code]).toEqual([400, 'request.invalid']);
  });

  it('leads back to the story by its title, and to no page of another site', async () => {
    const email = address();
    await app.get(AccountsService).ensure(email, 'Known Reader', 'reader');
    const story = `${SITE}/ferries-${randomBytes(3).toString('hex')}`;
    const title = 'Ferries <b>return</b> & stay';
    await app.sql(`insert into articles (key, url, title, title_from, created_at) values ($1, $2, $3, 'page', now())`, [
      story.slice(-12),
      story,
      title,
    ]);
    const actor = app.anonymous();
    const back = async (returnUrl: string, nth: number) => {
      expect((await actor.post('/sign-in-links', { email, returnUrl })).status).toBe(202);
      const mail = await mails.mailTo(email, nth);
      const { returnTo, returnTitle } = (await actor.post('/sign-in-links/redeem', { token: tokenOf(mail) })).body;
      return [returnTo, returnTitle];
    };
    expect(await back(story, 1)).toEqual([story, title]);
    expect(await back(`${SITE}/elsewhere`, 2)).toEqual([`${SITE}/elsewhere`, null]);
    const foreign = ['https://evil.example/', 'javascript:alert(1)', 'no address', `${SITE}/${'x'.repeat(3_000)}`];
    for (const [index, it] of foreign.entries()) expect(await back(it, 3 + index)).toEqual([SITE, null]);
  });

  it('carries the newspaper’s name, logo and colour as text and as HTML', async () => {
    const env = {
      SMTP_URL: mails.smtpUrl,
      SITE_NAME: 'Post & <Sons>',
      SITE_LOGO_URL: 'https://news.example/logo.png?a=1&b="2"',
      SITE_COLOR: '#ffdd00',
      MAIL_FROM: 'no-reply@news.example',
    };
    const own = await TestApp.start({ env });
    try {
      const email = address();
      await own.get(AccountsService).ensure(email, 'Ann <i>Reader</i>', 'reader');
      await own.anonymous().post('/sign-in-links', { email });
      const mail = await mails.mailTo(email);
      expect(mail.from).toBe('"Post & <Sons>" <no-reply@news.example>');
      expect(mail.subject).toBe(`Sign in to Post & <Sons>: ${mail.code}`);
      expect(mail.text).toContain('Hello Ann <i>Reader</i>,');
      expect(mail.html).toContain('Hello Ann &#60;i&#62;Reader&#60;/i&#62;,');
      expect(mail.html).toContain('alt="Post &#38; &#60;Sons&#62;"');
      expect(mail.html).toContain('src="https://news.example/logo.png?a=1&#38;b=%222%22"');
      expect(mail.html).toContain('background:#ffdd00;color:#000000');
      expect(mail.html).toContain(mail.code);
      expect((await own.anonymous().get('/site')).body).toEqual({
        name: 'Post & <Sons>',
        logo: 'https://news.example/logo.png?a=1&b=%222%22',
        color: '#ffdd00',
        ink: '#000000',
      });
    } finally {
      await own.stop();
    }
  });

  it('is limited by address and by network, also for the longest address', async () => {
    const small = await TestApp.start({
      env: { SMTP_URL: mails.smtpUrl, LIMIT_MAILS_PER_ADDRESS_PER_HOUR: '2', LIMIT_MAILS_PER_IP_PER_HOUR: '6' },
    });
    try {
      const label = 'a'.repeat(61);
      const email = `${'b'.repeat(64)}@${label}.${label}.${label}.tst`;
      expect(email).toHaveLength(254);
      const ask = (to: string) => small.anonymous().post('/sign-in-links', { email: to });
      const answers = [await ask(email), await ask(email.toUpperCase()), await ask(email)];
      expect(answers.map((it) => it.status)).toEqual([202, 202, 429]);
      expect(Number(answers[2]!.headers.get('retry-after'))).toBeGreaterThan(0);
      expect([await ask(address()), await ask(address()), await ask(address())].map((it) => it.status)).toEqual([
        202, 202, 202,
      ]);
      expect((await ask(address())).status).toBe(429);
      expect(JSON.stringify(await small.sql('select * from rate_limits'))).not.toContain('@');
    } finally {
      await small.stop();
    }
  });

  it('arrives when the mail server was down at first', async () => {
    const [port = 0] = await freePorts(1);
    const late = await TestApp.start({ env: { SMTP_URL: `smtp://127.0.0.1:${port}` }, logger: false });
    try {
      const email = address();
      expect((await late.anonymous().post('/accounts', { email, displayName: 'Ann Newcomer' })).status).toBe(202);
      const failed = await until('a failed attempt', async () => {
        const [job] = await late.sql<{ attempts: number; last_error: string | null }>(
          'select attempts, last_error from graphile_worker.jobs where last_error is not null',
        );
        return job;
      });
      expect(failed.last_error).toMatch(/ECONNREFUSED/);
      const server = await MailServer.start(port);
      try {
        await late.sql('update graphile_worker._private_jobs set run_at = now()'); // skips the pause before the retry
        const mail = await server.mailTo(email);
        const done = await late.anonymous().post('/sign-in-links/redeem', { token: tokenOf(mail) });
        expect(done.status).toBe(200);
      } finally {
        await server.close();
      }
    } finally {
      await late.stop();
    }
  });
});

describe('faults: the sign-in mail', () => {
  let app: TestApp;
  let server: SMTPServer;
  let tokens: string[];
  /** What the server does with the next mails; it accepts further ones. */
  let behaviours: ((done: (error?: Error | null) => void) => void)[];
  const silent = (): void => {};
  const refuse = (responseCode: number) => (done: (error?: Error | null) => void) =>
    done(Object.assign(new Error('Ann <ann@example.test> is not wanted'), { responseCode }));

  beforeAll(async () => {
    server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['AUTH', 'STARTTLS'],
      logger: false,
      onData: (stream, _session, done) => {
        void simpleParser(stream).then((mail) => {
          tokens.push(/#token=([\w-]+)/.exec(mail.text ?? '')![1]!);
          (behaviours.shift() ?? ((accepted) => accepted()))(done);
        });
      },
    });
    server.on('error', () => {});
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.server.address() as AddressInfo;
    app = await TestApp.start({
      env: { SMTP_URL: `smtp://127.0.0.1:${port}`, MAIL_TIMEOUT_SECONDS: '1' },
      logger: false,
    });
  });
  beforeEach(() => {
    tokens = [];
    behaviours = [];
  });
  afterAll(async () => {
    await app.stop();
    await new Promise<void>((resolve) => server.close(resolve));
  });

  const ask = async (): Promise<string> => {
    const email = address();
    await app.get(AccountsService).ensure(email, 'Ann Reader', 'reader');
    expect((await app.anonymous().post('/sign-in-links', { email })).status).toBe(202);
    return email;
  };
  const jobs = () =>
    app.sql<{ late: boolean | null; error: string | null }>(
      `select payload ->> 'late' = 'true' as late, j.last_error as error
     from graphile_worker._private_jobs j order by j.id`,
    );
  const runNow = () => app.sql('update graphile_worker._private_jobs set run_at = now() where locked_at is null');

  it('keeps the link of an earlier mail alive when the server took it without an answer', async () => {
    behaviours = [silent];
    await ask();
    await until('a failed attempt', async () => (await jobs())[0]?.error);
    await runNow();
    await until('the second mail', () => tokens.length === 2);
    await until('an empty queue', async () => (await jobs()).length === 0);
    expect((await app.anonymous().post('/sign-in-links/redeem', { token: tokens[0] })).status).toBe(200);
    // Both belong to one request, so the first that is used ends the other.
    expect((await app.anonymous().post('/sign-in-links/redeem', { token: tokens[1] })).status).toBe(400);
  });

  it('is tried every minute as long as its link lasts, and no longer', async () => {
    behaviours = Array.from({ length: 8 }, () => refuse(451));
    const email = await ask();
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      await until(`attempt ${attempt}`, async () => tokens.length === attempt && (await jobs())[0]?.error);
      await app.sql('update graphile_worker._private_jobs set last_error = null');
      await runNow();
    }
    await until('the attempt after a minute', async () => (await jobs())[0]?.late);
    await app.sql(`update sign_in_links set expires_at = now() + interval '50 seconds' where email = $1`, [email]);
    await runNow();
    await until('the end', async () => (await jobs()).length === 0);
    expect(tokens).toHaveLength(5);
    // Every attempt was refused, so one row is enough.
    expect(await app.sql('select token_hash from sign_in_links where email = $1', [email])).toEqual([
      { token_hash: null },
    ]);
  });

  it('is not tried again when the server refuses it for good, and no log or queue gets the words of the server', async () => {
    behaviours = [refuse(550)];
    await ask();
    await until('the mail', () => tokens.length);
    await until('an empty queue', async () => (await jobs()).length === 0);
    behaviours = [refuse(451)];
    await ask();
    const error = await until('a failed attempt', async () => (await jobs())[0]?.error);
    expect(error).toMatch(/451/);
    expect(error).not.toContain('ann@example.test');
  });
});
