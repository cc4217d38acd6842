import { PageSession } from '../shared/page/session.js';

export type DeskAccess = 'unknown' | 'out' | 'reader' | 'staff';

/** The session of a page that only staff may use. */
export class DeskSession extends PageSession {
  get standing(): DeskAccess {
    if (this.account === undefined) return 'unknown';
    if (this.account === null) return 'out';
    return this.account.role === 'reader' ? 'reader' : 'staff';
  }

  /** An editor or an admin may send alerts to readers' browsers, beside moderating. */
  get isEditor(): boolean {
    return this.account?.role === 'editor' || this.account?.role === 'admin';
  }
}
