import { api } from '../../shared/api.js';
import type { Action, DecisionInput, HeldDecision } from './contract.js';

/** Reads the waiting cases in the server's order; `total` counts all of them. */
export const readReported = (after: string | null, limit: number) =>
  api.get('/moderation/queues/{name}', { path: { name: 'reported' }, query: { after, limit } });

/** Reads the texts that wait before they are public. */
export const readHeld = (after: string | null, limit: number) =>
  api.get('/moderation/held', { query: { after, limit } });

export const readHeldCase = (id: string) => api.get('/moderation/held/{id}', { path: { id } });

/** The same key on every retry of one decision. */
export const decideHeld = (id: string, decision: HeldDecision, idempotencyKey: string) =>
  api.post('/moderation/held/{id}/decisions', { path: { id }, body: decision, idempotencyKey });

export const readCase = (id: string) => api.get('/moderation/comments/{id}', { path: { id } });

export const readDecisions = (action: Action | null, after: string | null, limit: number) =>
  api.get('/moderation/decisions', { query: { action, after, limit } });

export const readReasons = () => api.get('/moderation/reasons');

export const readStatistics = () => api.get('/moderation/statistics');

/** The reason that says nothing, which every site has. */
export const OTHER = 'other';

/** Sends a decision. The API requires a reason for each, so all but removals give `other`. */
export const decide = (id: string, decision: DecisionInput) =>
  api.post('/moderation/comments/{id}/decisions', { path: { id }, body: { reason: OTHER, ...decision } });

/** Reads the first replies to a comment, as every reader sees them. */
export const readReplies = (id: string, limit: number) =>
  api.read('/comments/{id}/replies', { path: { id }, query: { limit, sort: 'oldest' } });
