import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** Append-only: one row is one action of a member of staff or of the operator. */
@Entity('audit_log')
export class AuditEntryEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint' }) id: string;
  /** Null means the operator. */
  @Column({ name: 'actor_id', type: 'bigint', nullable: true }) actorId: string | null;
  @Column({ type: 'text' }) action: string;
  @Column({ name: 'subject_type', type: 'text' }) subjectType: string;
  @Column({ name: 'subject_id', type: 'text' }) subjectId: string;
  @Column({ type: 'jsonb' }) detail: object;
  @Column({ name: 'created_at', type: 'timestamptz' }) createdAt: Date;
}
