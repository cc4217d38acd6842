export const HELD_STATES = ['held', 'approved', 'rejected', 'withdrawn'] as const;

/** A text that waits for a moderator, or waited for one, as services read it under its row lock. */
export interface HeldComment {
  id: string;
  articleId: string;
  parentId: string | null;
  authorId: string;
  body: string;
  state: (typeof HELD_STATES)[number];
}
