import { setTimeout as wait } from 'node:timers/promises';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { row } from '../../src/database/rows.js';
import type { Job, JobHandler } from '../../src/jobs/job.js';
import { JobRegistry } from '../../src/jobs/job-registry.js';

const named = z.strictObject({ name: z.string() });

/** Waits in the middle until the test releases it, and then has its effect. */
export const linger: Job<{ name: string }> = { name: 'trial-linger', payload: named };
/** Waits like `linger`, in the lane of mails. */
export const lingerMail: Job<{ name: string }> = { ...linger, name: 'trial-linger-mail', lane: 'mail' };
/** Has its effect at once. */
export const quick: Job<{ name: string }> = { name: 'trial-quick', payload: named };
/** Always fails, so the effect in its transaction is rolled back. */
export const failing: Job<{ name: string }> = { name: 'trial-failing', payload: named, maxAttempts: 3 };

/** Waits in the middle and then fails. */
export const lateFailing: Job<{ name: string }> = { name: 'trial-late-failing', payload: named };

/** The tables by which the test sees the effects of the jobs and releases them. */
export const TRIAL_TABLES = `
  create table trial_trace (id bigint generated always as identity, name text, pid integer, what text);
  create table trial_effects (name text, pid integer);
  create table trial_go (name text)`;

@Injectable()
export class TrialJobs implements OnModuleInit {
  constructor(
    private readonly jobs: JobRegistry,
    private readonly dataSource: DataSource,
  ) {}

  onModuleInit(): void {
    const effect = (name: string) => (db: { query(sql: string, values: unknown[]): Promise<unknown> }) =>
      db.query('insert into trial_effects (name, pid) values ($1, $2)', [name, process.pid]);

    this.jobs.register(quick, ({ name }, run) => run.effect(effect(name)).then(() => undefined));
    this.jobs.register(failing, ({ name }, run) =>
      run.effect(async (tx) => {
        await effect(name)(tx);
        throw new Error(`${name} never works`);
      }),
    );
    this.jobs.register(lateFailing, async ({ name }) => {
      await this.begin(name);
      throw new Error(`${name} has failed`);
    });
    const lingering: JobHandler<{ name: string }> = async ({ name }, run) => {
      await this.begin(name);
      try {
        await run.effect(effect(name));
        await this.trace(name, 'done');
      } catch (error) {
        await this.trace(name, (error as Error).message);
        throw error;
      }
    };
    this.jobs.register(linger, lingering);
    this.jobs.register(lingerMail, lingering);
  }

  private async begin(name: string): Promise<void> {
    await this.trace(name, 'began');
    while (!(await row(this.dataSource, 'select 1 from trial_go where name = $1', [name]))) await wait(20);
  }

  private async trace(name: string, what: string): Promise<void> {
    await this.dataSource.query('insert into trial_trace (name, pid, what) values ($1, $2, $3)', [
      name,
      process.pid,
      what,
    ]);
  }
}
