import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Config } from '../config/config.js';
import { connectionOptions, GuardedClient } from '../database/connection.js';
import { EventBus } from './event-bus.js';
import type { AppEvent } from './event-map.js';

const CHANNEL = 'rostra_events';
const GATHER_MS = 10;
const MAX_PAYLOAD = 7_000; // a NOTIFY carries at most 8,000 bytes

/**
 * Carries events between processes by NOTIFY on a connection of its own, gathered for ten milliseconds, because a
 * NOTIFY inside a writer's transaction costs 11 to 16 times the throughput. Events are lost while the connection is
 * away; the polls of realtime make up for that within a second.
 */
@Injectable()
export class PostgresNotifyTransport implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly log = new Logger('Events');
  private readonly node = randomUUID();
  /** Lines of the form `audience kind` that wait to be sent. */
  private readonly waiting = new Set<string>();
  private client: GuardedClient | undefined;
  private timer: NodeJS.Timeout | undefined;
  private sending: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(
    private readonly config: Config,
    private readonly events: EventBus,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    this.events.onOutgoing(({ kind, audience }) => {
      this.waiting.add(`${audience} ${kind}`);
      this.timer ??= setTimeout(() => void this.flush(), GATHER_MS);
    });
    await this.connect();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.flush();
    this.stopped = true;
    clearTimeout(this.timer);
    await this.client?.end().catch(() => {});
  }

  private async connect(): Promise<void> {
    for (let pause = 200; !this.stopped; pause = Math.min(pause * 2, 5_000)) {
      const client = new GuardedClient(
        connectionOptions(
          this.config.directUrl,
          'rostra events',
          this.config.statementMs,
          !this.config.preparedStatements,
        ),
      );
      client.on('notification', ({ payload }) => this.receive(payload ?? ''));
      client.on('error', () => {
        if (this.client !== client) return;
        this.client = undefined;
        void this.connect();
      });
      try {
        await client.connect();
        if (this.config.role !== 'worker') await client.query(`listen ${CHANNEL}`);
        this.client = client;
        if (this.stopped) await client.end(); // the process was shut down while this connected
        return;
      } catch (error) {
        await client.end().catch(() => {});
        this.log.warn(`The connection for events failed: ${(error as Error).message}`);
        await wait(pause);
      }
    }
  }

  private receive(payload: string): void {
    const [node, ...lines] = payload.split('\n');
    if (node === this.node) return;
    for (const line of lines) {
      const [audience, kind] = line.split(' ');
      if (audience && kind) this.events.deliverEvent({ audience, kind } as AppEvent);
    }
  }

  /** Sends one query at a time, because a connection takes no second query before the first is answered. */
  private flush(): Promise<void> {
    this.timer = undefined;
    return (this.sending = this.sending.then(() => this.send()));
  }

  private async send(): Promise<void> {
    const lines = [...this.waiting];
    this.waiting.clear();
    while (lines.length) {
      let payload: string = this.node;
      while (lines.length && payload.length + lines[0]!.length < MAX_PAYLOAD) payload += `\n${lines.shift()}`;
      await this.client?.query('select pg_notify($1, $2)', [CHANNEL, payload]).catch(() => {});
    }
  }
}
