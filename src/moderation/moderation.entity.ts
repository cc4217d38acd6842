import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** Append-only: one row is one decision of a moderator. */
@Entity('decisions')
export class DecisionEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint' }) id: string;
  /** Null when it rejects a text that never became a comment. */
  @Column({ name: 'comment_id', type: 'bigint', nullable: true }) commentId: string | null;
  /** The text that waited, for `approve` and `reject`. */
  @Column({ name: 'held_id', type: 'bigint', nullable: true }) heldId: string | null;
  @Column({ type: 'integer' }) revision: number;
  @Column({ name: 'moderator_id', type: 'bigint' }) moderatorId: string;
  @Column({ type: 'text' }) action: string;
  /** Null for an approval. */
  @Column({ type: 'text', nullable: true }) reason: string | null;
  @Column({ type: 'text', nullable: true }) note: string | null;
  @Column({ name: 'state_before', type: 'text' }) stateBefore: string;
  @Column({ name: 'state_after', type: 'text' }) stateAfter: string;
  @Column({ name: 'created_at', type: 'timestamptz' }) createdAt: Date;
}

/** A report is open until a decision answers it. */
@Entity('reports')
export class ReportEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint' }) id: string;
  @Column({ name: 'comment_id', type: 'bigint' }) commentId: string;
  @Column({ type: 'integer' }) revision: number;
  @Column({ name: 'account_id', type: 'bigint', nullable: true }) accountId: string | null;
  /** Hash of the account, else of the browser, else of the address. It is unique for each revision. */
  @Column({ name: 'reporter_hash', type: 'bytea' }) reporterHash: Buffer;
  @Column({ type: 'text' }) reason: string;
  @Column({ type: 'text', nullable: true }) note: string | null;
  @Column({ name: 'created_at', type: 'timestamptz' }) createdAt: Date;
  @Column({ name: 'decision_id', type: 'bigint', nullable: true }) decisionId: string | null;
}
