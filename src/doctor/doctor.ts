import { Config } from '../config/config.js';
import { checkDatabase } from './check-database.js';
import { checkMail, hasMailServer } from './check-mail.js';
import { checkProxy, checkPush, type Fetch } from './check-reach.js';
import { checkStripe } from './check-stripe.js';
import { ok, type Section, skipped } from './finding.js';
import { readSettings } from './read-settings.js';

/** The world outside, which tests replace. */
export interface Outside {
  readonly now: () => number;
  readonly hasMail: (domain: string) => Promise<boolean>;
  readonly fetch: Fetch;
}

const REAL: Outside = { now: Date.now, hasMail: hasMailServer, fetch };

/**
 * Looks at everything that Rostra needs and changes nothing. It takes some seconds at most.
 * @param databaseUrl the database where DATABASE_URL is absent
 */
export async function examine(
  source: Readonly<Record<string, string | undefined>>,
  outside: Outside = REAL,
  databaseUrl?: string,
): Promise<Section[]> {
  const { env, dropped, findings } = readSettings(source);
  const url = env.DATABASE_URL ?? databaseUrl;
  const config = new Config(env, url ?? 'postgres://nowhere');
  const [database, others] = await Promise.all([
    url ? checkDatabase(config, outside.now) : [skipped('DATABASE_URL')],
    examineServices(config, outside, dropped),
  ]);
  return [{ title: 'Settings', findings }, { title: 'Database', findings: database }, ...others];
}

/**
 * Looks at what is behind a network.
 * @param dropped settings that were left out because they are wrong
 */
export async function examineServices(
  config: Config,
  outside: Outside = REAL,
  dropped: ReadonlySet<string> = new Set(),
): Promise<Section[]> {
  const { env } = config;
  const mailMissing = config.production && !env.SMTP_URL;
  const addressMissing = config.production && !env.PUBLIC_URL;
  const [mail, stripe, push, proxy] = await Promise.all([
    mailMissing ? [skipped('SMTP_URL')] : checkMail(config, outside.hasMail),
    dropped.has('STRIPE_SECRET_KEY') ? [skipped('STRIPE_SECRET_KEY')] : checkStripe(config),
    checkPush(config, outside.fetch),
    addressMissing ? [skipped('PUBLIC_URL')] : checkProxy(config, outside.fetch),
  ]);
  const sites = [...config.allowedOrigins].filter((it) => it !== config.publicUrl);
  return [
    { title: 'Mail', findings: mail },
    { title: 'Stripe', findings: stripe },
    { title: 'Notifications', findings: push },
    { title: 'Proxy', findings: proxy },
    {
      title: 'Sites',
      findings: [
        dropped.has('ALLOWED_ORIGINS')
          ? skipped('ALLOWED_ORIGINS')
          : ok(sites.length ? `These may embed Rostra: ${sites.join(', ')}.` : 'No site may embed Rostra.'),
      ],
    },
  ];
}

export const hasErrors = (sections: readonly Section[]): boolean =>
  sections.some((it) => it.findings.some((finding) => finding.level === 'error'));

/** Returns a line for each thing behind a network that is wrong. It never rejects. */
export const serviceWarnings = (config: Config): Promise<string[]> =>
  examineServices(config).then(
    (sections) =>
      sections.flatMap(({ title, findings }) =>
        findings.filter((it) => it.level === 'warning' || it.level === 'error').map((it) => `${title}: ${it.text}`),
      ),
    (reason: Error) => [`The services could not be looked at: ${reason.message}`],
  );
