import { asProblem, type ApiProblem } from '../../shared/problem.js';
import type { ViewNotices } from '../shell/notices.js';
import { Observable } from '../../shared/observable.js';
import { t } from './words.js';
import { AlertMessages } from './alert-messages.js';
import { AlertStore } from './alert-store.js';
import { Composer } from './composer.js';
import type { Alert } from './contract.js';
import { isRunning } from './progress.js';
import { SendWithUndo, HOLD_SECONDS, type SendResult } from './send-with-undo.js';

/** Stands in the address for the id of an alert that is being written. */
export const NEW = 'new';

/** The figures of a running alert are read this often, whether or not live events arrive. */
const RUNNING_POLL_MS = 2000;

interface AlertCallbacks {
  /** Opens an alert as a new step of the browser's history. */
  push: (alertId: string | null) => void;
  /** Opens an alert in place of the present step. */
  replace: (alertId: string | null) => void;
  announce: (text: string) => void;
  /** The server refused the session or the role, so the session is read again. */
  refused: () => Promise<void>;
}

/** The alerts and what an editor does with them: write, check, send, undo, stop, discard. */
export class AlertDesk extends Observable {
  readonly store = new AlertStore();
  readonly composer = new Composer();
  readonly sender = new SendWithUndo(this.store, (result) => this.#finish(result));
  /** The id of the open alert, `NEW`, or null. */
  openId: string | null = null;
  readonly #messages: AlertMessages;
  #inView = false;
  #poll: ReturnType<typeof setTimeout> | undefined;
  /** The alert that was not sent because its session had ended. */
  #unsent: { accountId: string; alert: Alert } | undefined;
  #accountId: string | undefined;

  constructor(
    notices: ViewNotices,
    private readonly callbacks: AlertCallbacks,
  ) {
    super();
    this.#messages = new AlertMessages(notices, {
      send: (alert) => void this.sender.send(alert),
      putBack: () => {
        this.composer.putBack();
        callbacks.replace(NEW);
      },
    });
    for (const it of [this.store, this.composer, this.sender]) it.onChange(() => this.#changed());
  }

  get open(): Alert | undefined {
    return this.store.find(this.openId);
  }

  /** The title of an alert that was not sent because the session had ended. */
  get unsentTitle(): string | undefined {
    return this.#unsent?.alert.title;
  }

  /** Begins for an editor, who learns which of their alerts was not sent. */
  begin(accountId: string): void {
    this.#accountId = accountId;
    this.composer.startFor(accountId);
    const unsent = this.#unsent;
    this.#unsent = undefined;
    if (unsent?.accountId === accountId)
      this.#messages.show('warn', t('alert.unsentAfterAll', { title: unsent.alert.title }));
  }

