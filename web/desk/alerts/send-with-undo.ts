import { asProblem, type ApiProblem } from '../../shared/problem.js';
import { Observable } from '../../shared/observable.js';
import { cancel, send } from './alerts.api.js';
import type { AlertStore } from './alert-store.js';
import type { Alert } from './contract.js';

/** An alert that was sent cannot be called back, so the editor can undo it for this long. */
export const HOLD_SECONDS = 5;

/**
 * How sending ended. After `sent` and `already` the alert is on its way; `unsure` means that no answer came, and that
 * trying again does no harm.
 */
export type SendResult =
  | { kind: 'sent'; alert: Alert }
  | { kind: 'already'; alert: Alert | undefined }
  | { kind: 'refused'; alert: Alert; problem: ApiProblem }
  | { kind: 'unsure'; alert: Alert; problem: ApiProblem };

/** Holds an alert for a few seconds, sends it once, and can stop it. */
export class SendWithUndo extends Observable {
  /** The alert that is sent next, and the seconds that are left to undo it. */
  holding: { alert: Alert; left: number } | undefined;
  /** The request that is under way. */
  request: { id: string; verb: 'send' | 'cancel' } | undefined;
  #tick: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly store: AlertStore,
    private readonly onResult: (result: SendResult) => void,
  ) {
    super();
  }

  /** Starts the countdown. @returns false if an alert is held or sent already, or this one is not a draft */
  begin(alert: Alert): boolean {
    if (this.holding || this.request || alert.state !== 'draft') return false;
    this.holding = { alert, left: HOLD_SECONDS };
    this.#countDown();
    this.changed();
    return true;
  }

  /** Ends the countdown without sending. @returns the held alert, or undefined if none was held */
  undo(): Alert | undefined {
    const alert = this.holding?.alert;
    clearTimeout(this.#tick);
    this.holding = undefined;
    this.changed();
    return alert;
  }

  /** Sends the held alert without waiting for the rest of the countdown. */
  async sendNow(): Promise<void> {
    const alert = this.undo();
    if (alert) await this.send(alert);
  }

  /** Sends at once: after the countdown, or again if no answer came. */
  async send(alert: Alert): Promise<void> {
    if (this.request) return;
    this.onResult(await this.#run(alert.id, 'send', () => this.#send(alert)));
  }

  /** Stops the messages that have not been sent yet. @returns the alert after that. Rejects with a problem. */
  async stop(alert: Alert): Promise<Alert | undefined> {
    if (this.request) return undefined;
    return this.#run(alert.id, 'cancel', async () => {
      const stopped = await cancel(alert.id);
      this.store.take(stopped);
      return stopped;
    });
  }

  #countDown(): void {
    this.#tick = setTimeout(() => {
      if (!this.holding) return;
      this.holding.left -= 1;
      if (this.holding.left <= 0) return void this.sendNow();
      this.#countDown();
      this.changed();
    }, 1000);
  }

  async #run<T>(id: string, verb: 'send' | 'cancel', run: () => Promise<T>): Promise<T> {
    this.request = { id, verb };
    this.changed();
    try {
      return await run();
    } finally {
      this.request = undefined;
      this.changed();
    }
  }

  async #send(alert: Alert): Promise<SendResult> {
    try {
      const sending = await send(alert.id);
      this.store.take(sending);
      return { kind: 'sent', alert: sending };
    } catch (error) {
      const problem = asProblem(error);
      if (problem.status === 401 || problem.status === 403) return { kind: 'refused', alert, problem };
      // A colleague was first, or the answer was lost: the alert's own state tells which.
      const now = await this.store.read(alert.id);
      if (problem.code === 'alert.already_sent') return { kind: 'already', alert: now };
      if (!now) return { kind: 'unsure', alert, problem };
      if (now.state === 'draft' || problem.status) return { kind: 'refused', alert: now, problem };
      return { kind: 'sent', alert: now };
    }
  }
}
