import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The one row with the position of the reply follower. */
@Entity('reply_follower')
export class ReplyFollowerEntity {
  @PrimaryColumn({ type: 'boolean' }) singleton: boolean;
  /** The newest comment when the follower first ran. Comments up to this one alert nobody. */
  @Column({ name: 'began_after', type: 'bigint' }) beganAfter: string;
  /** All comments up to this id are visible and were followed. */
  @Column({ name: 'seen_to', type: 'bigint' }) seenTo: string;
}

/** The position up to which an article's conversation log was followed. */
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
