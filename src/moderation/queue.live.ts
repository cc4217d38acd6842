import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Reads } from '../database/rows.js';
import type {} from '../events/event-map.js';
import { StaffChangeTokens } from '../realtime/staff-change-tokens.js';

declare module '../events/event-map.js' {
  interface StaffEvents {
    queue: true;
  }
}

// Reports and decisions are only ever added, so each one raises the sum of the newest ids, also one whose transaction
// ended after a later one's. Plan: the end of both primary keys, by index alone.
const sumOfNewest = (table: 'reports' | 'decisions'): string =>
  `(select coalesce(sum(id), 0) from (select id from ${table} order by id desc limit 100) newest)`;

const queueToken = {
  name: 'queue-token',
  text: `select ${sumOfNewest('reports')} || '.' || ${sumOfNewest('decisions')}`,
};

/** The desk reads the queue again after every report and decision, whether or not the event arrived. */
@Injectable()
export class QueueLive implements OnModuleInit {
  constructor(
    private readonly tokens: StaffChangeTokens,
    private readonly reads: Reads,
  ) {}

  onModuleInit(): void {
    this.tokens.provide('queue', async () => (await this.reads.json(queueToken, []))!);
  }
}
