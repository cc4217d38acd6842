import { createHmac, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { sha256 } from '../../accounts/sessions/tokens.js';
import { Config } from '../../config/config.js';
import { DomainError } from '../../errors/domain-error.js';
import { limitSetting } from '../../config/limit-setting.js';
import { defineLimit } from '../../http/limit.js';
import { RateLimits } from '../../http/rate-limits.js';

const DAY_MS = 86_400_000;

/** A link to a gift that does not repeat shows it for this long. */
const VALID_DAYS = 400;

const proofLimit = defineLimit({
  name: 'donation-proof',
  setting: limitSetting({
    env: 'LIMIT_WRONG_DONATION_LINKS_PER_IP_PER_HOUR',
    max: 30,
    counts: 'links to a donation with a wrong secret, opened from one network',
  }),
  per: 'hour',
  message: 'Many links to gifts that are not valid were opened from your network.',
});

/** What a proof is checked against. */
interface ProvenDonation {
  proofHash: Buffer | null;
  createdAt: Date;
  /** Whether a subscription still runs, which its donor must be able to stop. */
  repeating: boolean;
}

/**
 * The secrets in the addresses to which Stripe leads donors back. Whoever has one may see the donation and manage it,
 * without cookie and account. It stands in the fragment of the address, which browsers send neither to servers nor as
 * Referer. It is derived from a key in the environment, so that every attempt to open the payment page sends Stripe the
 * same address; the database holds only its hash.
 */
@Injectable()
export class DonationProofs {
  constructor(
    private readonly config: Config,
    private readonly limits: RateLimits,
  ) {}

  /** @param salt the donation's random bytes @returns 256 bits as 43 URL-safe letters */
  secretOf(salt: Buffer): string {
    return createHmac('sha256', this.config.stripe!.secretKey)
      .update('donation-proof')
      .update(salt)
      .digest('base64url');
  }

  hashOf(proof: string): Buffer {
    return sha256(proof);
  }

  /** Returns the address of a donation's page. @param site the site in whose look it is shown; null for the installation */
  pageOf(id: string, proof: string | null | undefined, site: string | null): string {
    return `${this.config.publicUrl}/thank-you?donation=${id}${site ? `&site=${site}` : ''}${proof ? `#proof=${proof}` : ''}`;
  }

  /**
   * Checks a proof. Wrong ones count against the network that sends them.
   * @param donation undefined when there is none, which must look like a wrong proof
   * @throws DomainError donation.proof_invalid (404), donation.proof_expired (403), rate.limited (429)
   */
  async check(proof: string, donation: ProvenDonation | undefined, now: Date, network: string): Promise<void> {
    if (!donation?.proofHash || !timingSafeEqual(donation.proofHash, sha256(proof))) {
      await this.limits.consume(proofLimit, network);
      throw new DomainError('donation.proof_invalid', 'notFound', {
        detail:
          'This link is not complete or was changed. Open the page again to which Stripe led you after the payment.',
      });
    }
    if (!donation.repeating && now.getTime() - donation.createdAt.getTime() > VALID_DAYS * DAY_MS)
      throw new DomainError('donation.proof_expired', 'forbidden', {
        detail:
          'This link has expired. Your gift is safe. Sign in with the account that gave, or write to the newsroom.',
      });
  }
}
