import { resolve4, resolve6, resolveMx } from 'node:dns/promises';
import nodemailer from 'nodemailer';
import { senderAddress } from '../config/checks/check-mail.js';
import type { Config } from '../config/config.js';
import { error, type Finding, ok, warning } from './finding.js';

const PATIENCE_MS = 4_000;

/** Connects and signs in to the mail server, and looks up the domain of the sender. It sends nothing. */
export async function checkMail(config: Config, hasMail: (domain: string) => Promise<boolean>): Promise<Finding[]> {
  if (!config.env.SMTP_URL) return [ok('Mails go to the mailbox stand-in, which `npm start` starts.')];
  return [await connect(config.smtpUrl), ...(await checkSender(config.mailFrom, hasMail))];
}

async function connect(url: string): Promise<Finding> {
  const times = { connectionTimeout: PATIENCE_MS, greetingTimeout: PATIENCE_MS, socketTimeout: PATIENCE_MS };
  const { hostname, port } = new URL(url);
  const place = `${hostname}:${port || (url.startsWith('smtps:') ? 465 : 587)}`;
  const transport = nodemailer.createTransport({ url, ...times } as never);
  try {
    await transport.verify();
    return ok(`The mail server ${place} takes connections.`);
  } catch (reason) {
    return error(`SMTP_URL (${place}): ${(reason as Error).message.replace(/\.$/, '')}. ${adviceOn(reason)}`);
  } finally {
    transport.close();
  }
}

function adviceOn(reason: unknown): string {
  const { code = '', message } = reason as { code?: string; message: string };
  if (code === 'EAUTH')
    return 'The server refuses the user and password that SMTP_URL names. Correct them, and write special characters in them percent-encoded, such as %40 for @.';
  if (/wrong version number/i.test(message))
    return 'The port speaks no TLS from the start. Use smtp:// there, or smtps:// with port 465.';
  if (/certificate|self.signed|altname/i.test(message))
    return 'The certificate of the server is not trusted. Name its authority by NODE_EXTRA_CA_CERTS=<file>.';
  if (/greeting/i.test(message)) return 'The port may want TLS from the start: try smtps:// with port 465.';
  return 'Is the host right, and can this machine reach the port? Many providers close port 25.';
}

async function checkSender(from: string, hasMail: (domain: string) => Promise<boolean>): Promise<Finding[]> {
  const address = senderAddress(from);
  const domain = address.split('@')[1] ?? '';
  return [
    (await hasMail(domain))
      ? ok(`Mails come from ${from}.`)
      : warning(
          `MAIL_FROM: the domain ${domain} has no mail server and no address in the DNS, and many servers refuse its mails. Set an address of your domain.`,
        ),
  ];
}

/** Whether the DNS knows where mail for this domain goes. */
export const hasMailServer = (domain: string): Promise<boolean> =>
  Promise.any([resolveMx(domain), resolve4(domain), resolve6(domain)]).then(
    (it) => it.length > 0,
    () => false,
  );
