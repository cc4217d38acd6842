import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { Logger } from '@nestjs/common';
import { clientAddress } from '../http/client-address.js';
import { PROBLEM_TYPE, problem } from '../http/problem.js';
import { addressKey } from '../http/rate-limits.js';

const WARN_EVERY_MS = 60_000;
const RETRY_AFTER_SECONDS = 60;

/**
 * Limits the connections that one network holds open to this process. It counts networks and not browsers, because a
 * client that wants many connections drops the cookie. A refused page polls `/events` and tries again at growing
 * intervals.
 */
export class ConnectionLimit {
  private readonly log = new Logger('Live');
  private readonly open = new Map<string, number>();
  private warned = -Infinity;

  constructor(
    private readonly most: number,
    private readonly trustProxy: number,
  ) {}

  /** Counts a handshake until its connection ends, or answers it with 429. @returns whether the handshake may go on */
  admit(request: IncomingMessage): boolean {
    const network = addressKey(clientAddress(request, this.trustProxy));
    const count = this.open.get(network) ?? 0;
    if (count >= this.most) {
      this.warn();
      refuse(request, this.most);
      return false;
    }
    this.open.set(network, count + 1);
    request.socket.once('close', () => {
      const left = this.open.get(network)! - 1;
      if (left) this.open.set(network, left);
      else this.open.delete(network);
    });
    return true;
  }

  private warn(): void {
    if (performance.now() - this.warned < WARN_EVERY_MS) return;
    this.warned = performance.now();
    this.log.warn(
      `A network that holds ${this.most} connections tried to open more. Its further pages poll instead. ` +
        'If all readers seem to come from one address, set TRUST_PROXY; otherwise see LIMIT_SOCKETS_PER_IP.',
    );
  }
}

/** Answers on the TCP connection itself, because there is no response object before the upgrade. */
function refuse({ socket }: IncomingMessage, most: number): void {
  const body = JSON.stringify(
    problem(429, 'rate.limited', randomUUID(), {
      detail: `Your network holds ${most} open connections. Try again in 1 minute, and poll /events until then.`,
    }),
  );
  // Node removed its own listener for the upgrade, so a client that resets the connection would end the process.
  socket.on('error', () => {});
  socket.write(
    [
      'HTTP/1.1 429 Too Many Requests',
      `Content-Type: ${PROBLEM_TYPE}`,
      `Content-Length: ${Buffer.byteLength(body)}`,
      `Retry-After: ${RETRY_AFTER_SECONDS}`,
      'Cache-Control: no-store',
      'Connection: close',
      '',
      body,
    ].join('\r\n'),
  );
  socket.destroySoon();
}
