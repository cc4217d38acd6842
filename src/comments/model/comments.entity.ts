import { Column, Entity, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';
import type { CommentState } from './visibility.js';

@Entity('comments')
export class CommentEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint' }) id: string;
  @Column({ name: 'article_id', type: 'bigint' }) articleId: string;
  @Column({ name: 'parent_id', type: 'bigint', nullable: true }) parentId: string | null;
  @Column({ name: 'root_id', type: 'bigint' }) rootId: string;
  @Column({ type: 'integer' }) depth: number;
  /** The ids from the root to the comment itself. */
  @Column({ type: 'bigint', array: true }) ancestors: string[];
  @Column({ name: 'author_id', type: 'bigint' }) authorId: string;
  @Column({ name: 'parent_author_id', type: 'bigint', nullable: true }) parentAuthorId: string | null;
  /** Plain text. It is never HTML and never rendered as HTML. */
  @Column({ type: 'text' }) body: string;
  @Column({ type: 'integer' }) revision: number;
  @Column({ type: 'text' }) state: CommentState;
  /** Set while a removal stands, also when the author deletes the comment afterwards. */
  @Column({ name: 'removal_reason', type: 'text', nullable: true }) removalReason: string | null;
  /** The words that readers saw for the reason when it was removed. Null: the comment shows no reason. */
  @Column({ name: 'removal_label', type: 'text', nullable: true }) removalLabel: string | null;
  /** The counts by kind, recounted about every second. */
  @Column({ type: 'jsonb' }) reactions: Record<string, number>;
  @Column({ type: 'integer' }) score: number;
  @Column({ type: 'double precision' }) rank: number;
  /** The number of published direct replies. */
  @Column({ name: 'reply_count', type: 'integer' }) replyCount: number;
  /** The number of direct replies in any state. It never decreases. */
  @Column({ name: 'child_count', type: 'integer' }) childCount: number;
  @Column({ name: 'created_at', type: 'timestamptz' }) createdAt: Date;
  @Column({ name: 'edited_at', type: 'timestamptz', nullable: true }) editedAt: Date | null;
  @Column({ name: 'deleted_at', type: 'timestamptz', nullable: true }) deletedAt: Date | null;
}

/** A comment's text before an edit, which the desk sees. */
@Entity('comment_revisions')
export class CommentRevisionEntity {
  @PrimaryColumn({ name: 'comment_id', type: 'bigint' }) commentId: string;
  @PrimaryColumn({ type: 'integer' }) revision: number;
  @Column({ type: 'text' }) body: string;
  @Column({ name: 'written_at', type: 'timestamptz' }) writtenAt: Date;
}

@Entity('reactions')
export class ReactionEntity {
  @PrimaryColumn({ name: 'comment_id', type: 'bigint' }) commentId: string;
  @PrimaryColumn({ name: 'account_id', type: 'bigint' }) accountId: string;
  @PrimaryColumn({ type: 'text' }) kind: string;
  @Column({ name: 'created_at', type: 'timestamptz' }) createdAt: Date;
  /** The comment's article, which never changes. */
  @Column({ name: 'article_id', type: 'bigint' }) articleId: string;
}

/** A change of a comment's reactions that ReactionCounter has not counted yet. */
@Entity('reaction_marks')
export class PendingReactionEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint' }) id: string;
  @Column({ name: 'article_id', type: 'bigint' }) articleId: string;
  @Column({ name: 'comment_id', type: 'bigint' }) commentId: string;
}
