import { Injectable, Logger } from '@nestjs/common';
import { In } from 'typeorm';
import { row, type Tx } from '../../database/rows.js';
import { BadgeService } from '../badge/badge.service.js';
import { type Balance, type DonationState, nextState, type SessionState } from './donation-state.js';
import { DonationEntity, DonationInvoiceEntity, LedgerEntryEntity } from './donations.entity.js';
import type { StripeFact, FactOwner } from './stripe-facts.js';
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
type RecordResult = { outcome: 'applied' | 'ignored' | 'foreign' } | { waitsFor: string };

const OBJECT_LOCK = 7010;

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

  /** Records all facts of one source. When a fact must wait, its source is applied again later; recorded facts stay. */
  async record(tx: Tx, facts: StripeFact[], source: FactSource, touched: TouchedDonations): Promise<RecordResult> {
    if (!facts.length) return { outcome: 'ignored' };
    await lockObjects(tx, facts);
    if (!(await this.areOurs(tx, facts))) return { outcome: 'foreign' };
    for (const fact of facts) await this.recordOwner(tx, fact, source, touched);
    for (const fact of facts.filter((it) => it.is === 'money')) {
      const donation = await this.owner(tx, fact.parent);
      if (donation) await this.recordMoney(tx, fact, donation, source, touched);
      else return { waitsFor: Object.values(fact.parent)[0] as string };
    }
    return { outcome: 'applied' };
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

  private async areOurs(tx: Tx, facts: StripeFact[]): Promise<boolean> {
    const named = new Set(
      facts.flatMap((it) => (it.is !== 'money' ? it.donation : 'donation' in it.parent ? it.parent.donation : [])),
    );
    return (await tx.getRepository(DonationEntity).countBy({ id: In([...named]) })) === named.size;
  }

  /** Records every fact but movements of money. */
  private async recordOwner(tx: Tx, fact: StripeFact, { at }: FactSource, touched: TouchedDonations): Promise<void> {
    if (fact.is === 'invoice') {
      await tx.sql`
        insert into donation_invoices (invoice_id, donation_id) values (${fact.invoice}, ${fact.donation})
        on conflict do nothing`;
      touched.known.push(fact.invoice);
    } else if (fact.is === 'subscription') await this.subscriptions.noteChange(tx, fact.subscription, fact.donation);
    else if (fact.is === 'session') {
      // A session whose address we never received expires too; only its payment counts.
      const own = await tx.getRepository(DonationEntity).existsBy({ id: fact.donation, sessionId: fact.session });
      if (!own && fact.state !== 'paid') return;
      const it = touched.donation(fact.donation);
      it.claims.push(fact.state);
      if (fact.state === 'paid') it.paidAt = earlier(it.paidAt, at);
    }
  }

  private async owner(tx: Tx, parent: FactOwner): Promise<string | undefined> {
    if ('donation' in parent) return parent.donation;
    const found =
      'invoice' in parent
        ? await tx.getRepository(DonationInvoiceEntity).findOneBy({ invoiceId: parent.invoice })
        : await tx.getRepository(LedgerEntryEntity).findOneBy({ entryKey: `payment:${parent.payment}` });
    return found?.donationId;
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
        ${entry.kind}::text = 'payment' and (${entry.amount}::bigint, ${entry.currency}::text) <> (amount_minor, currency),
        ${source.id}::text, ${source.at}::timestamptz
      from donations where id = ${donation}
      on conflict (entry_key) do nothing returning drift`);
    if (entry.kind === 'payment') it.paidAt = earlier(it.paidAt, source.at);
    if (!written) return;
    if (written.drift)
      this.log.warn(`${entry.key} is ${entry.amount} ${entry.currency}, which differs from the requested donation.`);
    if (entry.kind === 'payment') touched.known.push(entry.payment);
  }
}

/** Serialises the writer and the waiter of one Stripe object, so that neither misses the other. */
async function lockObjects(tx: Tx, facts: StripeFact[]): Promise<void> {
  const names = facts.flatMap((it) =>
    it.is === 'invoice'
      ? it.invoice
      : it.is === 'money'
        ? [it.entry.payment, ...('invoice' in it.parent ? [it.parent.invoice] : [])]
        : [],
  );
  // Sorted names put invoices before payments, because a holder of an invoice may lock its payment next.
  for (const name of [...new Set(names)].sort())
    await tx.sql`select pg_advisory_xact_lock(${OBJECT_LOCK}, hashtext(${name}))`;
}

const earlier = (a: Date | undefined, b: Date): Date => (a && a < b ? a : b);
