import { Column, Entity, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';

@Entity('articles')
export class ArticleEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint' }) id: string;
  @Column({ type: 'text' }) key: string;
  @Column({ type: 'text' }) url: string;
  @Column({ type: 'text' }) title: string;
  /** Who gave the title. One that nobody vouches for is not shown. */
  @Column({ name: 'title_from', type: 'text', nullable: true }) titleFrom: 'publisher' | 'page' | null;
  /** Whether the page exists, as far as reading it has shown. */
  @Column({ name: 'page_state', type: 'text' }) pageState: 'unread' | 'found' | 'missing' | 'unclear';
  @Column({ name: 'page_read_at', type: 'timestamptz', nullable: true }) pageReadAt: Date | null;
  @Column({ type: 'text', nullable: true }) section: string | null;
  @Column({ name: 'published_at', type: 'timestamptz', nullable: true }) publishedAt: Date | null;
  @Column({ type: 'text' }) state: 'open' | 'closed';
  /** The position of the conversation's newest log entry. */
  @Column({ type: 'bigint' }) seq: string;
  /** The number of published comments. */
  @Column({ name: 'comment_count', type: 'integer' }) commentCount: number;
  @Column({ name: 'created_at', type: 'timestamptz' }) createdAt: Date;
}

/** An earlier key of an article. */
@Entity('article_aliases')
export class ArticleAliasEntity {
  @PrimaryColumn({ type: 'text' }) key: string;
  @Column({ name: 'article_id', type: 'bigint' }) articleId: string;
}

/** The changes of a conversation, in order. An entry holds ids only, never a text or a name. */
@Entity('conversation_log')
export class ConversationLogEntity {
  @PrimaryColumn({ name: 'article_id', type: 'bigint' }) articleId: string;
  @PrimaryColumn({ type: 'bigint' }) seq: string;
  @Column({ type: 'text' }) kind: 'comment' | 'reactions' | 'author' | 'article';
  @Column({ name: 'comment_id', type: 'bigint', nullable: true }) commentId: string | null;
  @Column({ type: 'integer', nullable: true }) revision: number | null;
  @Column({ name: 'comment_ids', type: 'bigint', array: true, nullable: true }) commentIds: string[] | null;
  @Column({ name: 'account_id', type: 'bigint', nullable: true }) accountId: string | null;
  /** Set by the database. Entries that are older than this column have none. */
  @Column({ name: 'logged_at', type: 'timestamptz', nullable: true }) loggedAt: Date | null;
}
