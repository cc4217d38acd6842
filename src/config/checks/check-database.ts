import { hostOf, isInternal, isLoopback } from './hosts.js';
import { refuse, type SettingCheck, type SettingProblem, warn } from './setting-problem.js';

const WEAK = new Set(
  '- password passwort postgres rostra admin root secret changeme change-me change_me test example 1234 12345 123456 12345678 123456789'.split(
    ' ',
  ),
);
/** What libpq's tools read, and what the driver takes for whatever a URL leaves out. */
const OF_THE_DRIVER = /^PG(SSLMODE|SSLNEGOTIATION|HOST|HOSTADDR|PORT|USER|PASSWORD|DATABASE|OPTIONS|PASSFILE|SERVICE)$/;

/** Checks how this process reaches its database. */
export const checkDatabase: SettingCheck = ({ env, production, shell }) => {
  const url = env.DATABASE_URL;
  if (!url)
    return production
      ? refuse(
          'DATABASE_URL',
          'needed when NODE_ENV=production, such as postgres://user:password@db.example:5432/rostra',
          'Make an empty database that this user owns.',
        )
      : [];
  return [...checkShell(url, shell), ...(production ? checkUrl(url) : [])];
};

function checkUrl(url: string): SettingProblem[] {
  if (!URL.canParse(url))
    return refuse(
      'DATABASE_URL',
      'is no URL',
      'Write it as postgres://user:password@host:5432/database, with special characters of the password percent-encoded, such as %40 for @.',
    );
  const { username, password, searchParams } = new URL(url);
  const host = hostOf(url);
  const here = !host || isLoopback(host);
  const tls = searchParams.get('sslmode') ?? searchParams.get('ssl');
  return [
    ...(!here && (!password || WEAK.has(password.toLowerCase()) || password === username)
      ? warn(
          'DATABASE_URL',
          `has ${password ? 'a password that anybody would try first' : 'no password'}`,
          'Give the user a long random password.',
        )
      : []),
    ...(!here && !isInternal(host) && (!tls || /^(disable|allow|prefer|no-verify|false|0)$/.test(tls))
      ? warn(
          'DATABASE_URL',
          `reaches ${host} over a public network without verified TLS`,
          'Add ?sslmode=verify-full, and &sslrootcert=<file> for an authority of your own.',
        )
      : []),
  ];
}

function checkShell(url: string, shell: Readonly<Record<string, string | undefined>>): SettingProblem[] {
  const given = URL.canParse(url) ? new URL(url) : undefined;
  const completes: Record<string, boolean> = {
    PGSSLMODE: !given?.searchParams.has('sslmode') && !given?.searchParams.has('ssl'),
    PGUSER: !given?.username,
    PGPASSWORD: !given?.password,
    PGPASSFILE: !given?.password,
    PGHOST: !given?.hostname,
    PGPORT: !given?.port,
    PGDATABASE: !given || given.pathname.length < 2,
  };
  return Object.keys(shell)
    .filter((name) => OF_THE_DRIVER.test(name) && shell[name] && (completes[name] ?? true))
    .flatMap((name) =>
      warn(
        name,
        'is set in the environment, and the database driver may take it for what DATABASE_URL leaves out',
        name === 'PGSSLMODE'
          ? `Write ?sslmode=${shell.PGSSLMODE} into DATABASE_URL if you want it, and unset PGSSLMODE.`
          : `Write everything into DATABASE_URL, and unset ${name}.`,
      ),
    );
}
