import { Column, Entity, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';

/** A title that this installation serves. Its name, origins and looks are settings. */
@Entity('sites')
export class SiteEntity {
  @PrimaryColumn({ type: 'text' }) key: string;
  @Column({ name: 'created_at', type: 'timestamptz' }) createdAt: Date;
}

/** Append-only: one row is one change of a setting. The newest row of a key and a site is in force. */
@Entity('setting_versions')
export class SettingVersionEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint' }) id: string;
  @Column({ type: 'text' }) key: string;
  /** Null means the installation. */
  @Column({ name: 'site_key', type: 'text', nullable: true }) siteKey: string | null;
  /** Null means that the value was taken back: the site inherits, or the initial value holds. */
  @Column({ type: 'jsonb', nullable: true }) value: unknown;
  /** Null means the operator. */
  @Column({ name: 'account_id', type: 'bigint', nullable: true }) accountId: string | null;
  @Column({ type: 'text' }) reason: string;
  @Column({ name: 'created_at', type: 'timestamptz' }) createdAt: Date;
}
