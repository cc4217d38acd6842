import { Column, Entity, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';
import type { Metrics } from './evaluation.js';

/** A model that was trained. At most one is active; a newer one begins in the shadow. */
@Entity('learner_versions')
export class LearnerVersionEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint' }) id: string;
  @Column({ name: 'created_at', type: 'timestamptz' }) createdAt: Date;
  @Column({ type: 'text' }) state: 'shadow' | 'active' | 'retired';
  /** The newest decision when it was trained. */
  @Column({ name: 'last_decision_id', type: 'bigint' }) lastDecisionId: string;
  /** The newest comment when it was trained. It judges those after it. */
  @Column({ name: 'last_comment_id', type: 'bigint' }) lastCommentId: string;
  /** The decided comments that it learned from. */
  @Column({ type: 'integer' }) decided: number;
  /** The comments that stood without a decision or a report. */
  @Column({ type: 'integer' }) standing: number;
  @Column({ type: 'text' }) fingerprint: string;
  @Column({ type: 'bytea' }) weights: Buffer;
  @Column({ type: 'bytea' }) checksum: Buffer;
  @Column({ type: 'jsonb' }) metrics: Metrics;
}

/** The probability of a removal, as a version saw it before a moderator decided. */
@Entity('learner_scores')
export class LearnerScoreEntity {
  @PrimaryColumn({ name: 'version_id', type: 'bigint' }) versionId: string;
  @PrimaryColumn({ name: 'comment_id', type: 'bigint' }) commentId: string;
  @Column({ type: 'integer' }) revision: number;
  @Column({ type: 'real' }) score: number;
  @Column({ name: 'created_at', type: 'timestamptz' }) createdAt: Date;
}
