import type { Socket } from 'node:net';
import pg from 'pg';

/** The time-out of a statement in milliseconds when none is given. */
export const STATEMENT_MS = 5_000;
const CONNECT_MS = 5_000;
/** An idle connection is probed after this long. */
const IDLE_MS = 3_000;
/** SQLSTATE of a write that a standby refuses. */
const READ_ONLY = '25006';

export interface ConnectionOptions extends pg.PoolConfig {
  /** A server that owes an answer for this long is given up; 0 waits for ever, as a migration must. */
  silenceMillis: number;
  statementMillis: number;
}

/** The time-outs that Postgres keeps. Waiting for a lock ends before a statement does, so that the place is free again. */
export const sessionTimeouts = (statementMs = STATEMENT_MS) => ({
  statement_timeout: statementMs,
  lock_timeout: Math.round(statementMs * 0.4),
  // A connection that broke in mid-transaction must not hold the row of an article for long.
  idle_in_transaction_session_timeout: Math.min(5_000, statementMs),
});

/** A pooler may be told to ignore `options`, and old ones know no other way to pass `lock_timeout`. */
const startParameters = ({ lock_timeout, ...others }: ReturnType<typeof sessionTimeouts>): pg.ClientConfig => ({
  ...others,
  options: `-c lock_timeout=${lock_timeout}`,
});

/**
 * Describes a connection or a pool whose client has time-outs of its own: Postgres cannot end a statement of a client
 * that its answers do not reach.
 * @param statementMs the most time of a statement
 * @param pooled whether a pooler in front refuses the parameters of a session
 */
export function connectionOptions(
  url: string,
  name: string,
  statementMs = STATEMENT_MS,
  pooled = false,
): ConnectionOptions {
  return {
    connectionString: url,
    application_name: name,
    Client: GuardedClient,
    keepAlive: true,
    keepAliveInitialDelayMillis: 5_000,
    connectionTimeoutMillis: Math.min(CONNECT_MS, statementMs),
    ...(pooled ? {} : startParameters(sessionTimeouts(statementMs))),
    statementMillis: statementMs,
    silenceMillis: Math.round(statementMs * 1.2),
  };
}

/** The driver's parts that its types do not name. */
interface Internals {
  readonly connection: {
    readonly stream: Socket;
    on(event: 'errorMessage', listener: (error: { code?: string }) => void): void;
  };
  /** Whether no statement is running. */
  readonly readyForQuery?: boolean;
  readonly _ending: boolean;
  /** The statements that wait behind the running one. */
  readonly _queryQueue: readonly unknown[];
  /** A pool drops a connection whose uses reach its `maxUses`, which is Infinity. */
  _poolUseCount: number;
}

/** The server owed an answer for too long, as after a failover or when a NAT forgot the connection. */
export class ConnectionSilent extends Error {
  // No ETIMEDOUT, after which graphile-worker waits for up to two minutes before it tries again.
  readonly code = 'ECONNABORTED';
  constructor() {
    super('The database did not answer on this connection, which was given up.');
  }
}

const open = new Set<GuardedClient>();

/**
 * A connection that never ends the process by an error that nobody listens to, and never waits for ever: it is destroyed
 * when an answer does not come, and probed while it is idle. The driver's own `query_timeout` keeps the connection.
 */
export class GuardedClient extends pg.Client {
  private readonly silenceMs: number;
  private quiet = 0;
  private traffic = 0;
  private probing = false;

  constructor(options: Partial<ConnectionOptions> = {}) {
    super(options);
    this.silenceMs = options.silenceMillis ?? STATEMENT_MS * 1.2;
    // Between a connection's steps through a pool nobody else listens, and an unheard error ends the process.
    this.on('error', () => {});
    this.once('connect', () => this.watch());
    // After a failover the name of the database may lead to another server, so this connection is not used again.
    this.internals.connection.on('errorMessage', ({ code }) => {
      if (code === READ_ONLY) this.internals._poolUseCount = Infinity;
    });
  }

  private get internals(): Internals {
    return this as unknown as Internals;
  }

  /**
   * Counts ticks instead of reading a clock: after a pause of this process the answers that arrived meanwhile are read
   * before the next tick.
   */
  private watch(): void {
    const idleMs = Math.min(IDLE_MS, this.silenceMs || IDLE_MS);
    const tickMs = idleMs / 3;
    const timer = setInterval(() => this.tick(tickMs, idleMs), tickMs);
    timer.unref();
    open.add(this);
    this.once('end', () => {
      clearInterval(timer);
      open.delete(this);
    });
  }

  private tick(tickMs: number, idleMs: number): void {
    const { connection, readyForQuery, _ending: ending } = this.internals;
    const traffic = connection.stream.bytesRead + connection.stream.bytesWritten;
    if (traffic !== this.traffic) {
      this.traffic = traffic;
      this.quiet = 0;
      return;
    }
    this.quiet += tickMs;
    if (ending || this.probing) {
      if (this.quiet >= idleMs) this.giveUp(tickMs);
    } else if (readyForQuery) {
      if (this.quiet >= idleMs) this.probe();
    } else if (this.silenceMs && this.quiet >= this.silenceMs) this.giveUp(tickMs);
  }

  private probe(): void {
    this.probing = true;
    // A failure is reported by the connection's error event. A statement that follows the answer is no probe.
    const answered = (): void => void (this.probing = false);
    this.query('').then(answered, () => {});
  }

  /** A repeated read must not get another suspect connection. */
  private giveUp(tickMs: number): void {
    for (const it of open)
      if (it !== this && it.host === this.host && it.isSuspectBeside(this.quiet - tickMs)) it.destroy();
    this.destroy();
  }

  /** Says whether the connection is idle and was as long without traffic as one that is given up, or is being probed. */
  private isSuspectBeside(quietMs: number): boolean {
    const { readyForQuery, _queryQueue: waiting } = this.internals;
    // A probe is traffic, so the time without it begins anew.
    return readyForQuery ? this.quiet >= quietMs : this.probing && waiting.length === 0;
  }

  private destroy(): void {
    this.internals.connection.stream.destroy(new ConnectionSilent());
  }
}
