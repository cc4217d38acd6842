export const ROLES = ['reader', 'moderator', 'editor', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** Tells whether a role includes the rights of another. Each role adds rights to the one before it. */
export const atLeast = (role: Role, needed: Role): boolean => ROLES.indexOf(role) >= ROLES.indexOf(needed);

/** A live session and its account, read again for every request and every socket action. */
export interface Viewer {
  sessionId: string;
  /** When the session ends if it is not used again. */
  expiresAt: Date;
  /** The key of the account's row, which no answer shows. */
  accountId: string;
  /** The id by which others know the account. */
  publicId: string;
  /** Never shown to others. */
  email: string;
  displayName: string;
  role: Role;
  emailVerified: boolean;
  supporter: boolean;
}

/** An account in the form that its own browser gets (GET /session and the `session` frame). */
export interface SessionAccount {
  id: string;
  displayName: string;
  role: Role;
  emailVerified: boolean;
  supporter: boolean;
}

export const sessionAccount = (viewer: Viewer): SessionAccount => ({
  id: viewer.publicId,
  displayName: viewer.displayName,
  role: viewer.role,
  emailVerified: viewer.emailVerified,
  supporter: viewer.supporter,
});
