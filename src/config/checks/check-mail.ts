import { hostOf, isInternal, isLoopback, isPlaceholder } from './hosts.js';
import { refuse, type SettingCheck, type SettingProblem, warn } from './setting-problem.js';

/** The newspaper of the demo, which is the default of SITE_NAME. */
export const DEMO_NAME = 'The Harbour Post';

/** Returns the address in a sender such as `The Post <post@news.example>`. */
export const senderAddress = (from: string): string => /[^\s<>]+@[^\s<>]+/.exec(from)?.[0] ?? '';

/** Checks what readers see in their mail boxes, and how mails get there. */
export const checkMail: SettingCheck = ({ env, production }) =>
  production ? [...checkServer(env), ...checkSender(env.MAIL_FROM), ...checkName(env.SITE_NAME)] : [];

function checkServer({
  SMTP_URL: url,
  MAILBOX_SMTP_PORT: standIn,
}: {
  SMTP_URL?: string | undefined;
  MAILBOX_SMTP_PORT: number;
}): SettingProblem[] {
  if (!url)
    return refuse(
      'SMTP_URL',
      'needed when NODE_ENV=production',
      'Set the server that takes your mails, such as smtp://user:password@mail.example:587.',
    );
  const host = hostOf(url);
  if (isLoopback(host) && new URL(url).port === String(standIn))
    return refuse(
      'SMTP_URL',
      `is the mailbox stand-in (port ${standIn}), which sends no mail`,
      'Set the server that takes your mails.',
    );
  if (isPlaceholder(host)) return warn('SMTP_URL', `names ${host}, the host of an example`, 'Set your mail server.');
  return [];
}

function checkSender(from: string | undefined): SettingProblem[] {
  const cure = 'Set an address of your domain, such as MAIL_FROM=The Post <no-reply@news.example>.';
  if (!from)
    return refuse('MAIL_FROM', 'needed when NODE_ENV=production, because mail servers refuse no-reply@localhost', cure);
  const domain = senderAddress(from).split('@')[1] ?? '';
  if (isLoopback(domain) || isInternal(domain) || /\.invalid$/i.test(domain))
    return refuse('MAIL_FROM', `is ${from}, and mail servers refuse a sender whose domain nobody can look up`, cure);
  if (isPlaceholder(domain)) return warn('MAIL_FROM', `is ${from}, the address of an example`, cure);
  return [];
}

function checkName(name: string | undefined): SettingProblem[] {
  if (name && name.trim().toLowerCase() !== DEMO_NAME.toLowerCase()) return [];
  return refuse(
    'SITE_NAME',
    `${name ? 'is' : 'needed when NODE_ENV=production: without it mails come from'} ${DEMO_NAME}, the newspaper of the demo`,
    'Set the name of your newspaper.',
  );
}
