import { Logger } from '@nestjs/common';
import { Budget } from './budget.js';
import type { LiveServer } from './live.types.js';

/** A page of 50 conversations joins them at once when it connects again, and answers a ping every 20 s. */
const BURST = 300;
const PER_SECOND = 60;
/** A packet of many bytes counts as several. */
const BYTES_PER_PACKET = 4_096;
/** The time in which the answer and the closing reach a client that reads. */
const FAREWELL_MS = 1_000;
const LOG_EVERY_MS = 60_000;

/** The one event that a flooding client gets, as a packet of socket.io (2: event), because it may have joined no namespace. */
const ANSWER = `2${JSON.stringify(['limited', { code: 'rate.limited' }])}`;
const POLICY_VIOLATION = 1_008;

/** What engine.io keeps of a WebSocket (ws). */
interface WebSocketLike {
  on(event: 'ping' | 'pong', listener: () => void): void;
  pause(): void;
  close(code: number, reason: string): void;
  terminate(): void;
}

type Connection = LiveServer['sockets'] extends { sockets: Map<string, { conn: infer C }> } ? C : never;

/**
 * Counts everything that a connection sends: operations, unknown events, other namespaces, binary packets, malformed
 * ones, and pings of both layers. A connection that sends too much is answered once, read no further, and closed.
 */
export class FloodGuard {
  private readonly log = new Logger('Live');
  private closed = 0;
  private loggedAt = -Infinity;

  watch(server: LiveServer): void {
    server.engine.on('connection', (connection: Connection) => this.count(connection));
  }

  private count(connection: Connection): void {
    const budget = new Budget(BURST, PER_SECOND);
    const { socket } = connection.transport as unknown as { socket: WebSocketLike };
    let over = false;
    const spend = (bytes: number): void => {
      if (over || budget.take(1 + Math.floor(bytes / BYTES_PER_PACKET))) return;
      over = true;
      this.close(connection, socket);
    };
    connection.on('packet', ({ data }: { data?: string | Buffer }) => spend(data?.length ?? 0));
    for (const frame of ['ping', 'pong'] as const) socket.on(frame, () => spend(0));
  }

  private close(connection: Connection, socket: WebSocketLike): void {
    // What has arrived already is dropped, and nothing more is read.
    connection.removeAllListeners('data');
    socket.pause();
    connection.write(ANSWER);
    setImmediate(() => socket.close(POLICY_VIOLATION, 'rate.limited'));
    setTimeout(() => socket.terminate(), FAREWELL_MS).unref();
    this.closed += 1;
    if (performance.now() - this.loggedAt < LOG_EVERY_MS) return;
    this.log.warn(
      `Sockets closed because they sent more than ${BURST} packets at once: ${this.closed} since the last such line.`,
    );
    this.loggedAt = performance.now();
    this.closed = 0;
  }
}
