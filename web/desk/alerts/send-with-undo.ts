import { asProblem, type ApiProblem } from '../../shared/problem.js';
import { Observable } from '../../shared/observable.js';
import { cancel, send } from './alerts.api.js';
import type { AlertStore } from './alert-store.js';
import type { Alert } from './contract.js';

/** A push cannot be called back, so each waits this long in sight before it goes. */
export const HOLD_SECONDS = 5;

/** How a sending ended: `sent` and `already` have one alert on its way, `unsure` is asked again without harm. */
export type Sent =
  | { kind: 'sent'; alert: Alert }
  | { kind: 'already'; alert: Alert | undefined }
  | { kind: 'refused'; alert: Alert; problem: ApiProblem }
  | { kind: 'unsure'; alert: Alert; problem: ApiProblem };

/** Holds an alert for a few seconds, sends it once, and stops it. */
export class Dispatch extends Observable {
  /** The alert that goes next, and the seconds in which it can still be undone. */
  holding: { alert: Alert; left: number } | undefined;
  /** What is being asked of the server now. */
  asking: { id: string; verb: 'send' | 'cancel' } | undefined;
  #tick: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly store: AlertStore,
    private readonly ended: (sent: Sent) => void,
  ) {
    super();
  }

  /** Starts the wait. @returns whether it did: one alert at a time, and a second press changes nothing */
  begin(alert: Alert): boolean {
    if (this.holding || this.asking || alert.state !== 'draft') return false;
    this.holding = { alert, left: HOLD_SECONDS };
    this.#count();
    this.changed();
    return true;
  }

  /** @returns the alert that stays, or undefined where none was held */
  undo(): Alert | undefined {
    const alert = this.holding?.alert;
    clearTimeout(this.#tick);
    this.holding = undefined;
    this.changed();
    return alert;
  }

  /** Ends the wait at once. */
  async go(): Promise<void> {
    const alert = this.undo();
    if (alert) await this.send(alert);
  }

  /** Sends without a wait: after it, or once more where no answer came. */
  async send(alert: Alert): Promise<void> {
    if (this.asking) return;
    this.ended(await this.#ask(alert.id, 'send', () => this.#send(alert)));
  }

  /** Keeps back what has not gone. @returns how it stands then. Rejects with a problem. */
  async stop(alert: Alert): Promise<Alert | undefined> {
    if (this.asking) return undefined;
    return this.#ask(alert.id, 'cancel', async () => {
      const stopped = await cancel(alert.id);
      this.store.take(stopped);
      return stopped;
    });
  }

  #count(): void {
    this.#tick = setTimeout(() => {
      if (!this.holding) return;
      this.holding.left -= 1;
      if (this.holding.left <= 0) return void this.go();
      this.#count();
      this.changed();
    }, 1000);
  }

  async #ask<T>(id: string, verb: 'send' | 'cancel', run: () => Promise<T>): Promise<T> {
    this.asking = { id, verb };
    this.changed();
    try {
      return await run();
    } finally {
      this.asking = undefined;
      this.changed();
    }
  }

  async #send(alert: Alert): Promise<Sent> {
    try {
      const sending = await send(alert.id);
      this.store.take(sending);
      return { kind: 'sent', alert: sending };
    } catch (error) {
      const problem = asProblem(error);
      if (problem.status === 401 || problem.status === 403) return { kind: 'refused', alert, problem };
      // A colleague was first, or the answer was lost on its way: the alert itself knows.
      const now = await this.store.read(alert.id);
      if (problem.code === 'alert.already_sent') return { kind: 'already', alert: now };
      if (!now) return { kind: 'unsure', alert, problem };
      if (now.state === 'draft' || problem.status) return { kind: 'refused', alert: now, problem };
      return { kind: 'sent', alert: now };
    }
  }
}
