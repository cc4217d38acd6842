import { ApiProblem, asProblem } from '../../shared/problem.js';
import { session } from '../common/page.js';
import { AlertStorage } from './alert-storage.js';
import { letWorkerLead } from './led-by-worker.js';
import { pushApi, type Topic } from './push.api.js';
import { BrowserSubscription } from './subscribe-browser.js';
import { supportOf, type Support, type BrowserWindow } from './support.js';
import { AlertsError, asTrouble, type AlertsTrouble } from './trouble.js';
import { VisitCheck } from './visit-check.js';
import { VisitRepair } from './visit-repair.js';
import { checkWorker, findWorker, registerWorker, retireFormerWorkers } from './worker.js';

/** The state of alerts, whatever panel is open. `on` means that this browser is subscribed. */
export type AlertPermission = 'unsupported' | 'default' | 'on' | 'denied' | 'revoked';
/** The step that is in progress. */
type Phase = 'asking' | 'subscribing' | 'slow' | 'saving';

/**
 * Manages alerts in this browser for all elements of the page. It never asks for the browser's permission by itself;
 * `switchOn` must be called in a click. `repair` restores what the reader chose when the browser lost it.
 */
class Alerts {
  readonly support: Support = supportOf(window as unknown as BrowserWindow);
  readonly storage = new AlertStorage(() => localStorage);
  readonly #subscription = new BrowserSubscription(this.storage, () => session.account?.id ?? null);
  readonly #visitRepair = new VisitRepair(this.storage, this.#subscription, new VisitCheck(() => sessionStorage));
  permission: AlertPermission = 'default';
  phase: Phase | undefined;
  trouble: AlertsTrouble | undefined;
  topics: Topic[] | undefined;
  topicsProblem: ApiProblem | undefined;
  #file = '';
  #started = false;
  readonly #listeners = new Set<() => void>();
  /** Runs one piece of work after another, because two at once could make two subscriptions. */
  #queue: Promise<unknown> = Promise.resolve();
  #runs = 0;

  /** @param file the publisher's service worker; the first element that names one decides */
  start(file: string): void {
    this.#file ||= file;
    if (this.#started) return;
    this.#started = true;
    this.#updatePermission();
    if (this.support !== 'yes') return;
    letWorkerLead();
    const refresh = () => this.#refresh();
    addEventListener('focus', refresh);
    addEventListener('online', refresh);
    document.addEventListener('visibilitychange', refresh);
    addEventListener('storage', (event) => AlertStorage.isOurs(event) && refresh());
    session.onChange(refresh);
    navigator.permissions?.query({ name: 'notifications' }).then(
      (status) => status.addEventListener('change', refresh),
      () => undefined, // This browser cannot be asked; the focus event refreshes instead.
    );
    void this.storage.syncFromWorker().then(refresh);
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  get chosen(): string[] {
    return this.storage.read().topics;
  }

  async loadTopics(): Promise<void> {
    if (this.topics) return;
    this.topicsProblem = undefined;
    try {
      this.topics = await pushApi.topics();
    } catch (error) {
      this.topicsProblem = asProblem(error);
    }
    this.#changed();
  }

  /** Registers the worker early, so that a missing one is noticed before the browser asks for permission. */
  prepare(): Promise<void> {
    return this.#run(undefined, async () => void (await registerWorker(this.#file)));
  }

  /**
   * Asks for the browser's permission and subscribes. Call it in the click itself, because browsers allow the question
   * only there.
   */
  switchOn(topics: string[]): Promise<void> {
    const granted = Notification.permission === 'granted';
    const answer = Notification.requestPermission();
    return this.#run(granted ? 'subscribing' : 'asking', async () => {
      const permission = await answer;
      if (permission === 'default') throw new AlertsError({ kind: 'undecided' });
      if (permission !== 'granted') return; // `permission` shows the refusal.
      this.#setPhase('subscribing');
      await this.#subscribe(await registerWorker(this.#file), topics);
    });
  }

  /** Changes the topics of the subscription. */
  setTopics(topics: string[]): Promise<void> {
    return this.#run('saving', async () => {
      const { print } = this.storage.read();
      if (!(await this.#subscription.setTopics(topics)))
        await this.#subscribe(await registerWorker(this.#file), topics, print);
    });
  }

  /** Switches alerts off at once. A deletion that does not reach Rostra is repeated at the next visit. */
  switchOff(): Promise<void> {
    return this.#run('saving', () => this.#subscription.switchOff(() => findWorker(this.#file)));
  }

  dismiss(): void {
    this.storage.dismiss();
    this.trouble = undefined;
    this.#refresh();
  }

  clearTrouble(): void {
    this.trouble = undefined;
    this.#changed();
  }

  /** Tries again after a failure. */
  retry(): void {
    this.clearTrouble();
    this.#refresh();
  }

  #refresh(): void {
    if (document.visibilityState !== 'visible') return;
    this.#updatePermission();
    this.#changed();
    void this.#enqueue(() => this.#repair()).catch(() => undefined);
  }

  /** Derives the state from the browser's permission and from what was stored. */
  #updatePermission(): void {
    if (this.support !== 'yes') {
      this.permission = 'unsupported';
      return;
    }
    const { permission } = Notification;
    if (permission !== 'granted' && this.storage.read().id) this.#subscription.end({ revoked: true });
    const { id, revoked } = this.storage.read();
    if (permission !== 'granted' && revoked) this.permission = 'revoked';
    else if (permission === 'denied') this.permission = 'denied';
    else this.permission = id ? 'on' : 'default';
  }

  /** Restores what the reader chose when the browser, the push service or Rostra lost it. */
  async #repair(): Promise<void> {
    if (Notification.permission !== 'granted') return this.#subscription.deleteEnded();
    await session.ready;
    const trouble = await this.#visitRepair.run({
      account: session.account === undefined ? undefined : (session.account?.id ?? null),
      worker: () => findWorker(this.#file),
      register: () => registerWorker(this.#file),
      check: (registration) => checkWorker(registration, this.#file),
      subscribe: (registration, ended) => this.#subscribe(registration, undefined, ended),
    });
    if (trouble === undefined) return;
    this.trouble = trouble ?? undefined;
    this.#updatePermission();
    this.#changed();
  }

  async #subscribe(registration: ServiceWorkerRegistration, topics?: string[], ended?: string): Promise<void> {
    await this.#subscription.subscribe(registration, topics, this.#progress, ended);
    await retireFormerWorkers(this.#file).catch(() => undefined);
  }

  async #run(phase: Phase | undefined, work: () => Promise<void>): Promise<void> {
    const run = (this.#runs += 1);
    this.trouble = undefined;
    this.#setPhase(phase);
    try {
      await this.#enqueue(work);
      // A check in the background may have failed meanwhile, before this work.
      this.trouble = undefined;
    } catch (error) {
      this.trouble = asTrouble(error);
    }
    // A later run may still be in progress and then owns the phase.
    if (run === this.#runs) this.phase = undefined;
    this.#updatePermission();
    this.#changed();
  }

  #enqueue(work: () => Promise<void>): Promise<void> {
    const mine = this.#queue.then(work);
    this.#queue = mine.catch(() => undefined);
    return mine;
  }

  /** Shows progress only when the reader waits; a repair runs in the background. */
  readonly #progress = (phase: Phase) => {
    if (this.phase) this.#setPhase(phase);
  };

  #setPhase(phase: Phase | undefined): void {
    this.phase = phase;
    this.#changed();
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}

export const alerts = new Alerts();
