import { setTimeout as wait } from 'node:timers/promises';
import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock } from '../clock/clock.js';
import { type Outage, outageOf } from '../database/outage.js';
import { row } from '../database/rows.js';

/** The most time of an answer. A load balancer must not wait as long as a hanging database lets it. */
const ANSWER_MS = 1_500;
/** Mails and alerts wait when no worker proved itself alive for so long. A start of all processes takes less. */
const NO_WORKER_SECONDS = 60;

/** What a look at the database found. */
export interface DatabaseState {
  readonly outage: Outage | undefined;
  readonly degraded: string[];
}

const SILENT: DatabaseState = {
  outage: { reason: 'database_silent', detail: 'The database did not answer in time' },
  degraded: [],
};

/** Knows whether this process can serve, and logs when that changes. */
@Injectable()
export class Readiness implements BeforeApplicationShutdown {
  /** Becomes true when a shutdown begins, so that a load balancer stops sending requests first. */
  stopping = false;
  private readonly log = new Logger('Readiness');
  private running: Promise<DatabaseState> | undefined;
  private logged = 'ok';

  private readonly startedAt: number;

  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
  ) {
    this.startedAt = clock.elapsed();
  }

  beforeApplicationShutdown(): void {
    this.stopping = true;
  }

  /** Looks at the database. Probes that come together share one look, and none waits longer than 1.5 seconds. */
  async look(): Promise<DatabaseState> {
    const timer = new AbortController();
    this.running ??= this.ask().finally(() => (this.running = undefined));
    const late = wait(ANSWER_MS, SILENT, { signal: timer.signal, ref: false }).catch(() => SILENT);
    const look = await Promise.race([this.running, late]);
    timer.abort();
    this.report(look);
    return look;
  }

  private async ask(): Promise<DatabaseState> {
    try {
      const found = await row<{ readOnly: boolean; worker: boolean }>(
        this.dataSource,
        `select current_setting('transaction_read_only')::boolean as "readOnly",
           exists (select from job_workers
             where seen_at > clock_timestamp() - interval '${NO_WORKER_SECONDS} seconds') as worker`,
      );
      const isOld = this.clock.elapsed() - this.startedAt > NO_WORKER_SECONDS * 1_000;
      const degraded = [
        ...(found?.readOnly ? ['database_read_only'] : []),
        ...(found?.worker || !isOld ? [] : ['no_worker']),
      ];
      return { outage: undefined, degraded };
    } catch (error) {
      return { outage: outageOf(error) ?? { reason: 'database_failed', detail: String(error) }, degraded: [] };
    }
  }

  private report({ outage, degraded }: DatabaseState): void {
    const state = outage?.reason ?? (degraded.join(' ') || 'ok');
    if (state === this.logged) return;
    this.logged = state;
    if (state === 'ok') this.log.log('ready: all works again');
    else this.log.warn(`${outage ? 'not ready' : 'degraded'} reason=${state}${outage ? `: ${outage.detail}` : ''}`);
  }
}
