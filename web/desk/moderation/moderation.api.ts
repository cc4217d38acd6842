import { api, query, seg } from '../../shared/api.js';
import type { Comment, Page } from '../../shared/contract.js';
import type { Action, Case, Decision, LoggedDecision, DecisionInput } from './contract.js';

/** The waiting cases in the server's order; `total` counts all of them. */
export const readReported = (after: string | null, limit: number): Promise<Page<Case> & { total: number }> =>
  api.get(`/moderation/queues/reported${query({ after, limit })}`);

export const readCase = (commentId: string): Promise<Case> => api.get(`/moderation/comments/${seg(commentId)}`);

export const readDecisions = (
  action: Action | null,
  after: string | null,
  limit: number,
): Promise<Page<LoggedDecision>> => api.get(`/moderation/decisions${query({ action, after, limit })}`);

/** Sends a decision. The API requires a reason for each, so all but removals give `other`. */
export const decide = (commentId: string, input: DecisionInput): Promise<{ decision: Decision; comment: Comment }> =>
  api.post(`/moderation/comments/${seg(commentId)}/decisions`, { reason: 'other', ...input });

/** The first replies to a comment, as every reader sees them. */
export const readReplies = (commentId: string, limit: number): Promise<Page<Comment>> =>
  api.read(`/comments/${seg(commentId)}/replies${query({ limit, sort: 'oldest' })}`);
