import { tellTabs } from '../pages/parts/tabs.js';
import { api } from '../shared/api.js';
import type { Account } from '../shared/contract.js';
import { asProblem, type ApiProblem } from '../shared/problem.js';
import { coalesce, Observable } from '../shared/observable.js';

export type DeskAccess = 'unknown' | 'out' | 'reader' | 'staff';

/** Who sits at the desk, read from the server whenever a hint, a refusal or a new connection suggests it. */
export class DeskSession extends Observable {
  account: Account | null | undefined;
  /** Why the last reading failed; what was known before stays. */
  problem: ApiProblem | undefined;

  get standing(): DeskAccess {
    if (this.account === undefined) return 'unknown';
    if (this.account === null) return 'out';
    return this.account.role === 'reader' ? 'reader' : 'staff';
  }

  /** May write to readers' browsers, beside moderating. */
  get isEditor(): boolean {
    return this.account?.role === 'editor' || this.account?.role === 'admin';
  }

  /** Counts what this page learnt by acting: an answer that was asked for earlier is asked for again. */
  #epoch = 0;

  readonly refresh = coalesce(async () => {
    try {
      let epoch;
      let account;
      do {
        epoch = this.#epoch;
        ({ account } = await api.get<{ account: Account | null }>('/session'));
      } while (epoch !== this.#epoch);
      const same = JSON.stringify(account) === JSON.stringify(this.account) && !this.problem;
      this.account = account;
      this.problem = undefined;
      if (!same) this.changed();
    } catch (error) {
      this.problem = asProblem(error);
      this.changed();
    }
  });

  /** A sign-in that has just answered: no need to ask again. */
  begin(account: Account): void {
    this.#epoch += 1;
    this.account = account;
    this.problem = undefined;
    tellTabs();
    this.changed();
  }

  /** Signs out in every tab of this browser. Rejects with a problem where that failed. */
  async signOut(): Promise<void> {
    await api.delete('/session');
    this.#epoch += 1;
    this.account = null;
    tellTabs();
    this.changed();
  }
}
