import { Column, Entity, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';

@Entity('follows')
export class FollowEntity {
  @PrimaryColumn({ name: 'follower_id', type: 'bigint' }) followerId: string;
  @PrimaryColumn({ name: 'followee_id', type: 'bigint' }) followeeId: string;
  @Column({ name: 'created_at', type: 'timestamptz' }) createdAt: Date;
}

/** Append-only: what staff did to an account, and the operator; a key for a server is of no account. */
@Entity('account_actions')
export class AccountActionEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint' }) id: string;
  @Column({ name: 'account_id', type: 'bigint', nullable: true }) accountId: string | null;
  @Column({ name: 'actor_id', type: 'bigint', nullable: true }) actorId: string | null;
  @Column({ type: 'text' }) action: 'role' | 'ban' | 'unban' | 'api-key';
  @Column({ type: 'text' }) detail: string;
  @Column({ name: 'created_at', type: 'timestamptz' }) createdAt: Date;
}
