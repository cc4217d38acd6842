import { PageSession } from '../../shared/page/session.js';

type DeskAccess = 'unknown' | 'signed-out' | 'reader' | 'staff';

/** The session of a page that only staff may use. */
export class DeskSession extends PageSession {
  /** Says whether the desk opens; `unknown` until the server's first answer. */
  get access(): DeskAccess {
    if (this.account === undefined) return 'unknown';
    if (this.account === null) return 'signed-out';
    return this.account.role === 'reader' ? 'reader' : 'staff';
  }
}
