import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import type { HeldComment } from './held-comment.js';

/** A text that waits for a moderator, or waited for one. It is no comment before it is approved. */
@Entity('held_comments')
export class HeldCommentEntity implements HeldComment {
  @PrimaryGeneratedColumn('identity', { type: 'bigint' }) id: string;
  @Column({ name: 'article_id', type: 'bigint' }) articleId: string;
  @Column({ name: 'parent_id', type: 'bigint', nullable: true }) parentId: string | null;
  @Column({ name: 'author_id', type: 'bigint' }) authorId: string;
  /** Empty when the comment has the text, when its author took it back, and thirty days after a rejection. */
  @Column({ type: 'text' }) body: string;
  /** The code of the rule that held it. */
  @Column({ type: 'text' }) rule: string;
  /** Complete sentences for the author: why it waits. */
  @Column({ type: 'text' }) reason: string;
  @Column({ type: 'text' }) state: HeldComment['state'];
  @Column({ name: 'created_at', type: 'timestamptz' }) createdAt: Date;
  @Column({ name: 'decided_at', type: 'timestamptz', nullable: true }) decidedAt: Date | null;
  /** The comment that it became. */
  @Column({ name: 'comment_id', type: 'bigint', nullable: true }) commentId: string | null;
}
