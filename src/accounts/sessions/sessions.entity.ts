import { Column, Entity, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';

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

@Entity('socket_tickets')
export class SocketTicketEntity {
  @PrimaryColumn({ name: 'ticket_hash', type: 'bytea' }) ticketHash: Buffer;
  @Column({ name: 'session_id', type: 'bigint' }) sessionId: string;
  @Column({ name: 'expires_at', type: 'timestamptz' }) expiresAt: Date;
}

@Entity('api_keys')
export class ApiKeyEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint' }) id: string;
  @Column({ type: 'text' }) name: string;
  @Column({ name: 'key_hash', type: 'bytea' }) keyHash: Buffer;
  @Column({ name: 'created_at', type: 'timestamptz' }) createdAt: Date;
  @Column({ name: 'revoked_at', type: 'timestamptz', nullable: true }) revokedAt: Date | null;
}
