import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { Logger } from '@nestjs/common';
import { clientAddress } from '../http/client-address.js';
import { PROBLEM_TYPE, problem } from '../http/problem.js';
import { addressKey } from '../http/rate-limits.js';
import { Budget } from './budget.js';

const WARN_EVERY_MS = 60_000;
const RETRY_AFTER_SECONDS = 60;
/** The number of handshakes after which networks without a connection are forgotten. */
const FORGET_EVERY = 1_000;

interface Network {
  open: number;
  handshakes: Budget;
}

/**
 * Limits the connections that one network holds open to this process. It counts networks and not browsers, because a
 * client that wants many connections drops the cookie. A refused page polls `/events` and tries again at growing
 * intervals.
 */
export class ConnectionLimit {
  private readonly log = new Logger('Live');
  private readonly networks = new Map<string, Network>();
  private handshakes = 0;
  private warned = -Infinity;

  constructor(
    /** Returns how many connections a network may hold open now. */
    private readonly limit: () => number,
    private readonly trustProxy: number,
  ) {}

  private get most(): number {
    return this.limit();
  }

  /** Counts a handshake until its connection ends, or answers it with 429. @returns whether the handshake may go on */
  admit(request: IncomingMessage): boolean {
    const key = addressKey(clientAddress(request, this.trustProxy));
    this.forgetSometimes();
    const network = this.networks.get(key) ?? { open: 0, handshakes: new Budget(this.most * 2, this.most / 20) };
    this.networks.set(key, network);
    if (network.open >= this.most || !network.handshakes.take()) {
      this.warn();
      refuse(request, this.most);
      return false;
    }
    network.open += 1;
    request.socket.once('close', () => (network.open -= 1));
    return true;
  }

  private forgetSometimes(): void {
    this.handshakes += 1;
    if (this.handshakes % FORGET_EVERY) return;
    for (const [key, { open, handshakes }] of this.networks)
      if (open === 0 && handshakes.isFull) this.networks.delete(key);
  }

  private warn(): void {
    if (performance.now() - this.warned < WARN_EVERY_MS) return;
    this.warned = performance.now();
    this.log.warn(
      `A network that holds ${this.most} connections, or opened many within a minute, tried to open more. ` +
        'Its further pages poll instead. ' +
        'If all readers seem to come from one address, set TRUST_PROXY; otherwise see LIMIT_SOCKETS_PER_IP.',
    );
  }
}

/** Answers on the TCP connection itself, because there is no response object before the upgrade. */
function refuse({ socket }: IncomingMessage, most: number): void {
  const body = JSON.stringify(
    problem(429, 'rate.limited', randomUUID(), {
      detail: `Your network opened too many connections (${most} may be open). Try again in 1 minute, and poll /events until then.`,
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
