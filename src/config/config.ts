import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ConfigError, type Environment, readEnvironment } from './env.js';

/** The folder of package.json, from the sources and from dist alike. */
export const projectRoot: string = (() => {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return folder;
})();

/** The settings in the form the code wants them: read once at start, injected by class. */
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

  constructor(
    readonly env: Environment,
    /** The database in use: DATABASE_URL, or the embedded server's, which main.ts has started by then. */
    readonly databaseUrl: string,
  ) {
    this.production = env.NODE_ENV === 'production';
    this.role = env.ROLE;
    this.port = env.PORT;
    this.host = env.HOST ?? '::';
    this.publicUrl = env.PUBLIC_URL ?? `http://localhost:${env.PORT}`;
    const sites = env.ALLOWED_ORIGINS ?? (this.production ? [] : [`http://localhost:${env.DEMO_PORT}`]);
    this.allowedOrigins = new Set([this.publicUrl, ...sites]);
    this.smtpUrl = env.SMTP_URL ?? `smtp://127.0.0.1:${env.MAILBOX_SMTP_PORT}`;
  }
}

/** @throws ConfigError naming what production still needs */
export function checkProduction(env: Environment): void {
  if (env.NODE_ENV !== 'production') return;
  const missing = (['PUBLIC_URL', 'DATABASE_URL', 'SMTP_URL'] as const).filter((name) => !env[name]);
  if (missing.length)
    throw new ConfigError(missing.map((name) => `${name}: needed when NODE_ENV=production`).join('\n'));
}

/** @throws ConfigError naming each variable that is wrong */
export function readConfig(source: Record<string, string | undefined> = process.env): Environment {
  const env = readEnvironment(source);
  checkProduction(env);
  return env;
}
