import { Injectable } from '@nestjs/common';
import ipaddr from 'ipaddr.js';
import { RateLimiterRes } from 'rate-limiter-flexible';
import { DataSource } from 'typeorm';
import { DomainError } from '../errors/domain-error.js';
import { settingOfLimit } from '../settings/limit.settings.js';
import { Settings } from '../settings/settings.service.js';
import { DatabaseCounter } from './counter.js';
import { type Limit, WINDOW_SECONDS } from './limit.js';

/** Returns the counter key of an address. An IPv6 address counts by its /64, because one household has all of it. */
export function addressKey(ip: string): string {
  if (!ipaddr.isValid(ip)) return 'unknown';
  const address = ipaddr.process(ip);
  if (address.kind() === 'ipv4') return address.toString();
  return (address as ipaddr.IPv6).parts
    .slice(0, 4)
    .map((it) => it.toString(16))
    .join(':');
}

/** A provider gives a customer a /48 at most, which is 65,536 networks of a /64. */
const WIDE_TIMES = 8;

/** Returns the counter key of the /48 around an IPv6 network, or undefined for other keys of `addressKey`. */
const wideKey = (network: string): string | undefined =>
  network.includes(':') ? `${network.split(':').slice(0, 3).join(':')}/48` : undefined;

/** Counts attempts in Postgres, so that a limit holds on all nodes and after a restart. */
@Injectable()
export class RateLimits {
  private readonly limiters = new Map<string, DatabaseCounter>();

  constructor(
    private readonly settings: Settings,
    private readonly dataSource: DataSource,
  ) {}

  /**
   * Counts one attempt.
   * @param key the counter of these attempts: an account's id, or a network's `addressKey`
   * @throws DomainError rate.limited (429) with the seconds to wait; a refused attempt does not lengthen the wait
   */
  async consume(limit: Limit, key: string): Promise<void> {
    await this.consumeOf(this.limiterOf(limit), limit, key);
  }

  /**
   * Counts one attempt of a network. An IPv6 network of a /64 also counts, with eight times as many, for its /48.
   * @param network the key that `addressKey` returns
   * @throws DomainError rate.limited (429)
   */
  async consumeNetwork(limit: Limit, network: string): Promise<void> {
    await this.consume(limit, network);
    const wide = wideKey(network);
    if (wide) await this.consumeOf(this.limiterOf(limit, WIDE_TIMES), limit, wide);
  }

  /**
   * Lets something happen once in so many seconds. An attempt that comes too early does not lengthen the wait.
   * @returns the seconds to wait; 0 when it may happen now
   */
  async pause(name: string, key: string, seconds: number): Promise<number> {
    const prefix = `${name}-${seconds}`; // another length does not wait for the end of an earlier one
    let limiter = this.limiters.get(prefix);
    if (!limiter) this.limiters.set(prefix, (limiter = this.newLimiter(prefix, 1, seconds)));
    try {
      await limiter.consume(key);
      return 0;
    } catch (error) {
      return waitOf(error);
    }
  }

  private async consumeOf(limiter: DatabaseCounter, limit: Limit, key: string): Promise<void> {
    try {
      await limiter.consume(key);
    } catch (error) {
      const seconds = waitOf(error);
      throw new DomainError('rate.limited', 'tooMany', {
        detail: `${limit.message} Try again in ${inWords(seconds)}.`,
        retryAfter: seconds,
      });
    }
  }

  private limiterOf(limit: Limit, times = 1): DatabaseCounter {
    const name = times === 1 ? limit.name : `${limit.name}-wide`;
    const points = this.settings.get(settingOfLimit(limit.setting)) * (limit.times ?? 1) * times;
    let limiter = this.limiters.get(name);
    if (limiter?.points !== points) {
      limiter = this.newLimiter(name, points, WINDOW_SECONDS[limit.per]);
      this.limiters.set(name, limiter);
    }
    return limiter;
  }

  private newLimiter(keyPrefix: string, points: number, duration: number): DatabaseCounter {
    return new DatabaseCounter(
      {
        storeClient: this.dataSource,
        storeType: 'typeorm',
        tableName: 'rate_limits',
        tableCreated: true,
        clearExpiredByTimeout: false, // a purge job clears the table
        inMemoryBlockOnConsumed: points + 1,
        keyPrefix,
        points,
        duration,
      },
      this.dataSource,
    );
  }
}

/** Returns the seconds to wait after a refusal of a counter. @throws any other error */
function waitOf(error: unknown): number {
  if (!(error instanceof RateLimiterRes)) throw error;
  return Math.max(1, Math.ceil(error.msBeforeNext / 1000));
}

/** Says a number of seconds in the largest unit that leaves at least two: "50 seconds", "4 minutes", "24 hours". */
function inWords(seconds: number): string {
  const [count, unit] =
    seconds < 120
      ? [seconds, 'second']
      : seconds < 7_200
        ? [Math.ceil(seconds / 60), 'minute']
        : [Math.ceil(seconds / 3_600), 'hour'];
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}
