import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { Logger } from '@nestjs/common';
import { clientAddress } from '../http/client-address.js';
import { PROBLEM_TYPE, problem } from '../http/problem.js';
import { addressKey } from '../http/rate-limits.js';

const WARN_EVERY_MS = 60_000;
const RETRY_AFTER_SECONDS = 60;

/**
 * How many connections one network holds open here. No browser's id is asked for: who wants many drops
 * the cookie. Whoever is refused reads on by `/events`, and their page tries again ever more seldom.
 */
export class ConnectionLimit {
  private readonly log = new Logger('Live');
  private readonly open = new Map<string, number>();
  private warned = -Infinity;

  constructor(
    private readonly most: number,
    private readonly trustProxy: number,
  ) {}

  /** Counts a handshake until its connection ends, or answers it with 429. @returns whether it may go on */
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
      `A network that holds ${this.most} connections asked for more; it reads by polling. ` +
        'Where all readers seem to come from one address, TRUST_PROXY is not set; else see LIMIT_SOCKETS_PER_IP.',
    );
  }
}

/** Nothing but the TCP connection can answer: before the upgrade there is no response. */
function refuse({ socket }: IncomingMessage, most: number): void {
  const body = JSON.stringify(
    problem(429, 'rate.limited', randomUUID(), {
      detail: `Your network holds ${most} connections open. Read /events meanwhile, and try again in a minute.`,
    }),
  );
  // For an upgrade Node took its own listener away: the reset of who does not wait would end the process.
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
