import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { z } from 'zod';
import { Clock } from '../../clock/clock.js';
import { rows } from '../../database/rows.js';
import type { Interval } from '../amounts/intervals.js';
import { repetitionStatusOf } from '../ledger/subscription-terms.js';
import type { RepeatingView } from './donations.schema.js';

/** An account has few recurring donations. The newest are the ones to show. */
const MOST = 10;

interface RepeatingRow {
  id: string;
  amount: string;
  currency: string;
  interval: Interval;
  status: string | null;
  collectionPaused: boolean;
  pastDueSince: Date | null;
  ending: boolean | null;
}

/** Tells an account which of its donations repeat, so that nobody begins a second one by mistake. */
@Injectable()
export class RepeatingDonationsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
  ) {}

  /** Lists the running subscriptions of an account, newest first. */
  async list(accountId: string): Promise<z.infer<typeof RepeatingView>> {
    const found = await rows<RepeatingRow>(this.dataSource.sql`
      select d.id, coalesce(s.amount_minor, d.amount_minor) as amount, coalesce(s.currency, d.currency) as currency,
        coalesce(s.recurrence, d.recurrence) as interval, s.status, s.collection_paused as "collectionPaused",
        s.past_due_since as "pastDueSince", s.cancel_at_period_end as ending
      from donations d join donation_subscriptions s on s.donation_id = d.id
      where d.account_id = ${accountId} and s.status not in ('canceled', 'incomplete_expired')
      order by d.created_at desc limit ${MOST}`);
    const now = this.clock.now();
    return {
      donations: found.map((it) => ({
        id: it.id,
        amount: Number(it.amount),
        currency: it.currency,
        interval: it.interval,
        status: repetitionStatusOf(it, now),
      })),
    };
  }
}
