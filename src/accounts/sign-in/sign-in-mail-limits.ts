import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { row } from '../../database/rows.js';
import { limitSetting } from '../../config/limit-setting.js';
import { defineLimit } from '../../http/limit.js';
import { RateLimits } from '../../http/rate-limits.js';
import { mailboxKey } from '../sessions/mailbox.js';

const mailsPerAddress = limitSetting({
  env: 'LIMIT_MAILS_PER_ADDRESS_PER_HOUR',
  max: 6,
  counts:
    'mails to one mailbox that one network asks for; all networks together, three times as many. A browser that was signed in as this address has as many of its own, which no stranger can use up',
});
const toAddress = {
  setting: mailsPerAddress,
  per: 'hour',
  message: 'Many mails were requested for this address.',
} as const;

const toOwnerLimit = defineLimit({ name: 'mail-own', ...toAddress });
const toAddressFromNetworkLimit = defineLimit({ name: 'mail-to-ip', ...toAddress });
const toAddressLimit = defineLimit({ name: 'mail-to', times: 3, ...toAddress });
const fromNetworkLimit = defineLimit({
  name: 'mail-ip',
  setting: limitSetting({
    env: 'LIMIT_MAILS_PER_IP_PER_HOUR',
    max: 60,
    counts: 'mails asked for from one network (IPv6: a /64, and eight times as many from its /48)',
  }),
  per: 'hour',
  message: 'Many mails were requested from your network.',
});

/** The origin of a request for a mail. */
interface Requester {
  /** The hash of the browser's id, if it has one. */
  browser: Buffer | undefined;
  /** The counter key of the network, as `addressKey` returns it. */
  network: string;
}

/**
 * Limits how many mails an address gets, without letting strangers use up what its owner needs. A browser that was
 * signed in with the address has a limit of its own while its session row is kept, which is thirty days after its end.
 * All other requests count by network, and together against a larger limit.
 */
@Injectable()
export class SignInMailLimits {
  constructor(
    private readonly limits: RateLimits,
    private readonly dataSource: DataSource,
  ) {}

  /** Counts a mail to the address. @throws DomainError rate.limited */
  async consume(email: string, { browser, network }: Requester): Promise<void> {
    const address = mailboxKey(email);
    if (browser && (await this.wasSignedIn(browser, email)))
      return this.limits.consume(toOwnerLimit, `${address}:${browser.toString('hex')}`);
    await this.limits.consumeNetwork(fromNetworkLimit, network);
    await this.limits.consume(toAddressFromNetworkLimit, `${address}:${network}`);
    await this.limits.consume(toAddressLimit, address);
  }

  /** Tells whether the browser was signed in with the address. It runs for unknown addresses, too. */
  private async wasSignedIn(browser: Buffer, email: string): Promise<boolean> {
    return !!(await row(this.dataSource.sql`
      select 1 from accounts a join sessions s on s.account_id = a.id
      where a.email = ${email} and s.browser_hash = ${browser} limit 1`));
  }
}
