import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

export type AlertState = 'draft' | 'sending' | 'sent' | 'cancelled';

/** An alert that an editor wrote for a topic, with its report. */
@Entity('alerts')
export class AlertEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint' }) id: string;
  @Column({ name: 'topic_key', type: 'text' }) topicKey: string;
  @Column({ type: 'text' }) title: string;
  @Column({ type: 'text' }) body: string;
  @Column({ type: 'text' }) url: string;
  @Column({ type: 'text' }) urgency: 'normal' | 'high';
  /** Seconds after its sending for which it is delivered. */
  @Column({ type: 'integer' }) ttl: number;
  /** The size of the payload before padding. */
  @Column({ type: 'integer' }) bytes: number;
  @Column({ name: 'author_id', type: 'bigint' }) authorId: string;
  @Column({ type: 'text' }) state: AlertState;
  @Column({ name: 'created_at', type: 'timestamptz' }) createdAt: Date;
  @Column({ name: 'sent_at', type: 'timestamptz', nullable: true }) sentAt: Date | null;
  @Column({ name: 'finished_at', type: 'timestamptz', nullable: true }) finishedAt: Date | null;
  /** The number of subscriptions when it was sent. */
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

/** A part of an alert's audience to which a job still has to send. */
@Entity('alert_batches')
export class AlertBatchEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint' }) id: string;
  @Column({ name: 'alert_id', type: 'bigint' }) alertId: string;
  /** 1 for the first attempt. */
  @Column({ type: 'smallint' }) attempt: number;
  /** Whether a push service has already called each of them ended or of another key. A second such answer counts. */
  @Column({ type: 'boolean' }) doubted: boolean;
  @Column({ type: 'bigint', array: true }) pending: string[];
  /** Whether a worker has begun it. A cancellation deletes batches that none has begun. */
  @Column({ type: 'boolean' }) begun: boolean;
}
