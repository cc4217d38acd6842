import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { row } from '../../database/rows.js';
import { limitSetting } from '../../config/limit-setting.js';
import { defineLimit } from '../../http/limit.js';
import { RateLimits } from '../../http/rate-limits.js';
import { sha256 } from '../sessions/tokens.js';

const mailsPerAddress = limitSetting({
  env: 'LIMIT_MAILS_PER_ADDRESS_PER_HOUR',
  max: 6,
  counts:
    'mails to one address that one network asks for; all networks together, three times as many. A browser that was signed in as this address has as many of its own, which no stranger can use up',
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
    counts: 'mails asked for from one network (IPv6: a /64)',
  }),
  per: 'hour',
  message: 'Many mails were requested from your network.',
});

/** Where a mail is asked for. */
interface Asker {
  /** The browser's hash, where it has an id. */
  browser: Buffer | undefined;
  /** As `addressKey` makes it. */
  network: string;
}

/**
 * How many mails an address gets. No stranger can use up what its owner needs: a browser that was signed in as this
 * address, within the thirty days for which its session is kept, draws on a budget of its own.
 * All others share one by network, and together a larger one that bounds what anybody can send to somebody.
 */
@Injectable()
export class SignInMailLimits {
  constructor(
    private readonly limits: RateLimits,
    private readonly dataSource: DataSource,
  ) {}

  /** @throws DomainError rate.limited */
  async spend(email: string, { browser, network }: Asker): Promise<void> {
    // Hashed: addresses may be longer than the table's keys, and need not lie about there.
    const address = sha256(email).toString('hex');
    if (browser && (await this.wasSignedIn(browser, email)))
      return this.limits.consume(toOwnerLimit, `${address}:${browser.toString('hex')}`);
    await this.limits.consume(fromNetworkLimit, network);
    await this.limits.consume(toAddressFromNetworkLimit, `${address}:${network}`);
    await this.limits.consume(toAddressLimit, address);
  }

  /** Of the few sessions of one account: by the address, then by the account. Asked for unknown addresses alike. */
  private async wasSignedIn(browser: Buffer, email: string): Promise<boolean> {
    return !!(await row(
      this.dataSource,
      `select 1 from accounts a join sessions s on s.account_id = a.id where a.email = $1 and s.browser_hash = $2 limit 1`,
      [email, browser],
    ));
  }
}
