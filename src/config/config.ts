import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DEMO_NAME } from './checks/check-mail.js';
import { vapidSubjectOf } from './checks/check-push.js';
import { checkSettings } from './checks/check-settings.js';
import { isLive } from './checks/check-stripe.js';
import { lineOf } from './checks/setting-problem.js';
import { ConfigError, type Environment, readEnvironment } from './env.js';

/** The folder of package.json, found from the sources and from dist. */
export const projectRoot: string = (() => {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return folder;
})();

/** The access to Stripe. `standIn` is the origin of the local stand-in. */
export interface StripeSettings {
  readonly secretKey: string;
  /** Two secrets while one replaces the other. */
  readonly webhookSecrets: readonly string[];
  readonly live: boolean;
  readonly standIn: URL | undefined;
}

/** The settings, read once at start and injected by class. */
export class Config {
  readonly production: boolean;
  readonly role: Environment['ROLE'];
  readonly port: number;
  readonly host: string;
  /** The origin that readers see. */
  readonly publicUrl: string;
  /** Exact origins of the sites that embed Rostra; `publicUrl` is always one of them. */
  readonly allowedOrigins: ReadonlySet<string>;
  /** The database without a pooler in front, for locks and LISTEN. */
  readonly directUrl: string;
  /** False behind a pooler that gives each transaction another session. */
  readonly preparedStatements: boolean;
  readonly smtpUrl: string;
  /** The time in which a stopping process is not ready and still answers, so that a load balancer finds out. */
  readonly drainSeconds: number;
  /** The sender of mails. */
  readonly mailFrom: string;
  /** The newspaper as its readers know it, until its settings say otherwise. */
  readonly site: { readonly name: string; readonly logo: string | undefined; readonly color: string | undefined };
  /** The number of proxies in front, which is how many entries of X-Forwarded-For are believed. */
  readonly trustProxy: number;
  /** The most time of a statement in milliseconds. A worker's purges may take longer than an answer to a reader. */
  readonly statementMs: number;
  /** The Stripe account; undefined when donations are switched off. */
  readonly stripe: StripeSettings | undefined;
  /** The contact for push services (the `sub` of RFC 8292). */
  readonly vapidSubject: string;
  /** The one origin besides the real push services that an endpoint may have. */
  readonly pushStandIn: string | undefined;
  /** Hosts of further push services; one that begins with a dot stands for all names below it. */
  readonly pushHosts: readonly string[];

  constructor(
    readonly env: Environment,
    /** The database in use. */
    readonly databaseUrl: string,
  ) {
    this.production = env.NODE_ENV === 'production';
    this.role = env.ROLE;
    this.port = env.PORT;
    this.host = env.HOST ?? '::';
    this.publicUrl = env.PUBLIC_URL ?? `http://localhost:${env.PORT}`;
    const sites = env.ALLOWED_ORIGINS ?? (this.production ? [] : [`http://localhost:${env.DEMO_PORT}`]);
    this.allowedOrigins = new Set([this.publicUrl, ...sites]);
    this.drainSeconds = env.SHUTDOWN_DRAIN_SECONDS ?? (this.production && env.ROLE !== 'worker' ? 5 : 0);
    this.directUrl = env.DATABASE_DIRECT_URL ?? databaseUrl;
    this.preparedStatements = env.DATABASE_PREPARED === 'on';
    this.smtpUrl = env.SMTP_URL ?? `smtp://127.0.0.1:${env.MAILBOX_SMTP_PORT}`;
    this.statementMs = (env.DATABASE_TIMEOUT_SECONDS ?? (env.ROLE === 'worker' ? 15 : 5)) * 1_000;
    this.stripe = env.STRIPE_SECRET_KEY
      ? {
          secretKey: env.STRIPE_SECRET_KEY,
          webhookSecrets: env.STRIPE_WEBHOOK_SECRET ?? [],
          live: isLive(env.STRIPE_SECRET_KEY),
          standIn: env.STRIPE_STAND_IN_URL ? new URL(env.STRIPE_STAND_IN_URL) : undefined,
        }
      : undefined;
    this.mailFrom = env.MAIL_FROM ?? 'no-reply@localhost';
    this.site = { name: env.SITE_NAME ?? DEMO_NAME, logo: env.SITE_LOGO_URL, color: env.SITE_COLOR };
    this.trustProxy = env.TRUST_PROXY ?? 0;
    this.vapidSubject = vapidSubjectOf(env, this.publicUrl);
    this.pushStandIn = env.PUSH_STAND_IN_URL;
    this.pushHosts = env.PUSH_HOSTS ?? [];
  }
}

/** Reads and checks the environment. @throws ConfigError naming each variable that is wrong */
export function readConfig(source: Record<string, string | undefined> = process.env): Environment {
  const env = readEnvironment(source);
  const errors = checkSettings(env, source).filter((it) => it.severity === 'error');
  if (errors.length) throw new ConfigError(errors.map(lineOf).join('\n'));
  return env;
}

/** Returns a line for each setting that is allowed and probably wrong. */
export const settingWarnings = (env: Environment, source: Record<string, string | undefined> = process.env): string[] =>
  checkSettings(env, source)
    .filter((it) => it.severity === 'warning')
    .map(lineOf);

/** Returns the database of this process. @throws ConfigError saying how to get one when DATABASE_URL is absent */
export function databaseUrlOf(env: Environment): string {
  if (env.DATABASE_URL) return env.DATABASE_URL;
  throw new ConfigError(
    'DATABASE_URL: needed, such as postgres://user:password@localhost:5432/rostra. ' +
      'On your own machine use `npm start` or `npm run dev`, which start a local Postgres and set it.',
  );
}
