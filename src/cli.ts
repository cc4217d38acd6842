import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AccountsService } from './accounts/profiles/accounts.service.js';
import { ApiKeysService } from './accounts/sessions/api-keys.service.js';
import { EmailAddress } from './accounts/profiles/email-address.js';
import { SignInService } from './accounts/sign-in/sign-in.service.js';
import { AppModule } from './app.module.js';
import { AuditService } from './audit/audit.service.js';
import { ArticleJoins } from './articles/article-joins.service.js';
import { Config, databaseUrlOf, readConfig } from './config/config.js';
import type { Environment } from './config/env.js';
import { checkConnections } from './database/check-connections.js';
import { examine, hasErrors } from './doctor/doctor.js';
import { reportOf } from './doctor/finding.js';
import { readSettings } from './doctor/read-settings.js';
import { prepareDatabase } from './database/migrate.js';
import { connectionOptions, GuardedClient } from './database/connection.js';
import { Transactions } from './database/transaction.js';
import { deadJobs, describeDeadJobs, retryDeadJobs } from './jobs/dead-jobs.js';
import { anyWorkerAlive } from './jobs/reaper.js';
import {
  compareSettings,
  describeDifferences,
  exportSettings,
  importSettings,
  listSettings,
} from './settings/settings-file.js';
import { Settings } from './settings/settings.service.js';

/** The operator's commands, run as `npm run --silent rostra -- <command>`. Only the answer goes to stdout. */
const usage = `Commands:
  create-admin <email>   make an admin, or make one of an account; prints a one-time sign-in link
  api-key <name>         make a key for one of the publisher's servers; prints it, this once
  join-articles <a> <b>  move the conversation of article <a> into that of <b>; each is a key or an address
  migrate                bring the database up to date, as the user of MIGRATION_DATABASE_URL where it is set
  doctor                 look at settings, database, mail, Stripe, push and proxy, and say what is wrong
  worker-alive           exit 0 when some worker works through the queue
  settings export        print the newsroom's settings as YAML
  settings diff <file>   print what a file would change; - reads from stdin
  settings import <file> change the settings to those of a file; --dry-run prints only, --exact takes back all others
  settings list          name all settings
  jobs                   list the dead jobs, which failed at every attempt
  jobs retry <which>     run dead jobs again: one by its id, all of a kind by its name, or all`;

class UsageError extends Error {}

type Command = (
  argument: string | undefined,
  config: Config,
  second: string | undefined,
  flags: ReadonlySet<string>,
) => Promise<string>;

const commands: Record<string, Command> = {
  'create-admin': async (argument, config) => {
    const email = EmailAddress.safeParse(argument ?? '');
    if (!email.success) throw new UsageError('create-admin needs an e-mail address.');
    return withServices(config, async (app) => {
      const name = email.data.split('@')[0]!.slice(0, 32).padEnd(2, '_');
      await app.get(AccountsService).ensure(email.data, name, 'admin');
      return app.get(SignInService).createLink(email.data);
    });
  },
  'api-key': async (argument, config) => {
    if (!argument?.trim()) throw new UsageError('api-key needs a name, such as the site or server that will use it.');
    return withServices(config, (app) => app.get(ApiKeysService).create(argument.trim().slice(0, 100)));
  },
  'join-articles': async (other, config, kept) => {
    if (!other || !kept)
      throw new UsageError('join-articles needs two articles, each by its key or its address. The second one stays.');
    // The app's role may not remove lines of the conversation log, which this moves.
    const owner = new Config(config.env, config.env.MIGRATION_DATABASE_URL ?? config.databaseUrl);
    return withServices(owner, async (app) => {
      const { key, url, commentCount } = await app.get(ArticleJoins).join(other, kept);
      return `The conversation of ${url} (${key}) has ${commentCount} comments now. The other keys lead to it.`;
    });
  },
  settings: async (action, config, file, flags) => {
    if (action === 'list') return listSettings();
    if (action === 'export') return withServices(config, async (app) => exportSettings(app.get(Settings)).trimEnd());
    if ((action !== 'import' && action !== 'diff') || !file)
      throw new UsageError('settings needs export or list, or diff or import with the name of a file.');
    const text = readText(file);
    return withServices(config, async (app) => {
      const settings = app.get(Settings);
      const found = compareSettings(settings, text, flags.has('--exact'));
      const report = describeDifferences(found);
      if (!report) return 'The settings are as in the file.';
      if (action === 'diff' || flags.has('--dry-run')) return report;
      await importSettings(settings, found, `Imported from ${file === '-' ? 'a file' : basename(file)}.`);
      return `${report}\nThe settings were changed.`;
    });
  },
  migrate: async (_argument, config) => {
    await prepare(config);
    return 'The database is up to date.';
  },
  'worker-alive': (_argument, config) =>
    withConnection(config, async (client) => {
      if (!(await anyWorkerAlive(client))) throw new Error('No worker is alive.');
      return 'A worker is alive.';
    }),
  jobs: async (action, config, which) => {
    if (action === undefined)
      return withConnection(config, async (client) => describeDeadJobs(await deadJobs(client), new Date()));
    if (action !== 'retry' || !which)
      throw new UsageError(
        'jobs lists dead jobs. jobs retry needs the id of one, the name of a kind, or the word all.',
      );
    return withServices(config, (app) => retryJobs(app, which));
  },
};