  /** After a sign-out nothing is sent in the name of that account, and nothing of it stays in the page. */
  end(): void {
    const held = this.sender.undo();
    if (held && this.#accountId) this.#unsent = { accountId: this.#accountId, alert: held };
    this.#accountId = undefined;
    clearTimeout(this.#poll);
    this.#poll = undefined;
    this.#inView = false;
    this.openId = null;
    this.store.clear();
    this.composer.end();
  }

  /** The page is entered, or another of its alerts is opened. */
  show(alertId: string | null): void {
    const entered = !this.#inView;
    const moved = alertId !== this.openId;
    this.#inView = true;
    this.openId = alertId;
    if (entered) void this.store.refresh();
    void this.composer.readTopics();
    // An editor who is about to send it needs the present number of browsers.
    if (moved && alertId && alertId !== NEW) void this.store.read(alertId);
    this.#changed();
  }

  hide(): void {
    this.#inView = false;
    this.#changed();
  }

  /** Reads again what is in view, after a live event or by the timer in its place. */
  async refresh(): Promise<void> {
    if (!this.#accountId || (!this.#inView && !this.store.running.length)) return;
    const listed = new Set(this.store.items.map((it) => it.id));
    const { open } = this;
    await Promise.all([
      this.store.refresh(),
      open && isRunning(open) && !listed.has(open.id) ? this.store.read(open.id) : undefined,
    ]);
  }

  step(by: 1 | -1): void {
    const ids = this.store.items.map((it) => it.id);
    const at = ids.indexOf(this.openId ?? '');
    const to = ids[at < 0 ? 0 : at + by];
    if (to) this.callbacks.replace(to);
  }

  write(): void {
    this.callbacks.push(NEW);
  }

  /** Has the form checked, and opens the checked alert, ready to be sent. */
  async check(): Promise<void> {
    const alert = await this.composer.check();
    if (!alert) {
      const { problem } = this.composer;
      if (problem?.status === 401 || problem?.status === 403) await this.callbacks.refused();
      return;
    }
    this.#messages.clear();
    this.store.take(alert);
    this.callbacks.push(alert.id);
    this.callbacks.announce(t('alert.checkedSpoken', { n: alert.audience }));
  }

  /** Copies the text of the open alert into the form. */
  edit(): void {
    const { open } = this;
    if (!open || this.sender.holding || this.sender.request) return;
    this.composer.load(open);
    if (this.composer.replaced) this.#messages.offerPutBack();
    this.callbacks.push(NEW);
  }

  clear(): void {
    this.composer.clear();
    if (this.composer.replaced) this.#messages.offerPutBack();
  }

  /** Sends the open alert after a countdown that can be undone. */
  send(): void {
    const { open } = this;
    if (!open?.audience || !this.sender.begin(open)) return;
    this.#messages.clear();
    this.callbacks.announce(t('alert.holdSpoken', { n: HOLD_SECONDS }));
  }

  /** Undoes the countdown. @returns whether there was one */
  undo(): boolean {
    const alert = this.sender.undo();
    if (!alert) return false;
    this.#messages.showUndone(alert.title);
    return true;
  }

  async stop(alert = this.open): Promise<void> {
    if (alert?.state !== 'sending' || this.sender.request) return;
    try {
      const stopped = await this.sender.stop(alert);
      if (stopped?.state === 'sent') this.#messages.show('plain', t('alert.stopLate'));
      else this.callbacks.announce(t('alert.stoppedSpoken'));
    } catch (error) {
      const problem = asProblem(error);
      await this.store.read(alert.id);
      this.#messages.showFailure('alert.stopFailed', problem, () => void this.stop(alert));
      await this.#checkSession(problem);
    }
  }

  /** Discards an alert that was never sent. */
  async discard(alert = this.open): Promise<void> {
    if (alert?.state !== 'draft' || this.sender.holding || this.sender.request) return;
    try {
      const discarded = await this.sender.stop(alert);
      // If a colleague has just begun to send it, this has stopped it, and the report shows how far it came.
      if (!discarded?.sentAt) this.#messages.show('good', t('alert.discarded', { title: alert.title }));
    } catch (error) {
      const problem = asProblem(error);
      await this.store.read(alert.id);
      this.#messages.showFailure('alert.discardFailed', problem, () => void this.discard(alert));
      await this.#checkSession(problem);
    }
  }

  #finish(result: SendResult): void {
    this.#messages.showResult(result);
    if (result.kind === 'refused') {
      if (result.problem.status === 401 && this.#accountId)
        this.#unsent = { accountId: this.#accountId, alert: result.alert };
      return void this.#checkSession(result.problem);
    }
    if (result.kind === 'sent') this.callbacks.announce(t('alert.sendingSpoken'));
    if (result.kind !== 'unsure' && result.alert?.sentAt) this.composer.sent(result.alert.id);
  }

  async #checkSession({ status }: ApiProblem): Promise<void> {
    if (status === 401 || status === 403) await this.callbacks.refused();
  }

  /** Passes every change on, and reads the figures while an alert is being sent. */
  #changed(): void {
    this.changed();
    if (this.#poll || !this.#accountId || !this.store.running.length) return;
    this.#poll = setTimeout(() => {
      void this.refresh().finally(() => {
        this.#poll = undefined;
        this.#changed();
      });
    }, RUNNING_POLL_MS);
  }
}
