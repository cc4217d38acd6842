import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ConfigError, type Environment, readEnvironment, VapidSubject } from './env.js';
import type { LimitSetting } from './limit-setting.js';

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
  readonly smtpUrl: string;
  /** The time in which a stopping process is not ready and still answers, so that a load balancer finds out. */
  readonly drainSeconds: number;
  /** The Stripe account; undefined when donations are switched off. */
  readonly stripe: StripeSettings | undefined;
  /** The contact for push services (the `sub` of RFC 8292). */
  readonly vapidSubject: string;
  /** The one origin besides the real push services that an endpoint may have. */
  readonly pushStandIn: string | undefined;

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
    this.smtpUrl = env.SMTP_URL ?? `smtp://127.0.0.1:${env.MAILBOX_SMTP_PORT}`;
    this.stripe = env.STRIPE_SECRET_KEY
      ? {
          secretKey: env.STRIPE_SECRET_KEY,
          webhookSecrets: env.STRIPE_WEBHOOK_SECRET ?? [],
          live: isLive(env),
          standIn: env.STRIPE_STAND_IN_URL ? new URL(env.STRIPE_STAND_IN_URL) : undefined,
        }
      : undefined;
    const sender = /[^\s<>]+@[^\s<>]+/.exec(env.MAIL_FROM)?.[0];
    const subjects = [env.VAPID_SUBJECT, this.publicUrl, `mailto:${sender}`];
    this.vapidSubject = subjects.find((it) => VapidSubject.safeParse(it).success) ?? 'mailto:postmaster@example.com';
    this.pushStandIn = env.PUSH_STAND_IN_URL;
  }

  /** The operator's number for a limit, or its default. */
  limit(setting: LimitSetting): number {
    const number = this.env.limits[setting.env];
    if (number === undefined) throw new Error(`${setting.env} was declared after the environment was read.`);
    return number;
  }
}

const isLive = (env: Environment): boolean => /^[sr]k_live_/.test(env.STRIPE_SECRET_KEY ?? '');

/** Checks that a Stripe key has all that it needs. @throws ConfigError naming what is missing */
function checkStripe(env: Environment): void {
  const { STRIPE_SECRET_KEY: key, STRIPE_WEBHOOK_SECRET: secrets, STRIPE_STAND_IN_URL: standIn } = env;
  if (key && !secrets?.length)
    throw new ConfigError(
      'STRIPE_WEBHOOK_SECRET: needed with STRIPE_SECRET_KEY, because no payment is recorded without it',
    );
  if (!isLive(env)) return;
  if (standIn) throw new ConfigError('STRIPE_STAND_IN_URL: must not be set with a live Stripe key');
  if (!env.PUBLIC_URL?.startsWith('https:')) throw new ConfigError('PUBLIC_URL: must be https with a live Stripe key');
}

/** Checks the settings of production. @throws ConfigError naming what is missing or not allowed */
function checkProduction(env: Environment): void {
  if (env.NODE_ENV !== 'production') return;
  const standIns = (['STRIPE_STAND_IN_URL', 'PUSH_STAND_IN_URL'] as const).filter((name) => env[name]);
  if (standIns.length)
    throw new ConfigError(standIns.map((name) => `${name}: must not be set in production`).join('\n'));
  const examples = {
    PUBLIC_URL: 'https://talk.news.example',
    DATABASE_URL: 'postgres://user:password@db.example:5432/rostra (an empty database that this user owns)',
    SMTP_URL: 'smtp://user:password@mail.example:587',
  };
  const missing = Object.entries(examples).filter(([name]) => !env[name as keyof typeof examples]);
  if (missing.length)
    throw new ConfigError(
      missing.map(([name, example]) => `${name}: needed when NODE_ENV=production, such as ${example}`).join('\n'),
    );
}

/** Reads and checks the environment. @throws ConfigError naming each variable that is wrong */
export function readConfig(source: Record<string, string | undefined> = process.env): Environment {
  const env = readEnvironment(source);
  checkProduction(env);
  checkStripe(env);
  return env;
}

/** Returns the database of this process. @throws ConfigError saying how to get one when DATABASE_URL is absent */
export function databaseUrlOf(env: Environment): string {
  if (env.DATABASE_URL) return env.DATABASE_URL;
  throw new ConfigError(
    'DATABASE_URL: needed, such as postgres://user:password@localhost:5432/rostra. ' +
      'On your own machine use `npm start` or `npm run dev`, which start a local Postgres and set it.',
  );
}
