import { Column, Entity, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';
import type { DonationState } from './donation-state.js';
import type { Interval } from '../amounts/intervals.js';
import type { EntryKind } from './stripe-facts.js';

/** A donation that was begun or paid. */
@Entity('donations')
export class DonationEntity {
  /** Unguessable: 144 bits. */
  @PrimaryColumn({ type: 'text' }) id: string;
  @Column({ name: 'account_id', type: 'bigint', nullable: true }) accountId: string | null;
  @Column({ name: 'browser_hash', type: 'bytea', nullable: true }) browserHash: Buffer | null;
  @Column({ name: 'request_scope', type: 'text' }) requestScope: string;
  @Column({ name: 'request_key', type: 'uuid', nullable: true }) requestKey: string | null;
  @Column({ name: 'request_hash', type: 'bytea' }) requestHash: Buffer;
  @Column({ name: 'amount_minor', type: 'bigint' }) amountMinor: string;
  @Column({ type: 'text' }) currency: string;
  @Column({ type: 'text' }) recurrence: Interval;
  @Column({ type: 'text' }) country: string;
  /** The version and the group of the amounts and appeal that the donor saw. */
  @Column({ type: 'text' }) variant: string;
  @Column({ type: 'text' }) visibility: 'anonymous' | 'public';
  @Column({ name: 'article_id', type: 'bigint', nullable: true }) articleId: string | null;
  @Column({ name: 'return_url', type: 'text' }) returnUrl: string;
  @Column({ type: 'text' }) state: DonationState;
  /** The n of Stripe's key `don:<id>:cs:<n>`. */
  @Column({ name: 'checkout_attempt', type: 'smallint' }) checkoutAttempt: number;
  /** Until this time one request may open the session at Stripe. */
  @Column({ name: 'leased_until', type: 'timestamptz', nullable: true }) leasedUntil: Date | null;
  @Column({ name: 'session_id', type: 'text', nullable: true }) sessionId: string | null;
  /** The payer at Stripe, which ties later objects to the donation. */
  @Column({ name: 'customer_id', type: 'text', nullable: true }) customerId: string | null;
  /** The payment intent of the session, known before its money arrives. */
  @Column({ name: 'payment_intent_id', type: 'text', nullable: true }) paymentIntentId: string | null;
  /** Random bytes from which the secret of the way back is derived; null for donations from before it. */
  @Column({ name: 'proof_salt', type: 'bytea', nullable: true }) proofSalt: Buffer | null;
  @Column({ name: 'proof_hash', type: 'bytea', nullable: true }) proofHash: Buffer | null;
  @Column({ name: 'checkout_url', type: 'text', nullable: true }) checkoutUrl: string | null;
  /** When the session was last polled at Stripe. */
  @Column({ name: 'asked_at', type: 'timestamptz', nullable: true }) askedAt: Date | null;
  @Column({ name: 'created_at', type: 'timestamptz' }) createdAt: Date;
  @Column({ name: 'paid_at', type: 'timestamptz', nullable: true }) paidAt: Date | null;
}

/** An event with the bytes that Stripe sent. */
@Entity('stripe_events')
export class StripeEventEntity {
  @PrimaryColumn({ type: 'text' }) id: string;
  @Column({ type: 'text' }) type: string;
  @Column({ name: 'api_version', type: 'text', nullable: true }) apiVersion: string | null;
  @Column({ name: 'created_at', type: 'timestamptz' }) createdAt: Date;
  @Column({ name: 'received_at', type: 'timestamptz' }) receivedAt: Date;
  @Column({ type: 'json' }) payload: object;
  @Column({ name: 'waits_for', type: 'text', nullable: true }) waitsFor: string | null;
  @Column({ type: 'text', nullable: true }) outcome: 'applied' | 'ignored' | 'foreign' | null;
  @Column({ name: 'processed_at', type: 'timestamptz', nullable: true }) processedAt: Date | null;
}

/** The one row that holds the time up to which Stripe's events were listed. */
@Entity('stripe_listing')
export class StripeListingEntity {
  @PrimaryColumn({ type: 'smallint' }) id: number;
  @Column({ name: 'read_to', type: 'timestamptz' }) readTo: Date;
}

/** A movement of money. The table is append-only. */
@Entity('ledger_entries')
export class LedgerEntryEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint' }) id: string;
  @Column({ name: 'entry_key', type: 'text' }) entryKey: string;
  @Column({ name: 'donation_id', type: 'text' }) donationId: string;
  @Column({ type: 'text' }) kind: EntryKind;
  /** The payment intent at Stripe that moved the money. */
  @Column({ name: 'payment_id', type: 'text' }) paymentId: string;
  @Column({ name: 'amount_minor', type: 'bigint' }) amountMinor: string;
  @Column({ type: 'text' }) currency: string;
  /** Whether a payment differs in amount or currency from the donation, from its subscription and from earlier payments. */
  @Column({ type: 'boolean' }) drift: boolean;
  /** The id of the event or of the polled session that brought it first. */
  @Column({ type: 'text' }) source: string;
  @Column({ name: 'occurred_at', type: 'timestamptz' }) occurredAt: Date;
  @Column({ name: 'recorded_at', type: 'timestamptz' }) recordedAt: Date;
}

@Entity('donation_invoices')
export class DonationInvoiceEntity {
  @PrimaryColumn({ name: 'invoice_id', type: 'text' }) invoiceId: string;
  @Column({ name: 'donation_id', type: 'text' }) donationId: string;
}

@Entity('donation_subscriptions')
export class DonationSubscriptionEntity {
  @PrimaryColumn({ type: 'text' }) id: string;
  @Column({ name: 'donation_id', type: 'text' }) donationId: string;
  @Column({ type: 'text', nullable: true }) status: string | null;
  @Column({ name: 'cancel_at_period_end', type: 'boolean', nullable: true }) cancelAtPeriodEnd: boolean | null;
  @Column({ name: 'current_period_end', type: 'timestamptz', nullable: true }) currentPeriodEnd: Date | null;
  /** The amount of the next renewal, which may differ from the one that the donor chose. */
  @Column({ name: 'amount_minor', type: 'bigint', nullable: true }) amountMinor: string | null;
  @Column({ type: 'text', nullable: true }) currency: string | null;
  /** Null also when the interval is neither a month nor a year. */
  @Column({ type: 'text', nullable: true }) recurrence: Interval | null;
  /** Whether staff paused the collection at Stripe, which leaves the status as it is. */
  @Column({ name: 'collection_paused', type: 'boolean', default: false }) collectionPaused: boolean;
  @Column({ name: 'past_due_since', type: 'timestamptz', nullable: true }) pastDueSince: Date | null;
  @Column({ type: 'integer' }) news: number;
  @Column({ type: 'integer' }) seen: number;
  @Column({ type: 'integer' }) lease: number;
  @Column({ name: 'leased_until', type: 'timestamptz', nullable: true }) leasedUntil: Date | null;
  @Column({ name: 'refreshed_at', type: 'timestamptz', nullable: true }) refreshedAt: Date | null;
}
