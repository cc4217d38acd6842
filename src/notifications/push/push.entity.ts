import { Column, Entity, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';

/** A VAPID key pair in base64url. */
@Entity('push_keys')
export class PushKeyEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint' }) id: string;
  @Column({ name: 'public_key', type: 'text' }) publicKey: string;
  @Column({ name: 'private_key', type: 'text' }) privateKey: string;
  @Column({ name: 'created_at', type: 'timestamptz' }) createdAt: Date;
  @Column({ name: 'retired_at', type: 'timestamptz', nullable: true }) retiredAt: Date | null;
}

@Entity('topics')
export class TopicEntity {
  @PrimaryColumn({ type: 'text' }) key: string;
  @Column({ type: 'text' }) name: string;
  @Column({ type: 'text' }) description: string;
  @Column({ name: 'signed_in', type: 'boolean' }) signedIn: boolean;
  @Column({ type: 'smallint' }) position: number;
}

/** The push subscription of one browser. */
@Entity('push_subscriptions')
export class PushSubscriptionEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint' }) id: string;
  /** 192 random bits. Knowing it allows reading, changing and ending the subscription. */
  @Column({ name: 'public_id', type: 'text' }) publicId: string;
  /** A secret, because with the keys it allows sending to this browser. */
  @Column({ type: 'text' }) endpoint: string;
  @Column({ name: 'endpoint_hash', type: 'bytea' }) endpointHash: Buffer;
  @Column({ type: 'text' }) p256dh: string;
  @Column({ type: 'text' }) auth: string;
  @Column({ name: 'key_id', type: 'bigint' }) keyId: string;
  /** The account that was signed in at the browser's last visit. */
  @Column({ name: 'account_id', type: 'bigint', nullable: true }) accountId: string | null;
  @Column({ name: 'browser_hash', type: 'bytea', nullable: true }) browserHash: Buffer | null;
  /** An IANA time zone; null when the browser does not say. */
  @Column({ name: 'time_zone', type: 'text', nullable: true }) timeZone: string | null;
  @Column({ type: 'text' }) state: 'active' | 'gone' | 'key_mismatch';
  @Column({ name: 'state_reason', type: 'text', nullable: true }) stateReason: string | null;
  @Column({ name: 'created_at', type: 'timestamptz' }) createdAt: Date;
  @Column({ name: 'seen_at', type: 'timestamptz' }) seenAt: Date;
  @Column({ name: 'changed_at', type: 'timestamptz' }) changedAt: Date;
}

@Entity('push_subscription_topics')
export class PushSubscriptionTopicEntity {
  @PrimaryColumn({ name: 'topic_key', type: 'text' }) topicKey: string;
  @PrimaryColumn({ name: 'subscription_id', type: 'bigint' }) subscriptionId: string;
}