/** @param file its name, or - for stdin */
function readText(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    throw new UsageError(`The file ${file} cannot be read: ${(error as Error).message}.`);
  }
}

async function retryJobs(app: INestApplicationContext, which: string): Promise<string> {
  const audit = app.get(AuditService);
  const again = await app.get(Transactions).run(async (tx) => {
    const jobs = await retryDeadJobs(tx, which === 'all' ? undefined : which);
    for (const { id, name } of jobs)
      await audit.record(tx, { actorId: null, action: 'job.retry', subjectId: id, detail: { name } });
    return jobs;
  });
  if (!again.length && which === 'all') return 'No job is dead.';
  if (!again.length) throw new Error(`No dead job has the id or the name ${which}.`);
  return again.length === 1 ? 'A worker runs the job again.' : `A worker runs ${again.length} jobs again.`;
}

const prepare = async (config: Config): Promise<void> =>
  prepareDatabase(config, (await checkConnections(config)).direct.mayMigrate);

/** Opens one connection, for commands that need no service. */
async function withConnection(config: Config, work: (client: GuardedClient) => Promise<string>): Promise<string> {
  const client = new GuardedClient(connectionOptions(config.directUrl, 'rostra cli', undefined, true));
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Creates the services without listening and without running jobs. */
async function withServices(config: Config, work: (app: INestApplicationContext) => Promise<string>): Promise<string> {
  await prepare(config);
  const app = await NestFactory.createApplicationContext(AppModule.with(config), {
    logger: ['error'],
    abortOnError: false,
  });
  try {
    return await work(app);
  } finally {
    await app.close();
  }
}

/** Opens a database when DATABASE_URL is absent. */
type DatabaseOpener = (env: Environment) => Promise<{ readonly url: string }>;

/** Works with wrong settings too, so it reads them itself. @returns the report, and the exit code */
async function runDoctor(open?: DatabaseOpener): Promise<{ report: string; code: number }> {
  const { env } = readSettings(process.env);
  const local = !env.DATABASE_URL && env.NODE_ENV !== 'production' && open ? (await open(env)).url : undefined;
  const sections = await examine(process.env, undefined, local);
  return { report: reportOf(sections), code: hasErrors(sections) ? 1 : 0 };
}

const FLAGS = ['--dry-run', '--exact'];

async function run(args: readonly string[], open?: DatabaseOpener): Promise<string> {
  const flags = new Set(args.filter((it) => FLAGS.includes(it)));
  const [name, argument, second] = args.filter((it) => !flags.has(it));
  const command = name ? commands[name] : undefined;
  if (!command) throw new UsageError(name ? `There is no command ${name}.` : 'Name a command.');
  // Commands serve nobody, so they need no proxy, and run no jobs.
  const env = { ...readConfig({ ...process.env, ROLE: 'worker' }), ROLE: 'web' as const };
  const url = open && !env.DATABASE_URL ? (await open(env)).url : databaseUrlOf(env);
  return command(argument, new Config(env, url), second, flags);
}

/**
 * Runs one of the operator's commands and prints its answer, or the error.
 * @param openDatabase asked only for a known command without DATABASE_URL; the caller who passes it also closes the
 *   database
 * @returns the exit code
 */
export async function runCli(args: readonly string[], openDatabase?: DatabaseOpener): Promise<number> {
  try {
    if (args[0] === '--help' || args[0] === 'help') {
      console.log(usage);
      return 0;
    }
    if (args[0] === 'doctor') {
      const { report, code } = await runDoctor(openDatabase);
      console.log(report);
      return code;
    }
    console.log(await run(args, openDatabase));
    return 0;
  } catch (error) {
    console.error((error as Error).message);
    if (error instanceof UsageError) console.error(usage);
    return 1;
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href)
  process.exit(await runCli(process.argv.slice(2)));
