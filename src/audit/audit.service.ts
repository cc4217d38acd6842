import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/rows.js';
import { AuditEntryEntity } from './audit.entity.js';

/**
 * Every action that the audit log knows, with the details that it keeps. The word before the dot is the type of the
 * subject. To record a new action, add a line here.
 */
export interface AuditActions {
  /** `from` is null for an account that the operator has just created. */
  'account.set-role': { from: string | null; to: string };
  'account.ban': { reason: string };
  'account.unban': { reason: string };
  'api-key.create': { name: string };
  /** The key and the address of the conversation that was joined into the subject. */
  'article.join': { key: string; url: string };
  /** The operator gave a dead job its attempts back. */
  'job.retry': { name: string };
  /** `version` is the row of setting_versions, and `site` null for the installation. */
  'setting.change': { site: string | null; version: string };
  'site.create': Record<string, never>;
  'comment.remove': DecisionDetail;
  'comment.restore': DecisionDetail;
  'comment.keep': DecisionDetail;
  /** A moderator's decision on a text that waited. The subject is the text, and `commentId` the comment that it became. */
  'held.approve': { decisionId: string; commentId: string };
  'held.reject': DecisionDetail;
}

/** A moderator's decision; its note stays in the table `decisions` alone. */
interface DecisionDetail {
  decisionId: string;
  reason: string;
}

export interface AuditEntry<Action extends keyof AuditActions> {
  /** The account that acted, or null for the operator at the command line. */
  actorId: string | null;
  action: Action;
  subjectId: string;
  detail: AuditActions[Action];
}

/**
 * The audit log: what staff and the operator did, to what and when. This service is the only writer of the table
 * `audit_log`, which refuses updates and deletions.
 */
@Injectable()
export class AuditService {
  /** Adds an entry in the transaction of the change that it describes, so that neither exists without the other. */
  async record<Action extends keyof AuditActions>(
    tx: Tx,
    { actorId, action, subjectId, detail }: AuditEntry<Action>,
  ): Promise<void> {
    const subjectType = action.slice(0, action.indexOf('.'));
    await tx.getRepository(AuditEntryEntity).insert({ actorId, action, subjectType, subjectId, detail });
  }
}
