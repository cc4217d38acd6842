import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('idempotency_keys')
export class IdempotencyKeyEntity {
  @PrimaryColumn({ type: 'text' }) scope: string;
  @PrimaryColumn({ type: 'uuid' }) key: string;
  @Column({ name: 'request_hash', type: 'bytea' }) requestHash: Buffer;
  @Column({ type: 'smallint', nullable: true }) status: number | null;
  @Column({ type: 'text', nullable: true }) answer: string | null;
  @Column({ name: 'created_at', type: 'timestamptz' }) createdAt: Date;
}

/** The table that rate-limiter-flexible writes, with its column names. */
@Entity('rate_limits')
export class RateLimitEntity {
  @PrimaryColumn({ type: 'character varying', length: 255 }) key: string;
  @Column({ type: 'integer' }) points: number;
  @Column({ type: 'bigint', nullable: true }) expire: string | null;
}
