import { asProblem, type ApiProblem } from '../../shared/problem.js';
import { coalesce, Observable } from '../../shared/observable.js';
import { readAlert, readAlerts } from './alerts.api.js';
import type { Alert } from './contract.js';
import { moreAdvanced, isRunning } from './progress.js';

const PAGE = 30;

/** The alerts as they were read last, newest first, and the open one if it is not among the loaded pages. */
export class AlertStore extends Observable {
  problem: ApiProblem | undefined;
  readAt: number | undefined;
  next: string | null = null;
  /** The problems with alerts that could not be read by their id. */
  readonly problems = new Map<string, ApiProblem>();
  #ids: string[] = [];
  readonly #known = new Map<string, Alert>();

  get items(): Alert[] {
    return this.#ids.flatMap((id) => this.#known.get(id) ?? []);
  }

  /** The alerts whose counts still change. */
  get running(): Alert[] {
    return [...this.#known.values()].filter(isRunning);
  }

  find(id: string | null): Alert | undefined {
    return id === null ? undefined : this.#known.get(id);
  }

  /** Takes an alert that the server has answered with. A new alert goes on top of the list. */
  take(alert: Alert): void {
    if (this.readAt && !this.#known.has(alert.id)) this.#ids.unshift(alert.id);
    this.#keepNewest(alert);
    this.problems.delete(alert.id);
    this.changed();
  }

  /** Reads one alert. @returns it, or undefined on failure: `problems` says why */
  async read(id: string): Promise<Alert | undefined> {
    try {
      const alert = await readAlert(id);
      this.#keepNewest(alert);
      this.problems.delete(id);
      return this.find(id);
    } catch (error) {
      this.problems.set(id, asProblem(error));
      return undefined;
    } finally {
      this.changed();
    }
  }

  /** Reads the newest page. If more alerts are new than it holds, the list starts again from it. */
  readonly refresh = coalesce(async () => {
    try {
      const page = await readAlerts(null, PAGE);
      const read = new Set(page.items.map((it) => it.id));
      const older = this.#ids.filter((id) => !read.has(id));
      const joins = older.length < this.#ids.length;
      for (const it of page.items) this.#keepNewest(it);
      this.#ids = joins ? [...read, ...older] : [...read];
      if (!joins) this.next = page.next;
      this.readAt = Date.now();
      this.problem = undefined;
    } catch (error) {
      this.problem = asProblem(error);
    }
    this.changed();
  });

  readonly older = coalesce(async () => {
    if (!this.next) return;
    try {
      const page = await readAlerts(this.next, PAGE);
      for (const it of page.items) this.#keepNewest(it);
      this.#ids = [...new Set([...this.#ids, ...page.items.map((it) => it.id)])];
      this.next = page.next;
      this.problem = undefined;
    } catch (error) {
      this.problem = asProblem(error);
    }
    this.changed();
  });

  clear(): void {
    this.#ids = [];
    this.#known.clear();
    this.problems.clear();
    this.next = null;
    this.readAt = undefined;
    this.problem = undefined;
    this.changed();
  }

  #keepNewest(alert: Alert): void {
    const known = this.#known.get(alert.id);
    this.#known.set(alert.id, known ? moreAdvanced(known, alert) : alert);
  }
}
