import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { row } from '../../database/rows.js';
import { RateLimits } from '../../http/rate-limits.js';
import { sha256 } from '../sessions/tokens.js';

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
    const many = 'Many mails were asked for this address.';
    if (browser && (await this.wasSignedIn(browser, email)))
      return this.limits.consume('mailToOwner', `${address}:${browser.toString('hex')}`, many);
    await this.limits.consume('mailFromIp', network, 'Many mails were asked for from your network.');
    await this.limits.consume('mailToAddressFromIp', `${address}:${network}`, many);
    await this.limits.consume('mailToAddress', address, many);
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
