import { Observable } from '../../shared/observable.js';
import { asProblem, type ApiProblem } from '../../shared/problem.js';
import { createSite } from './settings.api.js';

/** The form by which an administrator adds a site. */
export class SiteForm extends Observable {
  isOpen = false;
  key = '';
  problem: ApiProblem | undefined;
  sending = false;

  constructor(private readonly onAdded: (key: string) => void) {
    super();
  }

  open(): void {
    this.isOpen = true;
    this.changed();
  }

  close(): void {
    this.isOpen = false;
    this.key = '';
    this.problem = undefined;
    this.changed();
  }

  type(key: string): void {
    this.key = key;
    this.problem = undefined;
    this.changed();
  }

  async send(): Promise<void> {
    if (this.sending || !this.key.trim()) return;
    this.sending = true;
    this.changed();
    try {
      const { key } = await createSite(this.key.trim());
      this.close();
      this.onAdded(key);
    } catch (error) {
      this.problem = asProblem(error);
    } finally {
      this.sending = false;
      this.changed();
    }
  }
}
