import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ClockModule } from '../../src/clock/clock.module.js';
import { Config } from '../../src/config/config.js';
import { ConfigModule } from '../../src/config/config.module.js';
import { readEnvironment } from '../../src/config/env.js';
import { dataSourceOptions } from '../../src/database/data-source.js';
import { DatabaseModule } from '../../src/database/database.module.js';
import { MetricsModule } from '../../src/metrics/metrics.module.js';
import { JobsModule } from '../../src/jobs/jobs.module.js';
import { ignoreLostCompletion } from '../../src/jobs/lost-completion.js';
import { leaseTimes } from '../../src/jobs/worker-lease.js';
import { TrialJobs } from './trial-jobs.js';

/** Runs the real runner in a process of its own, for tests that kill and stop it. It ends cleanly on SIGTERM. */
const url = process.env.DATABASE_URL ?? '';
const { DATABASE_TIMEOUT_SECONDS, LEASE_TIMES } = process.env;
const config = new Config(
  readEnvironment({ ROLE: 'worker', DATABASE_URL: url, NODE_ENV: 'test', DATABASE_TIMEOUT_SECONDS }),
  url,
);
// Shorter times let a test wait for the end of a lease.
Object.assign(leaseTimes, JSON.parse(LEASE_TIMES ?? '{}'));

process.on('unhandledRejection', ignoreLostCompletion);

@Module({
  imports: [
    ConfigModule.with(config),
    ClockModule,
    MetricsModule,
    TypeOrmModule.forRoot({
      ...dataSourceOptions(url, { entities: [], migrations: [] }, 10, false, config.statementMs),
      retryAttempts: 0,
    }),
    DatabaseModule,
    JobsModule,
  ],
  providers: [TrialJobs],
})
class WorkerModule {}

const app = await NestFactory.createApplicationContext(WorkerModule, {
  logger: ['error', 'warn'],
  abortOnError: false,
});
process.once('SIGTERM', () => {
  console.log('stopping');
  void app.close().then(() => {
    console.log('stopped');
    process.exit(0);
  });
});
console.log('working');
