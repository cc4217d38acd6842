import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Schemas } from '../../web/shared/contract.js';
import type { Actor, HttpAnswer } from '../support/actor.js';
import { TestApp } from '../support/app.js';
import { MailServer, tokenOf } from './mail-server.js';

const REDEEM = '/sign-in-links/redeem';

describe('codes', () => {
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

  let people = 0;
  const address = (): string => `codes.${(people += 1)}@example.test`;
  const browser = async (): Promise<Actor> => {
    const actor = app.anonymous();
    await actor.get('/session');
    return actor;
  };
  const wrong = (actor: Actor, email: string, n: number): Promise<HttpAnswer[]> =>
    Promise.all(Array.from({ length: n }, (_it, i) => actor.post(REDEEM, { email, code: `AAAA-AAA${i}` })));
  const nameOf = async (email: string): Promise<unknown> =>
    (await app.sql('select display_name as name from accounts where email = $1', [email]))[0]?.name;

  it('leaves the code to the browser that asked when strangers try wrong ones', async () => {
    const email = address();
    const owner = await browser();
    await owner.post('/accounts', { email, displayName: 'Ann Owner' });
    const mail = await mails.mailTo(email);
    for (let i = 0; i < 4; i += 1) await wrong(await browser(), email, 8);
    const stranger = await browser();
    expect((await stranger.post(REDEEM, { email, code: mail.code! })).body.code).toBe('link.invalid');
    await wrong(owner, email, 4);
    expect((await owner.post(REDEEM, { email, code: mail.code! })).status).toBe(200);
  });

  it('gives the browser that asked five tries for each mail, also at the same moment', async () => {
    const email = address();
    const owner = await browser();
    await owner.post('/accounts', { email, displayName: 'Ann Owner' });
    const first = await mails.mailTo(email);
    await wrong(owner, email, 9);
    expect((await owner.post(REDEEM, { email, code: first.code! })).status).toBe(400);
    await owner.post('/sign-in-links', { email });
    await owner.post('/accounts', { email, displayName: 'Ann Owner' });
    const second = await mails.mailTo(email, 2);
    expect((await owner.post(REDEEM, { email, code: second.code! })).status).toBe(200);
  });

  it('accepts the code in another browser, such as that of a second device', async () => {
    const email = address();
    await (await browser()).post('/accounts', { email, displayName: 'Ann Owner' });
    const mail = await mails.mailTo(email);
    expect((await (await browser()).post(REDEEM, { email, code: mail.code! })).status).toBe(200);
  });

  it('names an account as the redeeming browser asked, whichever mail it uses', async () => {
    const email = address();
    const [stranger, owner] = [await browser(), await browser()];
    await stranger.post('/accounts', { email, displayName: 'Ugly Name' });
    const ugly = await mails.mailTo(email);
    await owner.post('/accounts', { email, displayName: 'Ann Owner' });
    await mails.mailTo(email, 2);
    const shown = await owner.post<Schemas['LinkPreview']>('/sign-in-links/preview', { token: tokenOf(ugly) });
    expect(shown.body).toEqual({ email, account: null, displayName: 'Ann Owner' });
    expect((await owner.post(REDEEM, { token: tokenOf(ugly) })).status).toBe(200);
    expect(await nameOf(email)).toBe('Ann Owner');
  });

  it('names an account as typed at the button, and refuses a reserved name without using the link up', async () => {
    const email = address();
    await (await browser()).post('/accounts', { email, displayName: 'Ugly Name' });
    const token = tokenOf(await mails.mailTo(email));
    const phone = await browser();
    const shown = await phone.post('/sign-in-links/preview', { token });
    expect(shown.body).toEqual({ email, account: null, displayName: 'Ugly Name' });
    const reserved = await phone.post(REDEEM, { token, displayName: 'Moderator Ann' });
    expect([reserved.status, reserved.body.code]).toEqual([422, 'name.taken']);
    for (const displayName of [7, '', 'x'.repeat(201), 'half \uD800'])
      expect((await phone.post(REDEEM, { token, displayName })).status).toBe(400);
    expect((await phone.post(REDEEM, { token, displayName: 'Ann Phone' })).status).toBe(200);
    expect(await nameOf(email)).toBe('Ann Phone');
  });

  it('says whose account a link opens, changes no name of it, and says nothing of a wrong or used link', async () => {
    const ann = await app.reader('Ann Reader');
    const { email } = (await ann.get<Schemas['OwnProfile']>('/me')).body;
    const stranger = await browser();
    await stranger.post('/accounts', { email, displayName: 'Ugly Name' });
    const token = tokenOf(await mails.mailTo(email));
    const shown = await stranger.post('/sign-in-links/preview', { token });
    expect(shown.body).toEqual({ email, account: { displayName: 'Ann Reader' }, displayName: null });
    expect((await ann.post(REDEEM, { token, displayName: 'Other Name' })).status).toBe(200);
    expect(await nameOf(email)).toBe('Ann Reader');
    for (const it of [token, 'x'.repeat(43)]) {
      const gone = await stranger.post('/sign-in-links/preview', { token: it });
      expect([gone.status, gone.body.code]).toEqual([400, 'link.invalid']);
    }
  });
});
