import { asProblem, type ApiProblem } from '../../shared/problem.js';
import type { Notices } from '../shell/notices.js';
import { Observable } from '../../shared/observable.js';
import { t } from '../shell/strings.js';
import { AlertTeller } from './alert-messages.js';
import { AlertStore } from './alert-store.js';
import { Composer } from './composer.js';
import type { Alert } from './contract.js';
import { isRunning } from './progress.js';
import { Dispatch, HOLD_SECONDS, type Sent } from './send-with-undo.js';

/** The place in the address of an alert that is being written. */
export const NEW = 'new';

/** So often the figures of a running alert are read, hints or not. */
const WATCH_MS = 2000;

interface AlertCallbacks {
  /** Opens an alert, as a step in the browser's history or in place of the present one. */
  visit: (alertId: string | null) => void;
  go: (alertId: string | null) => void;
  speak: (text: string) => void;
  /** The server refused the session or the role: it is read again. */
  refused: () => Promise<void>;
}

/** The room of alerts and its verbs: write, check, send, undo, stop. */
export class AlertDesk extends Observable {
  readonly store = new AlertStore();
  readonly composer = new Composer();
  readonly dispatch = new Dispatch(this.store, (sent) => this.#ended(sent));
  /** The alert in view, `NEW`, or none. */
  openId: string | null = null;
  readonly #teller: AlertTeller;
  #shown = false;
  #watch: ReturnType<typeof setTimeout> | undefined;
  /** What an ended session left unsent, and whose it was. */
  #unsent: { accountId: string; alert: Alert } | undefined;
  #accountId: string | undefined;

  constructor(
    notices: Notices,
    private readonly ways: AlertCallbacks,
  ) {
    super();
    this.#teller = new AlertTeller(notices, {
      send: (alert) => void this.dispatch.send(alert),
      putBack: () => {
        this.composer.putBack();
        ways.go(NEW);
      },
    });
    for (const it of [this.store, this.composer, this.dispatch]) it.onChange(() => this.#changed());
  }

  get open(): Alert | undefined {
    return this.store.find(this.openId);
  }

  /** The title of an alert that was not sent because the session had ended. */
  get unsent(): string | undefined {
    return this.#unsent?.alert.title;
  }

  /** An editor sits down; what they left unsent is theirs to send. */
  begin(accountId: string): void {
    this.#accountId = accountId;
    this.composer.startFor(accountId);
    const unsent = this.#unsent;
    this.#unsent = undefined;
    if (unsent?.accountId === accountId)
      this.#teller.say('warn', t('alert.unsentAfterAll', { title: unsent.alert.title }));
  }

  /** Nothing of it stays in the page of somebody who has signed out, and nothing goes in their name. */
  leave(): void {
    const held = this.dispatch.undo();
    if (held && this.#accountId) this.#unsent = { accountId: this.#accountId, alert: held };
    this.#accountId = undefined;
    clearTimeout(this.#watch);
    this.#watch = undefined;
    this.#shown = false;
    this.openId = null;
    this.store.clear();
    this.composer.leave();
  }

  /** The room is entered, or another alert in it is opened. */
  show(alertId: string | null): void {
    const entered = !this.#shown;
    const moved = alertId !== this.openId;
    this.#shown = true;
    this.openId = alertId;
    if (entered) void this.store.refresh();
    void this.composer.readTopics();
    // Whom it reaches is counted anew for whoever is about to send it.
    if (moved && alertId && alertId !== NEW) void this.store.read(alertId);
    this.#changed();
  }

  hide(): void {
    this.#shown = false;
    this.#changed();
  }

  /** A hint, or the timer in its place: what is in view is read again. */
  async told(): Promise<void> {
    if (!this.#accountId || (!this.#shown && !this.store.running.length)) return;
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
    if (to) this.ways.go(to);
  }

  write(): void {
    this.ways.visit(NEW);
  }

  /** Checks what is written and opens it to be sent. */
  async check(): Promise<void> {
    const alert = await this.composer.check();
    if (!alert) {
      const { problem } = this.composer;
      if (problem?.status === 401 || problem?.status === 403) await this.ways.refused();
      return;
    }
    this.#teller.clear();
    this.store.take(alert);
    this.ways.visit(alert.id);
    this.ways.speak(t('alert.checkedSpoken', { n: alert.audience }));
  }

  /** Takes the words of the open alert into the form. */
  edit(): void {
    const { open } = this;
    if (!open || this.dispatch.holding || this.dispatch.asking) return;
    this.composer.load(open);
    if (this.composer.replaced) this.#teller.offerReplaced();
    this.ways.visit(NEW);
  }

  empty(): void {
    this.composer.empty();
    if (this.composer.replaced) this.#teller.offerReplaced();
  }

  /** Sends the open alert, after the wait in which it can be undone. */
  send(): void {
    const { open } = this;
    if (!open?.audience || !this.dispatch.begin(open)) return;
    this.#teller.clear();
    this.ways.speak(t('alert.holdSpoken', { n: HOLD_SECONDS }));
  }

  /** @returns whether there was something to undo */
  undo(): boolean {
    const alert = this.dispatch.undo();
    if (!alert) return false;
    this.#teller.say('good', t('alert.undone', { title: alert.title }));
    return true;
  }

  async stop(alert = this.open): Promise<void> {
    if (alert?.state !== 'sending' || this.dispatch.asking) return;
    try {
      const stopped = await this.dispatch.stop(alert);
      if (stopped?.state === 'sent') this.#teller.say('plain', t('alert.stopLate'));
      else this.ways.speak(t('alert.stoppedSpoken'));
    } catch (error) {
      const problem = asProblem(error);
      await this.store.read(alert.id);
      this.#teller.failed('alert.stopFailed', problem, () => void this.stop(alert));
      await this.#maybeRefused(problem);
    }
  }

  /** Takes back an alert that was never sent. */
  async discard(alert = this.open): Promise<void> {
    if (alert?.state !== 'draft' || this.dispatch.holding || this.dispatch.asking) return;
    try {
      const taken = await this.dispatch.stop(alert);
      // Where a colleague had just begun to send it, this has stopped it: the report says how far it came.
      if (!taken?.sentAt) this.#teller.say('good', t('alert.discarded', { title: alert.title }));
    } catch (error) {
      const problem = asProblem(error);
      await this.store.read(alert.id);
      this.#teller.failed('alert.discardFailed', problem, () => void this.discard(alert));
      await this.#maybeRefused(problem);
    }
  }

  #ended(sent: Sent): void {
    this.#teller.ended(sent);
    if (sent.kind === 'refused') {
      if (sent.problem.status === 401 && this.#accountId)
        this.#unsent = { accountId: this.#accountId, alert: sent.alert };
      return void this.#maybeRefused(sent.problem);
    }
    if (sent.kind === 'sent') this.ways.speak(t('alert.sendingSpoken'));
    if (sent.kind !== 'unsure' && sent.alert?.sentAt) this.composer.sent(sent.alert.id);
  }

  async #maybeRefused({ status }: ApiProblem): Promise<void> {
    if (status === 401 || status === 403) await this.ways.refused();
  }

  /** Every change is told on, and while an alert runs its figures are read. */
  #changed(): void {
    this.changed();
    if (this.#watch || !this.#accountId || !this.store.running.length) return;
    this.#watch = setTimeout(() => {
      void this.told().finally(() => {
        this.#watch = undefined;
        this.#changed();
      });
    }, WATCH_MS);
  }
}
