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
import { JobsModule } from '../../src/jobs/jobs.module.js';
import { TrialJobs } from './trial-jobs.js';

/** Runs the real runner in a process of its own, for tests that kill and stop it. It ends cleanly on SIGTERM. */
const url = process.env.DATABASE_URL ?? '';
const config = new Config(readEnvironment({ ROLE: 'worker', DATABASE_URL: url, NODE_ENV: 'test' }), url);

@Module({
  imports: [
    ConfigModule.with(config),
    ClockModule,
    TypeOrmModule.forRoot({ ...dataSourceOptions(url, { entities: [], migrations: [] }), retryAttempts: 0 }),
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
