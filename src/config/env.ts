import { z } from 'zod';

/**
 * The environment: every variable that Rostra reads, its form and its default. Nothing else reads `process.env`.
 * An empty string counts as absent, as docker compose passes it for an unset variable.
 */
const port = (fallback: number) => z.coerce.number().int().min(0).max(65_535).default(fallback);
const count = (fallback: number) => z.coerce.number().int().min(1).max(1_000_000).default(fallback);
const origin = z.string().refine((it) => URL.canParse(it) && new URL(it).origin === it, {
  message: 'must be an origin such as https://news.example, without path or trailing slash',
});

/** Whom a push service can turn to (RFC 8292 2.1). Apple refuses every message of an address without a real domain. */
export const VapidSubject = z
  .string()
  .regex(
    /^(mailto:[^@\s]+@|https:\/\/)[^\s/:@]+\.[a-z]{2,}\/?$/i,
    'must be mailto:you@news.example or https://news.example',
  )
  .refine(
    (it) => !/\.(local|localhost|invalid|test)\/?$/i.test(it),
    'must be of a real domain: push services check it',
  );

const environment = z.object({
  NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
  ROLE: z.enum(['web', 'worker', 'all']).default('all'),
  PORT: port(3000),
  HOST: z.string().optional(),
  PUBLIC_URL: origin.optional(),
  ALLOWED_ORIGINS: z
    .string()
    .transform((it) =>
      it
        .split(/[\s,]+/)
        .filter(Boolean)
        .map((one) => one.replace(/\/$/, '')),
    )
    .pipe(z.array(origin))
    .optional(),
  DEMO_PORT: port(3024),
  MAILBOX_PORT: port(3025),
  MAILBOX_SMTP_PORT: port(3028),
  STRIPE_STAND_IN_PORT: port(3026),
  PUSH_STAND_IN_PORT: port(3027),
  STRIPE_STAND_IN_URL: origin.optional(),
  PUSH_STAND_IN_URL: origin.optional(),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'must begin with postgres://')
    .optional(),
  DATABASE_POOL: count(10),
  DATA_DIR: z.string().optional(),
  SMTP_URL: z
    .string()
    .regex(/^smtps?:\/\//, 'must begin with smtp:// or smtps://')
    .optional(),
  MAIL_FROM: z.string().default('Rostra <no-reply@localhost>'),
  SITE_NAME: z.string().min(1).max(60).default('The Harbour Post'),
  VAPID_SUBJECT: VapidSubject.optional(),
  REPLY_ALERT_DELAY_SECONDS: z.coerce.number().int().min(0).max(3600).default(15),
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
  TRUST_PROXY: z.coerce.number().int().min(0).max(10).default(0),
  EDIT_WINDOW_MINUTES: count(15),
  LIMIT_POSTS_PER_MINUTE: count(12),
  LIMIT_REPORTS_PER_HOUR: count(60),
  LIMIT_MAILS_PER_ADDRESS_PER_HOUR: count(6),
  LIMIT_MAILS_PER_IP_PER_HOUR: count(60),
  LIMIT_REDEEMS_PER_IP_PER_HOUR: count(120),
  LIMIT_ARTICLES_PER_IP_PER_HOUR: count(120),
  LIMIT_SUBSCRIPTIONS_PER_IP_PER_DAY: count(60),
  LIMIT_DONATIONS_PER_IP_PER_HOUR: count(20),
  LIMIT_SOCKETS_PER_IP: count(200),
  LOG_LEVEL: z.enum(['error', 'warn', 'log', 'debug']).default('log'),
});

export type Environment = z.infer<typeof environment>;

/** The names of all variables, for the test that holds docker-compose.yml and .env.example against them. */
export const environmentNames: readonly string[] = Object.keys(environment.shape);

/** The operator must mend something: `message` names the setting or the place, and says what is expected. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

export function readEnvironment(source: Record<string, string | undefined>): Environment {
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== undefined && value !== ''));
  const result = environment.safeParse(given);
  if (!result.success)
    throw new ConfigError(result.error.issues.map((it) => `${it.path.join('.')}: ${it.message}`).join('\n'));
  return result.data;
}
