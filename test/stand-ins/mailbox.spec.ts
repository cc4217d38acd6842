import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import nodemailer, { type Transporter } from 'nodemailer';
import { type Mailbox, startMailbox } from '../../stand-ins/mailbox/mailbox.js';
import type { Message } from '../../stand-ins/mailbox/messages.js';

let mailbox: Mailbox;
let transport: Transporter;

beforeAll(async () => {
  mailbox = await startMailbox({ port: 0, smtpPort: 0 });
  transport = nodemailer.createTransport(mailbox.smtpUrl);
});
afterAll(async () => {
  transport.close();
  await mailbox.close();
});
beforeEach(() => fetch(`${mailbox.url}/api/messages`, { method: 'DELETE' }));

const send = (to: string, text: string, more = {}) =>
  transport.sendMail({ from: 'Rostra <no-reply@localhost>', to, subject: `For ${to}`, text, ...more });
const read = async (query = '') =>
  (await (await fetch(`${mailbox.url}/api/messages${query}`)).json()) as (Message & Record<string, unknown>)[];

describe('the mailbox', () => {
  it('lists mails newest first, with their links and their code', async () => {
    await send(
      'ann@example.org',
      'Open http://localhost:3000/sign-in#token=abc-_123.\n\nOr type this code:\n\n  K7MQ-2XPA\n',
    );
    await send('ben@example.org', 'Your code:\n\n123456\n\nIt works once.');
    await send('cy@example.org', 'No code here, only ABCDEFGH within a line.');
    const [third, second, first, ...rest] = await read();
    expect(rest).toEqual([]);
    expect(first).toMatchObject({
      to: 'ann@example.org',
      subject: 'For ann@example.org',
      links: ['http://localhost:3000/sign-in#token=abc-_123'],
      code: 'K7MQ-2XPA',
    });
    expect(first?.text).toContain('Or type this code');
    expect(second).toMatchObject({ code: '123456', links: [] });
    expect(third).not.toHaveProperty('code');
    expect(new Set([first?.id, second?.id, third?.id]).size).toBe(3);
  });

  it('lists the mails of one address in any case of letters', async () => {
    await send('ann@example.org', 'one');
    await send('annabel@example.org', 'two');
    expect((await read('?to=Ann@Example.org')).map((it) => it.text)).toEqual(['one']);
  });

  it('lists a mail once when it was sent twice, and can be emptied', async () => {
    await send('ann@example.org', 'one', { messageId: '<same@localhost>' });
    await send('ann@example.org', 'one', { messageId: '<same@localhost>' });
    expect(await read()).toHaveLength(1);
    await fetch(`${mailbox.url}/api/messages`, { method: 'DELETE' });
    expect(await read()).toEqual([]);
  });

  it('refuses to start on a taken port, and names the port', async () => {
    const port = Number(new URL(mailbox.url).port);
    const smtpPort = Number(new URL(mailbox.smtpUrl).port);
    await expect(startMailbox({ port, smtpPort: 0 })).rejects.toMatchObject({ code: 'EADDRINUSE', port });
    await expect(startMailbox({ port: 0, smtpPort })).rejects.toMatchObject({ code: 'EADDRINUSE', port: smtpPort });
  });

  it('serves the files of its page only', async () => {
    const page = await fetch(`${mailbox.url}/`);
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(await page.text()).toContain('<script type="module" src="mailbox.js">');
    for (const path of ['/mailbox.js', '/mailbox.css']) expect((await fetch(mailbox.url + path)).status).toBe(200);
    for (const path of ['/../mailbox.ts', '/page/index.html', '/api'])
      expect((await fetch(mailbox.url + path)).status).toBe(404);
  });
});
