import { Injectable } from '@nestjs/common';
import ipaddr from 'ipaddr.js';
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import { DataSource } from 'typeorm';
import { Config } from '../config/config.js';
import { poolOf } from '../database/data-source.js';
import { DomainError } from '../errors/domain-error.js';

/** An address as one key: IPv6 by its /64, which one household commands whole. */
export function addressKey(ip: string): string {
  if (!ipaddr.isValid(ip)) return 'unknown';
  const address = ipaddr.process(ip);
  if (address.kind() === 'ipv4') return address.toString();
  return (address as ipaddr.IPv6).parts
    .slice(0, 4)
    .map((it) => it.toString(16))
    .join(':');
}

/** To one address, all networks together may ask for this many times what one of them may. */
const NETWORKS = 3;

/** How often something may be asked for. Counts live in Postgres, so they hold for all nodes and over restarts. */
@Injectable()
export class RateLimits {
  private readonly limiters: Record<
    | 'post'
    | 'report'
    | 'mailToOwner'
    | 'mailToAddressFromIp'
    | 'mailToAddress'
    | 'mailFromIp'
    | 'redeem'
    | 'article'
    | 'donation'
    | 'subscription',
    RateLimiterPostgres
  >;

  constructor(config: Config, dataSource: DataSource) {
    const storeClient = poolOf(dataSource);
    const stored = (keyPrefix: string, points: number, duration: number): RateLimiterPostgres =>
      new RateLimiterPostgres({
        storeClient,
        storeType: 'pool',
        tableName: 'rate_limits',
        tableCreated: true,
        clearExpiredByTimeout: false, // a cron job clears the table
        inMemoryBlockOnConsumed: points + 1,
        keyPrefix,
        points,
        duration,
      });
    const { env } = config;
    this.limiters = {
      post: stored('post', env.LIMIT_POSTS_PER_MINUTE, 60),
      report: stored('report', env.LIMIT_REPORTS_PER_HOUR, 3_600),
      mailToOwner: stored('mail-own', env.LIMIT_MAILS_PER_ADDRESS_PER_HOUR, 3_600),
      mailToAddressFromIp: stored('mail-to-ip', env.LIMIT_MAILS_PER_ADDRESS_PER_HOUR, 3_600),
      mailToAddress: stored('mail-to', NETWORKS * env.LIMIT_MAILS_PER_ADDRESS_PER_HOUR, 3_600),
      mailFromIp: stored('mail-ip', env.LIMIT_MAILS_PER_IP_PER_HOUR, 3_600),
      redeem: stored('redeem', env.LIMIT_REDEEMS_PER_IP_PER_HOUR, 3_600),
      article: stored('article', env.LIMIT_ARTICLES_PER_IP_PER_HOUR, 3_600),
      subscription: stored('subscription', env.LIMIT_SUBSCRIPTIONS_PER_IP_PER_DAY, 86_400),
      donation: stored('donation', env.LIMIT_DONATIONS_PER_IP_PER_HOUR, 3_600),
    };
  }

  /** @throws DomainError rate.limited with the seconds to wait; a refused attempt does not lengthen the wait */
  async consume(rule: keyof RateLimits['limiters'], key: string, what: string): Promise<void> {
    try {
      await this.limiters[rule].consume(key);
    } catch (error) {
      if (!(error instanceof RateLimiterRes)) throw error;
      const seconds = Math.max(1, Math.ceil(error.msBeforeNext / 1000));
      throw new DomainError('rate.limited', 'tooMany', {
        detail: `${what} Try again in ${seconds < 120 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`}.`,
        retryAfter: seconds,
      });
    }
  }
}
