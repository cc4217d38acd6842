import { Column, Entity, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';
import type { Role } from './sessions/viewer.js';

@Entity('accounts')
export class AccountEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint' }) id: string;
  @Column({ type: 'text' }) email: string;
  @Column({ name: 'display_name', type: 'text' }) displayName: string;
  @Column({ name: 'name_skeleton', type: 'text' }) nameSkeleton: string;
  @Column({ type: 'text' }) role: Role;
  @Column({ name: 'email_verified_at', type: 'timestamptz', nullable: true }) emailVerifiedAt: Date | null;
  @Column({ type: 'boolean' }) supporter: boolean;
  @Column({ name: 'banned_at', type: 'timestamptz', nullable: true }) bannedAt: Date | null;
  @Column({ name: 'created_at', type: 'timestamptz' }) createdAt: Date;
  /** Of role, ban or face: every node polls it, so a lost hint costs half a second. */
  @Column({ name: 'changed_at', type: 'timestamptz' }) changedAt: Date;
}

/** One row is one signed-in device. */
@Entity('sessions')
export class SessionEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint' }) id: string;
  @Column({ name: 'token_hash', type: 'bytea' }) tokenHash: Buffer;
  @Column({ name: 'account_id', type: 'bigint' }) accountId: string;
  @Column({ name: 'browser_hash', type: 'bytea', nullable: true }) browserHash: Buffer | null;
  @Column({ name: 'user_agent', type: 'text', nullable: true }) userAgent: string | null;
  @Column({ name: 'created_at', type: 'timestamptz' }) createdAt: Date;
  @Column({ name: 'seen_at', type: 'timestamptz' }) seenAt: Date;
  @Column({ name: 'expires_at', type: 'timestamptz' }) expiresAt: Date;
  @Column({ name: 'ended_at', type: 'timestamptz', nullable: true }) endedAt: Date | null;
  @Column({ name: 'changed_at', type: 'timestamptz' }) changedAt: Date;
}

/** A mail's link and code. The token is made when the mail is sent, and stored as a hash. */
@Entity('sign_in_links')
export class SignInLinkEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint' }) id: string;
  @Column({ type: 'text' }) email: string;
  @Column({ type: 'text' }) purpose: 'register' | 'sign-in';
  @Column({ name: 'display_name', type: 'text', nullable: true }) displayName: string | null;
  @Column({ name: 'token_hash', type: 'bytea', nullable: true }) tokenHash: Buffer | null;
  @Column({ name: 'code_hash', type: 'bytea', nullable: true }) codeHash: Buffer | null;
  @Column({ name: 'code_tries', type: 'smallint' }) codeTries: number;
  @Column({ name: 'return_to', type: 'text', nullable: true }) returnTo: string | null;
  @Column({ name: 'created_at', type: 'timestamptz' }) createdAt: Date;
  @Column({ name: 'expires_at', type: 'timestamptz' }) expiresAt: Date;
  @Column({ name: 'used_at', type: 'timestamptz', nullable: true }) usedAt: Date | null;
}

@Entity('socket_tickets')
export class SocketTicketEntity {
  @PrimaryColumn({ name: 'ticket_hash', type: 'bytea' }) ticketHash: Buffer;
  @Column({ name: 'session_id', type: 'bigint' }) sessionId: string;
  @Column({ name: 'expires_at', type: 'timestamptz' }) expiresAt: Date;
}

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

@Entity('api_keys')
export class ApiKeyEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint' }) id: string;
  @Column({ type: 'text' }) name: string;
  @Column({ name: 'key_hash', type: 'bytea' }) keyHash: Buffer;
  @Column({ name: 'created_at', type: 'timestamptz' }) createdAt: Date;
  @Column({ name: 'revoked_at', type: 'timestamptz', nullable: true }) revokedAt: Date | null;
}
