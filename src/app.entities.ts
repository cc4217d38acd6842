import { AccountEntity } from './accounts/profiles/account.entity.js';
import { FollowEntity } from './accounts/readers/readers.entity.js';
import { ApiKeyEntity, SessionEntity, SocketTicketEntity } from './accounts/sessions/sessions.entity.js';
import { SignInLinkEntity } from './accounts/sign-in/sign-in-link.entity.js';
import { AuditEntryEntity } from './audit/audit.entity.js';
import { ArticleAliasEntity, ArticleEntity, ConversationLogEntity } from './articles/articles.entity.js';
import {
  CommentEntity,
  CommentRevisionEntity,
  ReactionEntity,
  PendingReactionEntity,
} from './comments/model/comments.entity.js';
import { HeldCommentEntity } from './comments/model/held-comments.entity.js';
import {
  DonationEntity,
  DonationInvoiceEntity,
  DonationSubscriptionEntity,
  LedgerEntryEntity,
  StripeEventEntity,
  StripeListingEntity,
} from './donations/ledger/donations.entity.js';
import { IdempotencyKeyEntity, RateLimitEntity } from './http/request-keys.entities.js';
import { JobWorkerEntity } from './jobs/job-worker.entity.js';
import { LearnerScoreEntity, LearnerVersionEntity } from './learner/learner.entity.js';
import { DecisionEntity, ReportEntity } from './moderation/moderation.entity.js';
import { AlertBatchEntity, AlertEntity } from './notifications/alerts/alerts.entity.js';
import {
  PushKeyEntity,
  PushSubscriptionEntity,
  PushSubscriptionTopicEntity,
  TopicEntity,
} from './notifications/push/push.entity.js';
import { ReplyAlertEntity, ReplyCursorEntity, ReplyFollowerEntity } from './notifications/replies/replies.entity.js';
import { RecentTextEntity } from './screening/recent-text.entity.js';
import { SettingVersionEntity, SiteEntity } from './settings/settings.entity.js';

/** The class of every table. A test compares the classes with the database. */
export const entities = [
  AccountEntity,
  SessionEntity,
  SignInLinkEntity,
  SocketTicketEntity,
  FollowEntity,
  ApiKeyEntity,
  AuditEntryEntity,
  SiteEntity,
  SettingVersionEntity,
  RecentTextEntity,
  ArticleEntity,
  ArticleAliasEntity,
  ConversationLogEntity,
  CommentEntity,
  CommentRevisionEntity,
  ReactionEntity,
  PendingReactionEntity,
  HeldCommentEntity,
  DecisionEntity,
  ReportEntity,
  LearnerVersionEntity,
  LearnerScoreEntity,
  JobWorkerEntity,
  IdempotencyKeyEntity,
  RateLimitEntity,
  PushKeyEntity,
  TopicEntity,
  PushSubscriptionEntity,
  PushSubscriptionTopicEntity,
  AlertEntity,
  AlertBatchEntity,
  ReplyFollowerEntity,
  ReplyCursorEntity,
  ReplyAlertEntity,
  DonationEntity,
  StripeEventEntity,
  StripeListingEntity,
  LedgerEntryEntity,
  DonationInvoiceEntity,
  DonationSubscriptionEntity,
];
