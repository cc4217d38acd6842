import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock } from '../clock/clock.js';
import { row } from './rows.js';

const EVERY_MS = 30_000;
/** A slower answer says too little about the moment at which the database looked at its clock. */
const SLOWEST_MS = 500;

/** Keeps the clock of this process at the time of the database, whatever the clock of the machine shows. */
@Injectable()
export class ClockSync implements OnModuleInit, OnApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.sync();
    this.timer = setInterval(() => void this.sync().catch(() => {}), EVERY_MS).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  async sync(): Promise<void> {
    const asked = performance.now();
    const found = await row<{ ms: number }>(
      this.dataSource,
      'select extract(epoch from clock_timestamp())::float8 * 1000 as ms',
    );
    const answered = performance.now();
    if (found && answered - asked < SLOWEST_MS) this.clock.setTo(found.ms, (asked + answered) / 2);
  }
}
