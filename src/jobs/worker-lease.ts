import { setTimeout as wait } from 'node:timers/promises';
import { connectionOptions, GuardedClient } from '../database/connection.js';
import { LOCK_CLASS } from './reaper.js';

/** The times of a lease in milliseconds. */
export interface LeaseTimes {
  /** The pause between two renewals. */
  readonly renew: number;
  /** A worker that could not renew for so long stops working. */
  readonly held: number;
  /** The others believe a worker dead that did not renew for so long, and take its jobs over. It exceeds `held`. */
  readonly dead: number;
}

/** Token of the times; tests replace its provider. */
export const LEASE_TIMES = Symbol('the times of a worker lease');
export const leaseTimes: LeaseTimes = { renew: 1_000, held: 5_000, dead: 9_000 };

// The lock is what workers of version 0.1 look at. It may be held on another connection behind a connection pooler.
const RENEW = `
  insert into job_workers (pool_id, host, seen_at) select id, $2, clock_timestamp() from unnest($1::text[]) id
  on conflict (pool_id) do update set seen_at = excluded.seen_at`;
const LOCK = `select pg_try_advisory_lock(${LOCK_CLASS}, hashtext(id)) from unnest($1::text[]) id`;
const REMOVE = `
  delete from job_workers w where pool_id = any($1)
    and ($2 or not exists (select from graphile_worker.jobs where locked_by = w.pool_id))`;

/**
 * Proves the job pools of this process alive by renewing a row of each. The worker judges by its own monotonic clock from
 * the moment before a renewal was sent, and the others by the database's clock from the moment of its writing, so a worker
 * stops before the others take over, whichever side of a connection breaks and however long the process is stopped.
 */
export class WorkerLease {
  private readonly pools: string[] = [];
  private client: GuardedClient | undefined;
  private renewedAt: number | undefined;
  /** How many of the pools this connection holds the lock of. */
  private locked = 0;
  private ended = false;
  private lost = false;
  private renewing: Promise<void> | undefined;
  private readonly watch: NodeJS.Timeout;

  constructor(
    private readonly url: string,
    private readonly host: string,
    private readonly times: LeaseTimes,
    /** Called once, when the lease is lost. */
    private readonly onLost: () => void,
  ) {
    this.watch = setInterval(() => this.isHeld, times.renew / 2).unref();
  }

  /** Whether no other worker can believe this one dead. A lost lease stays lost. */
  get isHeld(): boolean {
    if (this.lost || this.renewedAt === undefined) return false;
    if (performance.now() - this.renewedAt < this.times.held) return true;
    this.lost = true;
    clearInterval(this.watch);
    this.onLost();
    return false;
  }

  /** Opens the connection. @throws the error of the database when it is not available */
  async begin(): Promise<void> {
    try {
      await this.renew();
    } catch (error) {
      await this.end();
      throw error;
    }
    void this.keep();
  }

  /** Adds a job pool, whose row must be written before its first job is five seconds old. */
  async add(poolId: string): Promise<void> {
    this.pools.push(poolId);
    await this.renewing?.catch(() => {});
    if (!this.ended) await this.renew().catch(() => {}); // the next renewal writes it
  }

  /**
   * Ends the lease and removes its rows, so that others take jobs over at once. The rows of a lost lease stay while their
   * pool holds a job, because the time until others take it over protects its last effects.
   */
  async end(): Promise<void> {
    this.ended = true;
    clearInterval(this.watch);
    await this.renewing?.catch(() => {});
    // The connection may have broken since the last renewal, so a second one is tried.
    for (let tries = 0; this.pools.length && tries < 2; tries += 1) {
      const removed = await this.removeRows().catch(() => false);
      if (removed) break;
    }
    await this.client?.end().catch(() => {});
  }

  private async removeRows(): Promise<boolean> {
    const client = await this.connected();
    try {
      await client.query(REMOVE, [this.pools, !this.lost]);
      return true;
    } catch (error) {
      await this.drop(client);
      throw error;
    }
  }

  private async drop(client: GuardedClient): Promise<void> {
    if (this.client === client) this.client = undefined;
    await client.end().catch(() => {});
  }

  private async keep(): Promise<void> {
    for (let pause = this.times.renew; ;) {
      await wait(pause, undefined, { ref: false });
      if (this.ended || this.lost) return;
      pause = await this.renew().then(
        () => this.times.renew,
        () => this.times.renew / 5, // isHeld tells when it is too late
      );
    }
  }

  private renew(): Promise<void> {
    return (this.renewing ??= this.tryRenew().finally(() => (this.renewing = undefined)));
  }

  private async tryRenew(): Promise<void> {
    const client = await this.connected();
    const sentAt = performance.now();
    try {
      const known = [...this.pools];
      await client.query(RENEW, [known, this.host]);
      if (this.locked < known.length) await client.query(LOCK, [known.slice(this.locked)]);
      this.locked = known.length;
    } catch (error) {
      await this.drop(client);
      throw error;
    }
    // A renewal that arrives late does not revive a lease that others may have believed dead.
    if (this.renewedAt === undefined || this.isHeld) this.renewedAt = sentAt;
  }

  private async connected(): Promise<GuardedClient> {
    if (this.client) return this.client;
    // A broken connection is replaced within the time for which the lease is held.
    const client = new GuardedClient(connectionOptions(this.url, 'rostra worker life', this.times.held * 0.4, true));
    client.on('error', () => {
      if (this.client === client) this.client = undefined;
    });
    await client.connect();
    this.locked = 0;
    return (this.client = client);
  }
}
