import { domainToASCII } from 'node:url';
import { z } from 'zod';
import { limitSettings } from './limit-setting.js';

/**
 * Every variable that Rostra reads, with its form and its default. The limits come from the files that declare them
 * (limit-setting.ts). Nothing else reads `process.env`.
 * An empty string counts as absent, because docker compose passes it for an unset variable.
 */
const number = () => z.coerce.number({ error: 'must be a number' });
const port = (fallback: number) => number().int().min(0).max(65_535).default(fallback);
const count = (fallback: number) => number().int().min(1).max(1_000_000).default(fallback);
const databaseUrl = z.string().regex(/^postgres(ql)?:\/\//, 'must begin with postgres://');
/** The origin of a publisher's pages, as browsers write it. */
export const originText = z
  .string()
  .refine((it) => /^https?:/.test(it) && URL.canParse(it) && new URL(it).origin === it, {
    error: ({ input }) =>
      `must be an origin such as https://news.example, in small letters, without path or trailing slash, and not ${String(input).slice(0, 100)}`,
  })
  .refine((it) => !it.includes('*'), {
    error: ({ input }) => `must name each origin in full, and not by a pattern such as ${String(input).slice(0, 100)}`,
  });

export const pictureAddress = z
  .string()
  .max(2_000)
  .meta({ format: 'uri' })
  .refine((it) => URL.canParse(it) && /^https?:$/.test(new URL(it).protocol), 'must be the https address of a picture')
  .transform((it) => new URL(it).href);

export const colorText = z.string().regex(/^#[0-9a-f]{6}$/i, 'must be a colour such as #96182b');

/** Names that belong to nobody, or to a stranger as the examples of RFC 2606 do. */
const NOBODYS = /(^|\.)(localhost|local|invalid|test|internal|example\.(com|net|org))$/;
const REAL = /^([a-z0-9-]+\.)+([a-z]{2,}|xn--[a-z0-9-]+)$/;

/** Returns a contact with its domain as the DNS writes it, or undefined when that is no real domain. */
function contactOf(text: string): string | undefined {
  const [, scheme, user = '', name = ''] = /^(mailto:|https:\/\/)([^@\s]+@)?([^\s/:@]+)\/?$/i.exec(text) ?? [];
  if (!scheme || (scheme.toLowerCase() === 'mailto:') !== (user !== '')) return undefined;
  const domain = domainToASCII(name);
  return REAL.test(domain) && !NOBODYS.test(domain) ? `${scheme.toLowerCase()}${user}${domain}` : undefined;
}

/**
 * The contact for push services (RFC 8292 2.1). Apple refuses every message whose contact has no real domain. An
 * internationalised domain is written in its ASCII form.
 */
export const VapidSubject = z
  .string()
  .refine(
    (it) => contactOf(it) !== undefined,
    'must be mailto:you@news.example or https://news.example, with your own real domain: push services check it',
  )
  .transform((it) => contactOf(it)!);

/** Host names of push services: `push.news.example`, or `.up.example` for all names below it; a port may follow. */
const PushHosts = z
  .string()
  .transform((it) =>
    it
      .toLowerCase()
      .split(/[\s,]+/)
      .filter(Boolean),
  )
  .pipe(
    z.array(
      z
        .string()
        .regex(
          /^\.?([a-z0-9-]+\.)+([a-z]{2,}|xn--[a-z0-9-]+)(:\d{1,5})?$/,
          'must be host names such as push.news.example, or .up.example for all names below it',
        ),
    ),
  );

const environment = z.object({
  NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
  ROLE: z.enum(['web', 'worker', 'all']).default('all'),
  PORT: port(3000),
  HOST: z.string().optional(),
  PUBLIC_URL: originText.optional(),
  ALLOWED_ORIGINS: z
    .string()
    .transform((it) =>
      it
        .split(/[\s,]+/)
        .filter(Boolean)
        .map((one) => one.replace(/\/$/, '')),
    )
    .pipe(z.array(originText))
    .optional(),
  DEMO_PORT: port(3024),
  MAILBOX_PORT: port(3025),
  MAILBOX_SMTP_PORT: port(3028),
  STRIPE_STAND_IN_PORT: port(3026),
  PUSH_STAND_IN_PORT: port(3027),
  STRIPE_STAND_IN_URL: originText.optional(),
  PUSH_STAND_IN_URL: originText.optional(),
  DATABASE_URL: databaseUrl.optional(),
  DATABASE_DIRECT_URL: databaseUrl.optional(),
  MIGRATION_DATABASE_URL: databaseUrl.optional(),
  DATABASE_PREPARED: z.enum(['on', 'off']).default('on'),
  DATABASE_POOL: count(10),
  DATABASE_TIMEOUT_SECONDS: number().min(0.2).max(600).optional(),
  DATA_DIR: z.string().optional(),
  SMTP_URL: z
    .string()
    .regex(/^smtps?:\/\//, 'must begin with smtp:// or smtps://')
    .optional(),
  MAIL_TIMEOUT_SECONDS: number().min(0.1).max(600).default(30),
  MAIL_FROM: z
    .string()
    .regex(/^(?:[^<>\r\n]*<[^\s<>@]+@[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+)$/, 'must be Name <address> or an address alone')
    .optional(),
  SITE_NAME: z.string().min(1).max(60).optional(),
  SITE_LOGO_URL: pictureAddress.optional(),
  SITE_COLOR: colorText.optional(),
  VAPID_SUBJECT: VapidSubject.optional(),
  PUSH_HOSTS: PushHosts.optional(),
  STRIPE_SECRET_KEY: z
    .string()
    .regex(/^[sr]k_(test|live)_\w+$/, 'must begin with sk_test_, rk_test_, sk_live_ or rk_live_')
    .optional(),
  STRIPE_WEBHOOK_SECRET: z
    .string()
    .transform((it) => it.split(/[\s,]+/).filter(Boolean))
    .pipe(
      z
        .array(
          z
            .string()
            .regex(/^whsec_\w+$/, 'must begin with whsec_; two, with a comma between them, while one is replaced'),
        )
        .max(2),
    )
    .optional(),
  COUNTRY_HEADER: z
    .string()
    .regex(/^[\w-]+$/)
    .transform((it) => it.toLowerCase())
    .default('cf-ipcountry'),
  TRUST_PROXY: number().int().min(0).max(10).optional(),
  HSTS_MAX_AGE: number().int().min(0).max(63_072_000).optional(),
  SHUTDOWN_DRAIN_SECONDS: number().int().min(0).max(120).optional(),
  LOG_LEVEL: z.enum(['error', 'warn', 'log', 'debug']).default('log'),
  LOG_FORMAT: z.enum(['text', 'json']).default('text'),
  METRICS_TOKEN: z
    .string()
    .regex(/^[\w.~+/-]{16,}=*$/, 'must have at least 16 letters and digits; `openssl rand -hex 24` makes one')
    .optional(),
  METRICS_PORT: number().int().min(0).max(65_535).optional(),
  METRICS_HOST: z.string().default('127.0.0.1'),
});

export type Environment = z.infer<typeof environment> & {
  /** The number of each declared limit, by the name of its variable. */
  readonly limits: Readonly<Record<string, number>>;
};

/**
 * Returns the names of all variables, for the tests that compare them with docker-compose.yml and the documentation.
 */
export const environmentNames = (): readonly string[] => [
  ...Object.keys(environment.shape),
  ...limitSettings().map((it) => it.env),
];

/** An error that the operator can mend. `message` names the setting or the place, and says what is expected. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** Reads the variables without checks between them. @throws ConfigError with one line for each wrong variable */
export function readEnvironment(source: Record<string, string | undefined>): Environment {
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== undefined && value !== ''));
  const limits = z.object(Object.fromEntries(limitSettings().map((it) => [it.env, count(it.max)])));
  const [result, limitResult] = [environment.safeParse(given), limits.safeParse(given)];
  if (result.success && limitResult.success) return { ...result.data, limits: limitResult.data };
  const issues = [...(result.error?.issues ?? []), ...(limitResult.error?.issues ?? [])];
  throw new ConfigError([...new Set(issues.map((it) => `${String(it.path[0])}: ${it.message}`))].join('\n'));
}
