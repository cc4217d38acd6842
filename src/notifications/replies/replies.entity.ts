import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The one row of the loop that follows the conversations for reply alerts. */
@Entity('reply_follower')
export class ReplyFollowerEntity {
  @PrimaryColumn({ type: 'boolean' }) singleton: boolean;
  /** The newest comment when Rostra first followed: older ones alert nobody. */
  @Column({ name: 'began_after', type: 'bigint' }) beganAfter: string;
  /** Up to this comment everything is visible and followed. */
  @Column({ name: 'seen_to', type: 'bigint' }) seenTo: string;
}

/** Up to where an article's conversation log was followed. */
@Entity('reply_cursors')
export class ReplyCursorEntity {
  @PrimaryColumn({ name: 'article_id', type: 'bigint' }) articleId: string;
  @Column({ type: 'bigint' }) seq: string;
}

/** A reply for which an alert was put into the queue. */
@Entity('reply_alerts')
export class ReplyAlertEntity {
  @PrimaryColumn({ name: 'comment_id', type: 'bigint' }) commentId: string;
  @Column({ name: 'created_at', type: 'timestamptz' }) createdAt: Date;
}
