import 'reflect-metadata';
import { pathToFileURL } from 'node:url';
import { type INestApplicationContext, Logger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from './app.module.js';
import { appOptions, closeApp, configureApp } from './app.js';
import { Config, databaseUrlOf, readConfig, settingWarnings } from './config/config.js';
import { checkConnections, connectionWarnings } from './database/check-connections.js';
import { serviceWarnings } from './doctor/doctor.js';
import { prepareDatabase } from './database/migrate.js';
import { ProcessLogger } from './log/process-logger.js';
import { createFastifyAdapter } from './http/fastify.js';
import { ignoreLostCompletion } from './jobs/lost-completion.js';

/** The time that a stop may take beside the drain, and a start that was told to stop. */
const STOP_WITHIN_MS = 9_000;

export interface Running {
  app: INestApplicationContext;
  /** The origin that readers see. */
  url: string;
  /** The time that `stop` takes beside what is running. */
  drainSeconds: number;
  stop(): Promise<void>;
}

/** Starts this process in its role. @throws ConfigError naming the setting that is missing or wrong */
export async function start(): Promise<Running> {
  process.on('unhandledRejection', ignoreLostCompletion);
  const env = readConfig();
  const logger = new ProcessLogger(env.LOG_LEVEL, env.LOG_FORMAT, process.stdout.isTTY);
  Logger.overrideLogger(logger);
  const warn = (lines: readonly string[]): void => lines.forEach((it) => logger.warn(it, 'Start'));
  warn(settingWarnings(env));
  const config = new Config(env, databaseUrlOf(env));
  const connections = await checkConnections(config);
  warn(connectionWarnings(config, connections));
  await prepareDatabase(config, connections.direct.mayMigrate, (line) => warn([line]));
  const app = config.role === 'worker' ? await startWorker(config, logger) : await startWeb(config, logger);
  // Readers are served meanwhile, and nothing waits for the services.
  if (config.production) void serviceWarnings(config).then(warn);
  let stopping: Promise<void> | undefined;
  const { drainSeconds } = config;
  return { app, url: config.publicUrl, drainSeconds, stop: () => (stopping ??= closeApp(app, drainSeconds)) };
}

async function startWeb(config: Config, logger: ProcessLogger): Promise<NestFastifyApplication> {
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.with(config),
    createFastifyAdapter(config.trustProxy),
    { ...appOptions, logger, abortOnError: false },
  );
  try {
    await configureApp(app);
    await app.listen(config.port, config.host);
    return app;
  } catch (error) {
    await app.close();
    throw error;
  }
}

async function startWorker(config: Config, logger: ProcessLogger): Promise<INestApplicationContext> {
  return NestFactory.createApplicationContext(AppModule.with(config), {
    logger,
    abortOnError: false,
  });
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const starting = start();
  starting.catch((error: Error) => {
    // The settings may be what is wrong, so the format is read without their checks.
    if (process.env.LOG_FORMAT === 'json') new ProcessLogger('error', 'json').error(error.message, 'Start');
    else console.error(error.message);
    process.exit(1);
  });
  // A start finishes before it is stopped, because half a start cannot be undone.
  const stop = (signal: NodeJS.Signals): void => {
    const endAfter = (ms: number) => setTimeout(() => process.exit(1), ms).unref();
    const hanging = endAfter(STOP_WITHIN_MS);
    starting
      .then((running) => {
        clearTimeout(hanging);
        endAfter(running.drainSeconds * 1_000 + STOP_WITHIN_MS);
        return running.stop();
      })
      .then(
        () => process.exit(0),
        (error: Error) => {
          console.error(`${signal}: ${error.message}`);
          process.exit(1);
        },
      );
  };
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.once(signal, stop);
}
