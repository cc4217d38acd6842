import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../../clock/clock.js';
import { limitSetting } from '../../config/limit-setting.js';
import { DomainError } from '../../errors/domain-error.js';
import { defineLimit } from '../../http/limit.js';
import { RateLimits } from '../../http/rate-limits.js';

const HOUR_MS = 3_600_000;

/** How often one account or one browser may make us call Stripe. */
const ownLimit = defineLimit({
  name: 'donation-own',
  setting: limitSetting({
    env: 'LIMIT_DONATIONS_PER_BROWSER_PER_HOUR',
    max: 20,
    counts: 'donations begun by one account, or in one browser without an account',
  }),
  per: 'hour',
  message: 'You have begun many gifts.',
});

const perNetwork = limitSetting({
  env: 'LIMIT_DONATIONS_PER_IP_PER_HOUR',
  max: 200,
  counts: 'donations begun from one network by browsers that bring no cookie; ten times as many by those that do',
});

/** Many people share the network of a carrier or an office, so it has room for many browsers. */
const networkLimit = defineLimit({
  name: 'donation',
  setting: perNetwork,
  per: 'hour',
  message: 'Many gifts were begun from your network; when you sign in, you are counted on your own.',
});

/** Anybody can invent cookies, so browsers count by network too, apart from those without one. */
const browsersLimit = defineLimit({
  name: 'donation-browsers',
  setting: perNetwork,
  per: 'hour',
  times: 10,
  message: 'Very many gifts were begun from your network; when you sign in, you are counted on your own.',
});

/** Only the donor can reach this counter, so others cannot keep anybody from stopping a gift. */
const portalLimit = defineLimit({
  name: 'donation-portal',
  setting: limitSetting({
    env: 'LIMIT_PORTALS_PER_DONATION_PER_HOUR',
    max: 20,
    counts: 'pages opened to manage one donation',
  }),
  per: 'hour',
  message: 'You have opened the page to manage this gift many times.',
});

/** Counts what makes us call Stripe: by account, else by browser and then by network. */
@Injectable()
export class DonationLimits {
  private readonly log = new Logger('Donations');
  private warned = 0;

  constructor(
    private readonly limits: RateLimits,
    private readonly clock: Clock,
  ) {}

  /** @throws DomainError rate.limited */
  async countBegun(donor: {
    accountId: string | undefined;
    browserHash: Buffer | undefined;
    browserKnown: boolean;
    address: string;
  }): Promise<void> {
    if (donor.accountId !== undefined) return this.limits.consume(ownLimit, `account:${donor.accountId}`);
    const browser = donor.browserKnown ? donor.browserHash?.toString('hex') : undefined;
    if (browser !== undefined) await this.limits.consume(ownLimit, `browser:${browser}`);
    try {
      await this.limits.consumeNetwork(browser === undefined ? networkLimit : browsersLimit, donor.address);
    } catch (error) {
      if (error instanceof DomainError) this.warn(donor.address);
      throw error;
    }
  }

  /** @throws DomainError rate.limited */
  countPortal(donationId: string): Promise<void> {
    return this.limits.consume(portalLimit, donationId);
  }

  /** Names the network once an hour, because the operator's own proxy may be taken for one reader. */
  private warn(address: string): void {
    const now = this.clock.now().getTime();
    if (now - this.warned < HOUR_MS) return;
    this.warned = now;
    this.log.warn(
      `Gifts from ${address} are refused: ${networkLimit.setting.env} is reached. If this is the address of your proxy ` +
        `or CDN, set TRUST_PROXY; if many readers share it, raise the limit.`,
    );
  }
}
