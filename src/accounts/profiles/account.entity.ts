import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import type { Role } from '../sessions/viewer.js';

@Entity('accounts')
export class AccountEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint' }) id: string;
  /** The random id by which everybody else knows the account. The database makes it. */
  @Column({ name: 'public_id', type: 'text' }) publicId: string;
  @Column({ type: 'text' }) email: string;
  @Column({ name: 'display_name', type: 'text' }) displayName: string;
  @Column({ name: 'name_skeleton', type: 'text' }) nameSkeleton: string;
  @Column({ type: 'text' }) role: Role;
  @Column({ name: 'email_verified_at', type: 'timestamptz', nullable: true }) emailVerifiedAt: Date | null;
  @Column({ type: 'boolean' }) supporter: boolean;
  @Column({ name: 'banned_at', type: 'timestamptz', nullable: true }) bannedAt: Date | null;
  @Column({ name: 'created_at', type: 'timestamptz' }) createdAt: Date;
  /** When role, ban, name or badge last changed. Every node polls it, so a lost event delays a change by half a second. */
  @Column({ name: 'changed_at', type: 'timestamptz' }) changedAt: Date;
}
