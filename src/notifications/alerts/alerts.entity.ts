import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

export type AlertState = 'draft' | 'sending' | 'sent' | 'cancelled';

/** What an editor sends to a topic, with its report. */
@Entity('alerts')
export class AlertEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint' }) id: string;
  @Column({ name: 'topic_key', type: 'text' }) topicKey: string;
  @Column({ type: 'text' }) title: string;
  @Column({ type: 'text' }) body: string;
  @Column({ type: 'text' }) url: string;
  @Column({ type: 'text' }) urgency: 'normal' | 'high';
  /** Seconds from its sending, after which nobody gets it any more. */
  @Column({ type: 'integer' }) ttl: number;
  /** Of the payload, before padding. */
  @Column({ type: 'integer' }) bytes: number;
  @Column({ name: 'author_id', type: 'bigint' }) authorId: string;
  @Column({ type: 'text' }) state: AlertState;
  @Column({ name: 'created_at', type: 'timestamptz' }) createdAt: Date;
  @Column({ name: 'sent_at', type: 'timestamptz', nullable: true }) sentAt: Date | null;
  @Column({ name: 'finished_at', type: 'timestamptz', nullable: true }) finishedAt: Date | null;
  /** How many it was for when it was sent. */
  @Column({ type: 'integer', nullable: true }) audience: number | null;
  /** The last subscription that was put into a batch. */
  @Column({ name: 'divided_to', type: 'bigint' }) dividedTo: string;
  @Column({ type: 'boolean' }) divided: boolean;
  @Column({ type: 'integer' }) targeted: number;
  @Column({ type: 'integer' }) accepted: number;
  @Column({ type: 'integer' }) gone: number;
  @Column({ type: 'integer' }) failed: number;
  @Column({ type: 'integer' }) expired: number;
  @Column({ type: 'integer' }) cancelled: number;
}

/** A part of an alert's audience that is still to be reached; it has a job of its own. */
@Entity('alert_batches')
export class AlertBatchEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint' }) id: string;
  @Column({ name: 'alert_id', type: 'bigint' }) alertId: string;
  /** 1 at the first try of these subscriptions. */
  @Column({ type: 'smallint' }) attempt: number;
  /** A push service gave a verdict on each of them before; a second one is believed. */
  @Column({ type: 'boolean' }) doubted: boolean;
  @Column({ type: 'bigint', array: true }) pending: string[];
  /** A worker has it, or had it when it died; before that a cancellation can simply take it away. */
  @Column({ type: 'boolean' }) begun: boolean;
}
