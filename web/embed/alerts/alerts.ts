import { ApiProblem, asProblem } from '../../shared/problem.js';
import { session } from '../common/page.js';
import { BrowserSubscription, stateOf, isGone } from './subscribe-browser.js';
import { AlertStorage } from './alert-storage.js';
import { keyOf } from '../../shared/push/push-key.js';
import { fingerprintOf, unsubscribe } from './push-manager.js';
import { pushApi, type Topic } from './push.api.js';
import { supportOf, type Support, type BrowserWindow } from './support.js';
import { AlertsError, asTrouble, type AlertsTrouble } from './trouble.js';
import { VisitCheck } from './visit-check.js';
import { activeWorker, registerWorker } from './worker.js';

/** What is so, whatever is open on the page. `on`: this browser is subscribed. */
export type AlertPermission = 'unsupported' | 'default' | 'on' | 'denied' | 'revoked';
/** What is being waited for. */
type Phase = 'asking' | 'subscribing' | 'slow' | 'saving';

/** Rostra hears of a subscription at least this often, so that it knows which ones live. */
const RENEW_MS = 86_400_000;

/**
 * Alerts in this browser: one for all elements of the page. It never asks the browser's question by itself; `switchOn`
 * must be called in a click. What the reader chose is kept true by itself: see `repair`.
 */
class Alerts {
  readonly support: Support = supportOf(window as unknown as BrowserWindow);
  readonly storage = new AlertStorage(() => localStorage);
  readonly #subscription = new BrowserSubscription(this.storage);
  permission: AlertPermission = 'default';
  phase: Phase | undefined;
  trouble: AlertsTrouble | undefined;
  topics: Topic[] | undefined;
  topicsProblem: ApiProblem | undefined;
  #file = '';
  #started = false;
  readonly #visitCheck = new VisitCheck(() => sessionStorage);
  readonly #listeners = new Set<() => void>();
  /** One piece of work after another: two at once could make two subscriptions. */
  #queue: Promise<unknown> = Promise.resolve();
  #runs = 0;

  /** @param file the publisher's service worker; the page's first element names it */
  start(file: string): void {
    if (this.#started) return;
    this.#started = true;
    this.#file = file;
    this.#updatePermission();
    if (this.support !== 'yes') return;
    const refresh = () => this.#refresh();
    addEventListener('focus', refresh);
    addEventListener('online', refresh);
    document.addEventListener('visibilitychange', refresh);
    addEventListener('storage', (event) => AlertStorage.isOurs(event) && refresh());
    session.onChange(refresh);
    navigator.permissions?.query({ name: 'notifications' }).then(
      (status) => status.addEventListener('change', refresh),
      () => undefined, // a browser that cannot be asked: focus tells
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

  /** The reader means it: a worker that is missing is noticed now, before the browser has asked its question. */
  prepare(): Promise<void> {
    return this.#run(undefined, async () => void (await registerWorker(this.#file)));
  }

  /** Asks the browser's question and subscribes. Call it in the click itself: browsers allow the question only there. */
  switchOn(topics: string[]): Promise<void> {
    const granted = Notification.permission === 'granted';
    const answer = Notification.requestPermission();
    return this.#run(granted ? 'subscribing' : 'asking', async () => {
      const permission = await answer;
      if (permission === 'default') throw new AlertsError({ kind: 'undecided' });
      if (permission !== 'granted') return; // the standing says it
      this.#setPhase('subscribing');
      await this.#subscription.subscribe(await registerWorker(this.#file), topics, this.#progress);
    });
  }

  /** Other topics for the same subscription. */
  setTopics(topics: string[]): Promise<void> {
    return this.#run('saving', async () => {
      const { id } = this.storage.read();
      try {
        if (id) this.storage.write({ topics: (await pushApi.setTopics(id, topics)).topics });
      } catch (error) {
        if (!isGone(error)) throw error;
        await this.#subscription.subscribe(await registerWorker(this.#file), topics, this.#progress);
      }
    });
  }

  /** Off is off at once: what Rostra could not be told is told at the next visit. */
  switchOff(): Promise<void> {
    return this.#run('saving', async () => {
      this.#subscription.end({ dismissals: 1, dismissedAt: Date.now() });
      await unsubscribe(await activeWorker(this.#file));
      await this.#subscription.deleteEnded();
    });
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

  /** After trouble: once more, now. */
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

  /** What the browser allows now, and what was on before. */
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

  /**
   * Browsers lose subscriptions, keys change, Rostra drops what a push service called gone, readers sign in and out. So
   * every visit compares, and every page what costs no request: what differs is made anew and told again.
   */
  async #repair(): Promise<void> {
    await this.#subscription.deleteEnded();
    const { id, topics, print, account, toldAt = 0 } = this.storage.read();
    if (!id || Notification.permission !== 'granted') return;
    await session.ready;
    const worker = await activeWorker(this.#file);
    const subscription = await worker?.pushManager.getSubscription();
    const lost = !worker || !subscription;
    let fits = !lost && (await fingerprintOf(subscription)) === print;
    fits &&= session.account === undefined || (session.account?.id ?? null) === account;
    fits &&= Date.now() - toldAt < RENEW_MS;
    if (fits && !this.#visitCheck.isDue()) return;
    try {
      if (fits && keyOf(subscription!) === (await pushApi.key())) {
        const state = await stateOf(id);
        // The push service has ended it, which a browser does not always hear: told again it would end again.
        if (state === 'gone') await subscription!.unsubscribe();
        fits = state === 'active';
      } else fits = false;
      if (!fits)
        await this.#subscription.subscribe(worker ?? (await registerWorker(this.#file)), topics, this.#progress);
      this.#visitCheck.checked();
      this.trouble = undefined;
    } catch (error) {
      // With the subscription in place alerts go on arriving, and nobody need be told.
      if (lost) this.trouble = asTrouble(error);
    }
    this.#updatePermission();
    this.#changed();
  }

  async #run(phase: Phase | undefined, work: () => Promise<void>): Promise<void> {
    const run = (this.#runs += 1);
    this.trouble = undefined;
    this.#setPhase(phase);
    try {
      await this.#enqueue(work);
    } catch (error) {
      this.trouble = asTrouble(error);
    }
    if (run === this.#runs) this.phase = undefined; // else a later one is being waited for
    this.#updatePermission();
    this.#changed();
  }

  #enqueue(work: () => Promise<void>): Promise<void> {
    const mine = this.#queue.then(work);
    this.#queue = mine.catch(() => undefined);
    return mine;
  }

  /** What is told of waiting, where somebody waits: healing goes on unseen. */
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
