import { Injectable, Logger } from '@nestjs/common';
import { row, type Tx } from '../../database/rows.js';
import { BadgeService } from '../badge/badge.service.js';
import { type Balance, type DonationState, nextState, type SessionState } from './donation-state.js';
import { DonationEntity } from './donations.entity.js';
import { donationOf, lockIds } from './object-owner.js';
import type { ObjectFacts, StripeFact } from './stripe-facts.js';
import { SubscriptionsService } from './subscriptions.service.js';

type MoneyFact = Extract<StripeFact, { is: 'money' }>;

/** The origin of facts: an event, or a polled session. */
export interface FactSource {
  id: string;
  at: Date;
}

/** The donations and objects that a transaction changed. `settle` evaluates them once at its end. */
export class TouchedDonations {
  readonly donations = new Map<string, { claims: SessionState[]; paidAt?: Date | undefined }>();
  /** Ids of objects that were recorded, so that events which wait for them can be applied. */
  readonly known: string[] = [];

  donation(id: string): { claims: SessionState[]; paidAt?: Date | undefined } {
    const found = this.donations.get(id) ?? { claims: [] };
    this.donations.set(id, found);
    return found;
  }
}

/**
 * `waitsFor` names the object that must be recorded first. Facts are `foreign` when they belong to no donation of ours.
 */
type RecordResult =
  { outcome: 'applied'; donation: string } | { outcome: 'ignored' | 'foreign' } | { waitsFor: string };

/** SQL: the balance of a donation. A dispute counts once it is lost. */
const BALANCE = `
  select coalesce(bool_or(kind = 'payment'), false) as paid,
    coalesce(sum(amount_minor) filter (where kind in ('payment', 'refund', 'refund_failed') or kind = 'dispute'
      and exists (select from ledger_entries lost where lost.entry_key = replace(l.entry_key, 'dispute:', 'dispute_lost:'))
    ), 0) > 0 as kept
  from ledger_entries l`;

/** Records Stripe's facts in any order: each movement of money once, and states only upwards. */
@Injectable()
export class LedgerService {
  private readonly log = new Logger('Ledger');

  constructor(
    private readonly badges: BadgeService,
    private readonly subscriptions: SubscriptionsService,
  ) {}

  /** Records all facts of one object. When its donation is not known yet, the object is applied again later. */
  async record(
    tx: Tx,
    { owner, facts, final }: ObjectFacts,
    source: FactSource,
    touched: TouchedDonations,
  ): Promise<RecordResult> {
    if (!facts.length) return { outcome: 'ignored' };
    const payments = facts.flatMap((it) => (it.is === 'money' ? it.entry.payment : []));
    await lockIds(tx, [...owner.ids, ...payments.sort()]);
    const donation = await donationOf(tx, owner);
    if (!donation) return final ? { outcome: 'foreign' } : { waitsFor: owner.ids[0]! };
    for (const fact of facts) await this.recordObject(tx, fact, donation, source, touched);
    for (const fact of facts) if (fact.is === 'money') await this.recordMoney(tx, fact, donation, source, touched);
    return { outcome: 'applied', donation };
  }

  /** Derives the states of the touched donations and the badges of their accounts from the ledger. */
  async settle(tx: Tx, touched: TouchedDonations): Promise<void> {
    // The ids are sorted, so that two transactions cannot deadlock.
    for (const [id, { claims, paidAt }] of [...touched.donations].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const before = await row<{ state: DonationState; accountId: string | null; visibility: string }>(tx.sql`
        select state, account_id as "accountId", visibility from donations where id = ${id} for no key update`);
      const balance = await row<Balance>(tx.sql`${() => BALANCE} where donation_id = ${id}`);
      const state = nextState(before!.state, claims, balance!);
      await tx.sql`
        update donations set state = ${state}, paid_at = least(paid_at, ${paidAt ?? null}::timestamptz) where id = ${id}`;
      const mayShow = before!.accountId && before!.visibility === 'public' && state !== before!.state;
      if (mayShow) await this.badges.settle(tx, before!.accountId!);
    }
  }

  /** Records every fact but movements of money. */
  private async recordObject(
    tx: Tx,
    fact: StripeFact,
    donation: string,
    { at }: FactSource,
    touched: TouchedDonations,
  ): Promise<void> {
    if (fact.is === 'invoice') {
      await tx.sql`
        insert into donation_invoices (invoice_id, donation_id) values (${fact.invoice}, ${donation})
        on conflict do nothing`;
      touched.known.push(fact.invoice);
    } else if (fact.is === 'intent') {
      await tx.sql`
        update donations set payment_intent_id = ${fact.intent}
        where id = ${donation} and payment_intent_id is distinct from ${fact.intent}`;
      touched.known.push(fact.intent);
    } else if (fact.is === 'customer') {
      await tx.sql`
        update donations set customer_id = ${fact.customer}
        where id = ${donation} and customer_id is distinct from ${fact.customer}`;
    } else if (fact.is === 'subscription') {
      await this.subscriptions.noteChange(tx, fact.subscription, donation);
      touched.known.push(fact.subscription);
    } else if (fact.is === 'session') {
      // A session whose address we never received expires too; only its payment counts.
      const own = await tx.getRepository(DonationEntity).existsBy({ id: donation, sessionId: fact.session });
      if (!own && fact.state !== 'paid') return;
      const it = touched.donation(donation);
      it.claims.push(fact.state);
      if (fact.state === 'paid') it.paidAt = earlier(it.paidAt, at);
    }
  }

  private async recordMoney(
    tx: Tx,
    { entry }: MoneyFact,
    donation: string,
    source: FactSource,
    touched: TouchedDonations,
  ) {
    const it = touched.donation(donation);
    const written = await row<{ drift: boolean }>(tx.sql`
      insert into ledger_entries
        (entry_key, donation_id, kind, payment_id, amount_minor, currency, drift, source, occurred_at)
      select ${entry.key}::text, id, ${entry.kind}::text, ${entry.payment}::text, ${entry.amount}::bigint,
        ${entry.currency}::text,
        ${entry.kind}::text = 'payment' and not exists (
          select from (
            select d.amount_minor, d.currency
            union all select s.amount_minor, s.currency from donation_subscriptions s where s.donation_id = d.id
            union all select l.amount_minor, l.currency from ledger_entries l
              where l.donation_id = d.id and l.kind = 'payment'
          ) as agreed where (agreed.amount_minor, agreed.currency) = (${entry.amount}::bigint, ${entry.currency}::text)),
        ${source.id}::text, ${source.at}::timestamptz
      from donations d where id = ${donation}
      on conflict (entry_key) do nothing returning drift`);
    if (entry.kind === 'payment') it.paidAt = earlier(it.paidAt, source.at);
    if (!written) return;
    if (written.drift)
      this.log.warn(`${entry.key} is ${entry.amount} ${entry.currency}, which differs from the requested donation.`);
    if (entry.kind === 'payment') touched.known.push(entry.payment);
  }
}

const earlier = (a: Date | undefined, b: Date): Date => (a && a < b ? a : b);
