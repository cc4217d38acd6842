import type { Comment } from '../../shared/contract.js';
import { session } from '../common/page.js';
import type { ThreadView } from './view.js';

/** Says whether the signed-in reader wrote the comment. */
export const isMine = (comment: Comment): boolean => !!session.account && comment.author?.id === session.account.id;

/** Says whether an edit is open. A reader who was signed out keeps it and can sign in again; another does not see it. */
export const isEditing = (view: ThreadView, comment: Comment): boolean =>
  view.panels.get(comment.id) === 'edit' &&
  (!session.account || session.account.id === view.edits.get(comment.id)?.by || isMine(comment));
