import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A job pool of a worker process, and when it last proved itself alive by the database's clock. */
@Entity('job_workers')
export class JobWorkerEntity {
  @PrimaryColumn({ name: 'pool_id', type: 'text' })
  poolId!: string;

  /** The name of the machine or container. */
  @Column({ type: 'text' })
  host!: string;

  @Column({ name: 'seen_at', type: 'timestamptz' })
  seenAt!: Date;
}
