import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Reads } from '../../database/rows.js';
import type {} from '../../events/event-map.js';
import { StaffChangeTokens } from '../../realtime/staff-change-tokens.js';

declare module '../../events/event-map.js' {
  interface StaffEvents {
    /** A text waits for a moderator, or waits no more. */
    held: true;
  }
}

// A new text raises the newest id, and a decision lowers the count. Plan: the partial index of what waits.
const heldToken = {
  name: 'held-token',
  text: `select coalesce((select max(id) from held_comments), 0) || '.' || (
    select count(*) from held_comments where state = 'held')`,
};

/** The desk reads again what waits after every hold and decision, whether or not the event arrived. */
@Injectable()
export class HeldLive implements OnModuleInit {
  constructor(
    private readonly tokens: StaffChangeTokens,
    private readonly reads: Reads,
  ) {}

  onModuleInit(): void {
    this.tokens.provide('held', async () => (await this.reads.json(heldToken, []))!);
  }
}
