import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { z } from 'zod';
import { Clock } from '../clock/clock.js';
import { row } from '../database/rows.js';
import { notFound } from '../errors/domain-error.js';
import { AskSessionJob } from './ask-session.job.js';
import { type DonationState, statusOf } from './donation-state.js';
import type { DonationView } from './donations.schema.js';
import type { Interval } from './gift-table.js';

/** Who looks. */
export interface Looker {
  accountId: string | undefined;
  browserHash: Buffer | undefined;
}

interface Gift {
  id: string;
  accountId: string | null;
  browserHash: Buffer | null;
  state: DonationState;
  amount: string;
  currency: string;
  recurrence: Interval;
  visibility: 'anonymous' | 'public';
  createdAt: Date;
  paidAt: Date | null;
  askedAt: Date | null;
  sessionId: string | null;
  leasedUntil: Date | null;
  url: string | null;
  title: string | null;
}

const GIFT = `
  select d.id, d.account_id as "accountId", d.browser_hash as "browserHash", d.state, d.amount_minor as amount,
    d.currency, d.recurrence, d.visibility, d.created_at as "createdAt", d.paid_at as "paidAt",
    d.asked_at as "askedAt", d.session_id as "sessionId",
    d.leased_until as "leasedUntil", a.url, a.title
  from donations d left join articles a on a.id = d.article_id where d.id = $1`;

/** Shows a gift to its maker, as the database knows it: what a redirect says proves nothing (donations R9). */
@Injectable()
export class ViewingService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly asking: AskSessionJob,
    private readonly clock: Clock,
  ) {}

  /** @throws DomainError donation.not_found, to everyone but its maker */
  async view(id: string, looker: Looker): Promise<z.infer<typeof DonationView>> {
    const gift = await row<Gift>(this.dataSource, GIFT, [id]);
    if (!gift || !isMaker(gift, looker)) throw notFound('donation');
    const coming = gift.leasedUntil && gift.leasedUntil > this.clock.now();
    const status = statusOf(gift.state, gift.sessionId ? 'open' : coming ? 'coming' : 'none');
    if (status === 'pending' && gift.sessionId) await this.asking.askSoon(gift);
    return {
      id: gift.id,
      status,
      amount: Number(gift.amount),
      currency: gift.currency,
      interval: gift.recurrence,
      visibility: gift.visibility,
      article: gift.url ? { url: gift.url, title: gift.title ?? '' } : null,
      createdAt: gift.createdAt.toISOString(),
      paidAt: gift.paidAt?.toISOString() ?? null,
    };
  }
}

const isMaker = (gift: Gift, { accountId, browserHash }: Looker): boolean =>
  (accountId !== undefined && accountId === gift.accountId) ||
  (browserHash !== undefined && gift.browserHash !== null && browserHash.equals(gift.browserHash));
