export const ROLES = ['reader', 'moderator', 'editor', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** Whether a role includes another's rights: each one adds to the one before. */
export const atLeast = (role: Role, needed: Role): boolean => ROLES.indexOf(role) >= ROLES.indexOf(needed);

/** Who is asking: a live session and its account, read afresh for every request and every socket action. */
export interface Viewer {
  sessionId: string;
  /** When the session ends unless it is used; use moves it on. */
  expiresAt: Date;
  accountId: string;
  displayName: string;
  role: Role;
  emailVerified: boolean;
  supporter: boolean;
}

/** An account as its own browser sees it (GET /session, the `session` frame). */
export interface SessionAccount {
  id: string;
  displayName: string;
  role: Role;
  emailVerified: boolean;
  supporter: boolean;
}

export const sessionAccount = (viewer: Viewer): SessionAccount => ({
  id: viewer.accountId,
  displayName: viewer.displayName,
  role: viewer.role,
  emailVerified: viewer.emailVerified,
  supporter: viewer.supporter,
});
