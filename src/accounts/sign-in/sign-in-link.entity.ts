import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** The link and the code of a mail. Both are created when the mail is sent, and stored as hashes. */
@Entity('sign_in_links')
export class SignInLinkEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint' }) id: string;
  @Column({ type: 'text' }) email: string;
  @Column({ type: 'text' }) purpose: 'register' | 'sign-in';
  @Column({ name: 'display_name', type: 'text', nullable: true }) displayName: string | null;
  @Column({ name: 'token_hash', type: 'bytea', nullable: true }) tokenHash: Buffer | null;
  @Column({ name: 'code_hash', type: 'bytea', nullable: true }) codeHash: Buffer | null;
  /** The browser that asked for the mail. */
  @Column({ name: 'browser_hash', type: 'bytea', nullable: true }) browserHash: Buffer | null;
  /** The codes that this browser tried. */
  @Column({ name: 'code_tries', type: 'smallint' }) codeTries: number;
  /** The codes that all other browsers tried. */
  @Column({ name: 'stranger_tries', type: 'smallint' }) strangerTries: number;
  @Column({ name: 'return_to', type: 'text', nullable: true }) returnTo: string | null;
  @Column({ name: 'created_at', type: 'timestamptz' }) createdAt: Date;
  @Column({ name: 'expires_at', type: 'timestamptz' }) expiresAt: Date;
  @Column({ name: 'used_at', type: 'timestamptz', nullable: true }) usedAt: Date | null;
}
