import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Reads } from '../database/rows.js';
import { StaffChangeTokens } from '../realtime/staff-change-tokens.js';

// Reports and decisions are only ever added, so each one raises the sum of the newest ids, also one whose transaction
// ended after a later one's. Plan: the end of both primary keys, by index alone.
const sumOfNewest = (table: 'reports' | 'decisions'): string =>
  `(select coalesce(sum(id), 0) from (select id from ${table} order by id desc limit 100) newest)`;

const markStatement = {
  name: 'queue-mark',
  text: `select ${sumOfNewest('reports')} || '.' || ${sumOfNewest('decisions')}`,
};

/** The desk reads the queue again after every report and decision, whether or not its hint arrived. */
@Injectable()
export class QueueLive implements OnModuleInit {
  constructor(
    private readonly marks: StaffChangeTokens,
    private readonly reads: Reads,
  ) {}

  onModuleInit(): void {
    this.marks.provide('queue', async () => (await this.reads.json(markStatement, []))!);
  }
}
