import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** The fingerprint of a text that was posted within the last days, by which copies are found. It holds no words. */
@Entity('recent_texts')
export class RecentTextEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint' }) id: string;
  @Column({ name: 'account_id', type: 'bigint' }) accountId: string;
  @Column({ name: 'article_id', type: 'bigint' }) articleId: string;
  /** The MinHash signature. */
  @Column({ type: 'integer', array: true }) signature: number[];
  @Column({ type: 'integer', array: true }) bands: number[];
  @Column({ name: 'created_at', type: 'timestamptz' }) createdAt: Date;
}
